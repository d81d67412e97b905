import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Event } from '../../src/circulation/event.js';
import { ledgerRules } from '../../src/circulation/ledger-rules.js';
import type { Journal } from '../../src/journal/journal.js';
import { openJournal } from '../../src/journal/open.js';
import { itemId, lockerNo, patronId, visitNo } from '../../src/kernel/ids.js';
import { silentLog } from '../../src/kernel/log.js';
import { epochMs } from '../../src/kernel/time.js';
import { createLink } from '../../src/link/link.js';
import { createKeyRing, loadVerifyingKey } from '../../src/passes/keys.js';
import { createSeals } from '../../src/passes/seal.js';
import { kiosk, startCatalogue, stocked, street } from '../support/catalogue.js';
import { momentAt } from '../support/clocks.js';
import { kioskKey } from '../support/keys.js';
import { until } from '../support/until.js';

const first = itemId('30106000000017');
const second = itemId('30106000000025');
const moment = (at: number) => momentAt(Date.UTC(2026, 10, 23) + at);

/** A book taken out of a locker by patron `who`. */
function lent(visit: number, locker: number, item: typeof first, who: string): Event[] {
  const at = { visit: visitNo(visit), locker: lockerNo(locker) };
  const patron = patronId(who.repeat(16));
  return [
    { type: 'checkout-intended', ...at, item, patron },
    { type: 'item-lent', ...at, item, patron, dueAt: epochMs(1e12), dueProvisional: false },
    { type: 'checkout-completed', ...at, door: 'closed' },
  ];
}

/** A kiosk with a catalogue of its own, whose SD card can be copied and put back. */
async function kioskWithCatalogue(t: Test) {
  const { catalogue, broker, kept } = await startCatalogue(t);
  const file = join(t.testdirName, 'journal.db');
  const over: string[] = [];
  /** Switches the kiosk on; resolves once the catalogue has all that it has. */
  const run = async (events: readonly Event[], rewound = false): Promise<Journal> => {
    const journal = openJournal({ file, ...ledgerRules });
    for (const event of events) journal.append(moment(journal.lastPosition()), [event]);
    const before = journal.epoch;
    const link = createLink({
      url: broker.url,
      street,
      kiosk,
      journal,
      log: silentLog,
      seals: createSeals(
        () => kioskKey,
        () => createKeyRing(catalogue.publicKeys().map(loadVerifyingKey)),
      ),
      onCommand: () => null,
      onRequest: () => null,
      onDocument: () => undefined,
      onReached: () => undefined,
      onOnline: () => undefined,
      onEpochOver(why, known) {
        over.push(`${why} ${known}`);
        journal.beginEpoch(moment(99), known);
      },
    });
    t.teardown(() => journal.close());
    link.start();
    await until(
      () => (journal.epoch === before) !== rewound && journal.sentMark() === journal.lastPosition(),
      'all to arrive',
    );
    await link.close();
    t.strictSame(journal.rebuild(), journal.load());
    return journal;
  };
  return { catalogue, kept, file, run, over, copy: `${file}.copy` };
}

const stock = [stocked(1, first), stocked(2, second)];

t.test(
  'an old copy of the journal goes on in a new epoch, and nothing of either story is lost',
  async (t) => {
    const { catalogue, file, copy, run, over } = await kioskWithCatalogue(t);
    (await run([...stock, ...lent(1, 1, first, 'a')])).close();
    copyFileSync(file, copy);
    (await run(lent(2, 2, second, 'b'))).close();
    const before = catalogue.eventsOf(kiosk);
    t.equal(before.length, 8);

    copyFileSync(copy, file);
    const returned: Event[] = [
      { type: 'checkin-intended', visit: visitNo(2), locker: lockerNo(3), item: first },
      { type: 'checkin-opened', visit: visitNo(2), locker: lockerNo(3) },
      { type: 'item-returned', visit: visitNo(2), locker: lockerNo(3), item: first, door: 'closed' },
    ];
    const journal = await run(returned, true);
    t.strictSame(over, ['rewound 5']);
    const events = catalogue.eventsOf(kiosk);
    t.strictSame(events.slice(0, 8), before, 'the first story stays');
    t.strictSame(
      events.slice(8).map(({ event }) => event),
      [stocked(2, second), ...returned],
      'what stands where, and what happened since the copy',
    );
    t.strictSame(events.slice(8), journal.read(1, 100));
    t.equal(journal.load().nextVisit, 3);
    for (const [locker, item] of [
      [2, second],
      [3, first],
    ] as const) {
      t.match(catalogue.whereIs(item), { kiosk, locker }, `both say what stands in ${locker}`);
      t.equal(journal.load().lockers.get(lockerNo(locker))?.item, item);
    }
    journal.close();
    (await run([])).close();
    t.equal(catalogue.eventsOf(kiosk).length, 12, 'and it goes on in peace');
  },
);

t.test('an old journal copy without unsent events is recognised when it connects', async (t) => {
  const { file, copy, run, over } = await kioskWithCatalogue(t);
  (await run(stock)).close();
  copyFileSync(file, copy);
  (await run(lent(1, 2, second, 'b'))).close();
  copyFileSync(copy, file);
  t.equal((await run([], true)).lastPosition(), 2);
  t.strictSame(over, ['rewound 2']);
});

t.test('events that an old copy lists as unsent are not stored twice', async (t) => {
  const { catalogue, file, copy, run, over } = await kioskWithCatalogue(t);
  const journal = openJournal({ file, ...ledgerRules });
  journal.append(moment(0), stock);
  for (const event of lent(1, 1, first, 'a')) journal.append(moment(1), [event]);
  journal.close();
  copyFileSync(file, copy);
  (await run(lent(2, 2, second, 'b'))).close();

  copyFileSync(copy, file);
  const again = await run([], true);
  t.strictSame(over, ['rewound 5'], 'all five were compared before');
  t.strictSame(
    catalogue
      .eventsOf(kiosk)
      .slice(8)
      .map(({ event }) => event),
    [stocked(2, second)],
  );
  t.ok(again.load().loans.has(first));
});
