import t from 'tap';
import type { Hold, Loan } from '../../src/circulation/ledger.js';
import { emptyLedger, lockerOf } from '../../src/circulation/ledger.js';
import type { PassHolder, State } from '../../src/circulation/state.js';
import { holdId, type LockerNo, lockerNo, patronId, visitNo } from '../../src/kernel/ids.js';
import { elapsedMs, epochMs } from '../../src/kernel/time.js';
import { viewOf } from '../../src/screen/view.js';
import { bianCheng, charlotte, contextAt, due, holder, holding, quietState, start } from './fixture.js';

/** What the screen shows to somebody who has shown her pass. */
const deadline = elapsedMs(60_000);
const day = 86_400_000;
const somebodyElse: PassHolder = { ...holder, patron: patronId('ffffffffffffffff') };

function choosing(change: Partial<State> = {}): State {
  return quietState({ visit: { kind: 'choosing', holder, deadline }, ...change });
}

/** A ledger in which `charlotte` is kept for `whom`. */
function keptFor({ patron }: PassHolder): State['ledger'] {
  const hold: Hold = { item: charlotte, patron, until: epochMs(due + day), ended: null };
  return { ...quietState().ledger, holds: new Map([[holdId('h1'), hold]]) };
}

/** A ledger in which the item is on loan to `whom`, and not here. */
function lentTo({ patron }: PassHolder, change: Partial<Loan> = {}): State['ledger'] {
  const loan: Loan = {
    visit: visitNo(1),
    patron,
    dueAt: due,
    dueProvisional: false,
    renewals: 0,
    renewalAsked: false,
    ...change,
  };
  const lockers = new Map([[lockerNo(2), holding(charlotte)]]);
  return { ...emptyLedger, lockers, loans: new Map([[bianCheng, loan]]) };
}

const shelf = (state: State, locker: LockerNo) =>
  viewOf(state, contextAt()).shelves.find((each) => each.locker === locker);

t.test('a reserved book can be touched until it is known whose pass was shown', async (t) => {
  const second = lockerNo(2);
  const ledger = keptFor(somebodyElse);
  t.match(shelf(quietState({ ledger }), second), { state: 'reserved', mayChoose: true });
  t.match(shelf(choosing({ ledger }), second), { state: 'reserved', mayChoose: false });
  t.match(shelf(choosing(), second), { state: 'available', mayChoose: true });
});

t.test('a book kept for her comes first; the others keep their order', async (t) => {
  const { shelves } = viewOf(choosing({ ledger: keptFor(holder) }), contextAt());
  t.same(
    shelves.map(({ locker }) => locker),
    [2, 1, 3, 4, 5, 6],
  );
  t.match(shelves[0], { state: 'kept', mayChoose: true, name: 'Charlotte’s Web' });
});

t.test('a damaged book and one nobody knows cannot be touched', async (t) => {
  const { ledger, directory } = quietState();
  const wet = { ...lockerOf(ledger, lockerNo(1)), damage: 'wet' as const };
  const lockers = new Map(ledger.lockers).set(lockerNo(1), wet);
  const one = quietState({ ledger: { ...ledger, lockers } });
  t.match(shelf(one, lockerNo(1)), { state: 'unavailable', mayChoose: false, name: '边城' });
  const none = quietState({ directory: { ...directory, items: new Map() } });
  t.match(shelf(none, lockerNo(2)), { state: 'unavailable', mayChoose: false });
});

t.test('her loans are hers alone, and gone with her visit', async (t) => {
  const loans = (state: State) => viewOf(state, contextAt()).loans;
  t.match(loans(choosing({ ledger: lentTo(holder) })), [
    { item: bianCheng, book: { name: '边城' }, isOverdue: false, note: null, mayRenew: true, justFrom: null },
  ]);
  t.same(loans(choosing({ ledger: lentTo(somebodyElse) })), []);
  t.same(loans(quietState({ ledger: lentTo(holder) })), []);
  t.notMatch(JSON.stringify(viewOf(quietState({ ledger: lentTo(holder) }), contextAt())), bianCheng);
});

t.test('when a loan ends is said by the day, and kindly when it is over', async (t) => {
  const dueWords = (calendarMs: number, trust: 'trusted' | 'floor' = 'trusted') => {
    const moment = { ...start, calendarMs: epochMs(calendarMs), trust };
    return viewOf(choosing({ ledger: lentTo(holder) }), contextAt(moment)).loans[0];
  };
  t.match(dueWords(due - 2 * day), { due: { zh: '8月14日星期五到期', en: 'Due Friday 14 August' } });
  t.match(dueWords(due - 1), { due: { zh: '今天到期' }, isOverdue: false });
  t.match(dueWords(due - day + 1_000), { due: { zh: '今天到期' } });
  t.match(dueWords(due - day), { due: { zh: /14日/ } });
  t.match(dueWords(due + 1), { due: { zh: /已过期 1 天.*方便/, en: /^1 day past/ }, isOverdue: true });
  t.match(dueWords(due + 3 * day - 1), { due: { zh: /已过期 3 天/, en: /^3 days/ } });
  t.match(dueWords(due + 3 * day, 'floor'), { due: { zh: /14日/ }, isOverdue: false });
});

t.test('what cannot be renewed says why', async (t) => {
  const first = (state: State) => viewOf(state, contextAt()).loans[0];
  const asked = choosing({ ledger: lentTo(holder, { renewalAsked: true }) });
  t.match(first(asked), { mayRenew: false, note: { zh: /续借已记下/ } });
  const again = choosing({ ledger: lentTo(holder, { renewals: 1 }) });
  t.match(first(again), { mayRenew: false, note: { zh: '已经续借过' } });
  const { directory } = quietState();
  const wanted = choosing({
    ledger: lentTo(holder),
    directory: { ...directory, wanted: new Set([bianCheng]) },
  });
  t.match(first(wanted), { mayRenew: false, note: { zh: '有人在等这本书' } });
});

t.test('“I did not take it” is there for two minutes, for who borrowed it', async (t) => {
  const lent = { visit: visitNo(1), item: bianCheng, patron: holder.patron, until: elapsedMs(120_000) };
  const state = choosing({ ledger: lentTo(holder), recentLoans: new Map([[lockerNo(1), lent]]) });
  const at = (ms: number) => viewOf(state, contextAt({ ...start, elapsedMs: elapsedMs(ms) })).loans[0];
  t.match(at(119_999), { justFrom: 1 });
  t.match(at(120_000), { justFrom: null });
});

t.test('who may borrow nothing sees her loans first', async (t) => {
  const first = (state: State) => viewOf(state, contextAt()).loansFirst;
  const ledger = lentTo(holder);
  t.equal(first(choosing({ ledger })), false);
  t.equal(first(choosing({ ledger: { ...ledger, lockers: new Map() } })), true);
  const { policy } = quietState();
  t.equal(first(choosing({ ledger, policy: { ...policy, loansPerPatron: 1 } })), true);
  t.equal(first(quietState({ ledger: { ...ledger, lockers: new Map() } })), false);
});

t.test('nothing that a view says of her loans tells who she is', async (t) => {
  const ledger = { ...lentTo(holder), holds: keptFor(holder).holds };
  const text = JSON.stringify(viewOf(choosing({ ledger }), contextAt()));
  t.notOk(text.includes(holder.patron) || text.includes(String(holder.pass)) || text.includes('h1'));
});
