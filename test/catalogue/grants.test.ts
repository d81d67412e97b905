import t, { type Test } from 'tap';
import { openDatabase } from '../../src/catalogue/database.js';
import { prepareGrants } from '../../src/catalogue/grants.js';
import { prepareIngest } from '../../src/catalogue/ingest.js';
import { prepareOrders } from '../../src/catalogue/orders.js';
import { fillOnce, prepareQueries } from '../../src/catalogue/queries.js';
import { sampleData } from '../../src/catalogue/sample-data.js';
import type { Event } from '../../src/circulation/event.js';
import type { Command } from '../../src/contract/command-messages.js';
import { type ItemId, itemId, lockerNo, passId, patronId, visitNo } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { epochMs } from '../../src/kernel/time.js';
import { inputOfScan } from '../../src/kiosk/scan-input.js';
import type { PassClaims } from '../../src/passes/claims.js';
import { ready } from '../circulation/player.js';
import { book, firstEpoch, kiosk, recorded, startCatalogue, stocked, wang } from '../support/catalogue.js';
import { trustedClock } from '../support/clocks.js';
import { startKiosk } from '../support/street-kiosk.js';
import { until } from '../support/until.js';

const li = patronId('1f8e6a2c5d3b7094');
const xiaoyu = patronId('c04b9e7715aa3d62');
const wish = { patron: wang, kiosk, item: book };
const start = 1_795_446_000_000;

/** The grants of a catalogue whose kiosk is played by hand, with a clock of its own. */
function open(test: Test) {
  const db = openDatabase(`${test.testdir()}/catalogue.db`);
  test.teardown(() => void db.close());
  let now = start;
  const nowMs = () => epochMs(now);
  fillOnce(db, sampleData, nowMs());
  const sent: Command[] = [];
  const signed: PassClaims[] = [];
  const queries = prepareQueries(db);
  const orders = prepareOrders(db, nowMs, (_kiosk, command) => void sent.push(command));
  const sign = (claims: PassClaims) => {
    signed.push(claims);
    return `LN1:${signed.length}`;
  };
  const grants = prepareGrants({ db, nowMs, orders, queries, sign });
  const ingest = prepareIngest(db, nowMs);
  let position = 1;
  const record = (...events: Event[]) => {
    ingest(kiosk, { epoch: firstEpoch, from: position, events: recorded(events, position) });
    position += events.length;
  };
  const pass = (ms: number) => {
    now += ms;
  };
  return { db, grants, orders, queries, sent, signed, record, pass };
}

const at = (visit: number, locker = 1) => ({ visit: visitNo(visit), locker: lockerNo(locker) });
const intended = (pass: string, visit: number, item: ItemId = book): Event => ({
  type: 'checkout-intended',
  ...at(visit),
  item,
  patron: wang,
  pass: passId(pass),
});
const lent = (visit: number): Event => ({
  type: 'item-lent',
  ...at(visit),
  item: book,
  patron: wang,
  dueAt: epochMs(start + 9),
  dueProvisional: false,
});
const closed = (visit: number): Event => ({ type: 'checkout-completed', ...at(visit), door: 'closed' });
const cancelled = (visit: number): Event => ({
  type: 'checkout-cancelled',
  ...at(visit),
  item: book,
  reason: 'never-opened',
});

t.test(
  'a grant opens a real kiosk’s door; its status reaches the phone; it opens no other door',
  async (t) => {
    const street = await startCatalogue(t);
    const { catalogue } = street;
    const second = itemId('30106000000025');
    const { kiosk: core, documents } = startKiosk(t, street, kiosk, [stocked(1), stocked(2, second)]);
    core.submit(ready());
    await until(() => core.state.online, 'the kiosk to be there');
    const pass = catalogue.sendGrant(wish);
    const stageNow = () => catalogue.grantStatus(pass, wang)?.stage;
    await until(() => stageNow() === 'unlocked', 'the door');
    const busy = catalogue.sendGrant({ patron: li, kiosk, item: second });
    await until(() => catalogue.grantStatus(busy, li)?.stage === 'refused', 'the other grant to be refused');
    core.submit({ kind: 'door', locker: lockerNo(1), door: 'open' });
    await until(() => stageNow() === 'lent', 'the loan');
    t.match(catalogue.grantStatus(pass, wang), { locker: 1, found: book, dueAt: Number, reason: null });
    core.submit({ kind: 'door', locker: lockerNo(1), door: 'closed' });
    await until(() => stageNow() === 'closed', 'the end');
    t.match(catalogue.grantStatus(busy, li), { reason: 'busy' });
    const text = catalogue.grantText(pass, wang) ?? '';
    const keyRing = documents.keyRing();
    const context = { kiosk, keyRing, moment: trustedClock.now(), cardOf: () => null };
    core.submit(inputOfScan({ kind: 'pass', text }, context));
    t.match(core.state.notice, { refusal: 'pass-used' });
  },
);

t.test('a grant shown to the reader has a status too', async (t) => {
  const { grants, record, sent, signed } = open(t);
  const pass = grants.makeGrant({ ...wish, item: null });
  t.strictSame(sent, [], 'the kiosk is told nothing');
  t.equal(grants.grantText(pass, wang), 'LN1:1');
  t.match(signed, [{ kind: 'grant', pass, patron: wang, kiosk, item: null, age: 'adult' }]);
  t.match(signed, [{ validFrom: start, validUntil: start + limits.phoneGrantMs }]);
  t.match(grants.grantStatus(pass, wang), { stage: 'given', isSent: false, locker: null });
  record(intended(pass, 1));
  t.match(grants.grantStatus(pass, wang), { stage: 'unlocked', locker: 1, found: book });
  record(cancelled(1));
  t.match(grants.grantStatus(pass, wang), { stage: 'cancelled', reason: 'never-opened' });
  record(intended(pass, 2), lent(2));
  t.match(grants.grantStatus(pass, wang), { stage: 'lent', reason: null, dueAt: start + 9 });
  record(closed(2), { type: 'checkout-undone', ...at(2), item: book });
  t.match(grants.grantStatus(pass, wang), { stage: 'undone' });
  record(intended(pass, 3));
  t.match(grants.grantStatus(pass, wang), { stage: 'undone' }, 'what is over stays as it ended');
});

t.test('a grant is visible to its own patron only', async (t) => {
  const { grants } = open(t);
  const pass = grants.sendGrant(wish);
  t.equal(grants.grantStatus(pass, li), null);
  t.equal(grants.grantText(pass, li), null);
  t.equal(grants.sameGrant({ ...wish, patron: li }), null);
});

t.test(
  'the status follows the kiosk’s answer until the journal arrives; without both the grant expires',
  async (t) => {
    const { grants, orders, sent, record, pass: wait } = open(t);
    const [first, second, third] = [grants.sendGrant(wish), grants.sendGrant(wish), grants.sendGrant(wish)];
    t.match(sent[0], { command: first, expiresAt: start + limits.phoneOrderMs, order: { kind: 'lend' } });
    const answer = (index: number, said: 'accepted' | 'refused', reason?: string) => {
      const command = sent[index]?.command;
      if (command) orders.onAnswer(kiosk, { command, answer: said, ...(reason && { reason }) });
    };
    answer(0, 'accepted');
    answer(1, 'refused', 'loan-limit');
    t.match(grants.grantStatus(first, wang), { stage: 'accepted', isSent: true });
    t.match(grants.grantStatus(second, wang), { stage: 'refused', reason: 'loan-limit' });
    record(intended(third, 1), lent(1));
    answer(2, 'refused', 'pass-used');
    t.match(grants.grantStatus(third, wang), { stage: 'lent', reason: null }, 'shown before the order came');
    wait(limits.phoneGrantMs);
    t.match(grants.grantStatus(first, wang), { stage: 'over' });
    t.equal(grants.grantText(first, wang), null);
    wait(limits.phoneGrantKeepMs + 1);
    grants.makeGrant(wish);
    t.equal(grants.grantStatus(first, wang), null, 'forgotten');
  },
);

t.test('a repeated request gets the same grant, unless that one failed', async (t) => {
  const { grants, orders, sent, pass: wait } = open(t);
  const first = grants.sendGrant(wish);
  t.equal(grants.sameGrant(wish), first);
  t.equal(grants.sameGrant({ ...wish, item: null }), null);
  const command = sent[0]?.command;
  if (command) orders.onAnswer(kiosk, { command, answer: 'refused', reason: 'busy' });
  t.equal(grants.sameGrant(wish), null);
  wait(1);
  const second = grants.sendGrant(wish);
  t.equal(grants.sameGrant(wish), second);
  wait(limits.phoneRepeatMs);
  t.equal(grants.sameGrant(wish), null);
});

t.test(
  'the shelf has the books in the kiosk, without those on hold for others or not for children',
  async (t) => {
    const { queries, record, db } = open(t);
    const second = itemId('30106000000025');
    record(stocked(5, second), stocked(2));
    const lockers = (patron = wang) => queries.booksFor(patron, kiosk).map(({ locker }) => locker);
    t.match(queries.booksFor(wang, kiosk)[0], { locker: 2, item: book, title: '城南旧事', author: '林海音' });
    t.strictSame([lockers().join(), lockers(xiaoyu).join()], ['2,5', '2,5']);
    db.prepare('INSERT INTO hold VALUES (?, ?, ?, ?, ?, NULL)').run('h-1', kiosk, book, li, start + 1);
    db.exec("UPDATE title SET adults_only = 1 WHERE title = 't-02'");
    t.strictSame([lockers().join(), lockers(li).join(), lockers(xiaoyu).join()], ['5', '2,5', '']);
  },
);
