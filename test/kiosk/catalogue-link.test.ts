import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Event } from '../../src/circulation/event.js';
import { ledgerRules } from '../../src/circulation/ledger-rules.js';
import { openJournal } from '../../src/journal/open.js';
import { kioskId, lockerNo, passId, visitNo } from '../../src/kernel/ids.js';
import { type Clock, epochMs } from '../../src/kernel/time.js';
import { type BrokerKind, street as ofStreet, openBrokers } from '../support/brokers.js';
import { book, startCatalogue, stocked, kiosk as there, wang } from '../support/catalogue.js';
import { trustedClock } from '../support/clocks.js';
import { startKiosk } from '../support/street-kiosk.js';
import { until } from '../support/until.js';

const here = kioskId('jn-02');
const policy = {
  loanDays: 14,
  loanDaysOfClass: {},
  closedDays: [],
  loansPerPatron: 4,
  loansPerPatronOffline: 1,
  renewals: 2,
};
const at = { visit: visitNo(7), locker: lockerNo(1) };
const lent: readonly Event[] = [
  { type: 'checkout-intended', ...at, item: book, patron: wang },
  { type: 'item-lent', ...at, item: book, patron: wang, dueAt: epochMs(9e12), dueProvisional: false },
  { type: 'checkout-completed', ...at, door: 'closed' },
];
const returned: Event = {
  type: 'item-returned',
  visit: visitNo(1),
  locker: lockerNo(3),
  item: book,
  door: 'closed',
};

// The tests wait more than they work.
t.jobs = 4;

/** What holds whichever broker is between kiosk and catalogue. */
function overAll(name: string, body: (t: Test, kind: BrokerKind) => Promise<void>) {
  for (const kind of [...openBrokers, ofStreet]) t.test(`${name}: ${kind.name}`, (t) => body(t, kind));
}

overAll('what the catalogue decides the core knows, and knows offline after a restart', async (t, kind) => {
  const street = await startCatalogue(t, kind);
  const { catalogue, broker } = street;
  const first = startKiosk(t, street, there, [stocked(1)]);
  await until(() => first.kiosk.state.online, 'the catalogue to answer');
  const hold = catalogue.placeHold({ kiosk: there, item: book, patron: wang, until: epochMs(9e12) });
  const released = catalogue.placeHold({ kiosk: there, item: book, patron: wang, until: epochMs(9e12) });
  await until(() => first.kiosk.state.ledger.holds.size === 2, 'the holds');
  catalogue.releaseHold(released);
  catalogue.setBlocked(wang, true);
  catalogue.revokePass(passId('00000000000000f1'));
  catalogue.setWanted(book, true);
  catalogue.setPolicy(policy);
  const knows = ({ kiosk: { state } }: typeof first) =>
    state.directory.blocked.has(wang) &&
    state.directory.revoked.size === 1 &&
    state.directory.wanted.has(book) &&
    state.policy.loanDays === 14 &&
    [...state.ledger.holds.keys()].join() === hold;
  await until(() => knows(first), 'all of it');
  await first.close();
  await broker.kill();
  const again = startKiosk(t, street, there);
  t.ok(knows(again));
  t.equal(again.kiosk.state.online, false);
});

overAll('a book that came back elsewhere is on loan from its own kiosk no more', async (t, kind) => {
  const street = await startCatalogue(t, kind);
  const { catalogue } = street;
  const lender = startKiosk(t, street, there, [stocked(1), ...lent]);
  await until(lender.all, 'the loan to be told');
  t.equal(catalogue.loansOf(wang).length, 1);
  const other = startKiosk(t, street, here, [returned]);
  await until(() => lender.kiosk.state.ledger.loans.size === 0, 'the lender to hear of it');
  await until(() => lender.all() && other.all(), 'all to be told');
  t.match(lender.journal.read(lender.journal.lastPosition(), 1), [
    { event: { type: 'loan-closed', item: book, visit: 7 } },
  ]);
  t.match(catalogue.documentFor('returns', there)?.body, { returns: [] }, 'which the catalogue knows');
  t.strictSame([catalogue.loansOf(wang), catalogue.whereIs(book)], [[], { kiosk: here, locker: 3 }]);
  t.strictSame(lender.journal.rebuild(), lender.journal.load());
});

t.test('a kiosk that was offline receives the return when it reconnects', async (t) => {
  const street = await startCatalogue(t);
  const { catalogue } = street;
  const other = startKiosk(t, street, here, [returned]);
  await until(other.all, 'the return to be told');
  const past: Clock = { now: () => ({ ...trustedClock.now(), calendarMs: epochMs(1_000) }) };
  const journal = openJournal({ file: join(t.testdirName, `${there}.db`), ...ledgerRules });
  journal.append(past.now(), [stocked(1), ...lent]);
  journal.close();
  const lender = startKiosk(t, street, there);
  t.equal(lender.kiosk.state.ledger.loans.size, 1, 'it believes in its loan');
  await until(() => lender.kiosk.state.ledger.loans.size === 0, 'it to hear of the return');
  await until(lender.all, 'it to say so');
  t.strictSame(catalogue.whereIs(book), { kiosk: here, locker: 3 });
  t.match(catalogue.documentFor('returns', there)?.body, { returns: [] });
});
