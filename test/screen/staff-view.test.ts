import t from 'tap';
import type { StaffTask } from '../../src/circulation/event.js';
import type { Intent, LockerRecord } from '../../src/circulation/ledger.js';
import type { StaffWork, State } from '../../src/circulation/state.js';
import { holdId, type ItemId, lockerNo, staffId, visitNo } from '../../src/kernel/ids.js';
import { elapsedMs, epochMs } from '../../src/kernel/time.js';
import { leavingOf } from '../../src/screen/staff-view.js';
import { viewOf } from '../../src/screen/view.js';
import { bianCheng, charlotte, contextAt, due, holder, holding, quietState } from './fixture.js';

/** What staff see at work. */
const deadline = elapsedMs(60_000);
const staff = staffId('5555555555555555');
const nothingChosen: StaffWork = { staff, task: null, left: [], found: undefined };

function working(work: Partial<StaffWork> = {}, emergency: 'no' | 'asked' | 'confirmed' = 'no'): State {
  return quietState({
    visit: { kind: 'working', work: { ...nothingChosen, ...work }, emergency, deadline },
  });
}

/** `state` with other records of some lockers. */
function withRecords(state: State, records: Record<number, Partial<LockerRecord>>): State {
  const lockers = new Map(state.ledger.lockers);
  for (const [locker, change] of Object.entries(records)) {
    const number = lockerNo(Number(locker));
    lockers.set(number, { ...(lockers.get(number) ?? holding(null)), ...change });
  }
  return { ...state, ledger: { ...state.ledger, lockers } };
}

const cell = (state: State, locker: number) => viewOf(state, contextAt()).staff?.cells[locker - 1];
const offered = (state: State) =>
  viewOf(state, contextAt()).choices.map(({ choices }) => choices.map(({ intent }) => intent));
const act = (what: object) => ({ kind: 'staff', act: what });

t.test('all lockers are there, and what may be done with each', async (t) => {
  t.match(cell(working(), 1), {
    item: bianCheng,
    name: '边城',
    look: 'book',
    signs: [],
    acts: ['open', 'withdraw', 'withhold'],
  });
  t.match(cell(working(), 3), { item: null, look: 'empty', signs: [], acts: ['open', 'withhold'] });
});

t.test('what is wrong with a locker is said in words', async (t) => {
  const broken = withRecords(working(), {
    1: { withheld: 'not-taken' },
    2: { damage: 'wet' },
    3: { withheld: 'out-of-service' },
    4: { intent: { visit: visitNo(4), purpose: 'checkin', item: bianCheng, opened: false } },
  });
  const doors = new Map(broken.doors).set(lockerNo(5), 'open').set(lockerNo(6), 'unknown');
  const items: State['items'] = new Map([
    [lockerNo(1), 'absent'] as const,
    [lockerNo(5), 'present'] as const,
  ]);
  const state = { ...broken, doors, items, chattering: new Set([lockerNo(3)]) };
  const signs = (locker: number) => cell(state, locker)?.signs.map(({ zh }) => zh);
  t.same(signs(1), ['读者没拿到书', '感应不到书']);
  t.same(signs(2), ['淋湿']);
  t.same(signs(3), ['已停用', '开关抖动']);
  t.same(signs(4), ['进行中']);
  t.same(signs(5), ['门开着', '感应到书']);
  t.same(signs(6), ['门况不明']);
  t.match(cell(state, 1), { look: 'trouble', acts: ['open', 'withdraw', 'restore'] });
  t.match(cell(state, 2), { look: 'trouble', acts: ['open', 'withdraw', 'withhold', 'restore'] });
  t.match(cell(state, 4), { acts: ['withhold'] });
  t.same(cell(state, 5)?.acts, ['withhold'], 'a door that stands open is not opened');
});

t.test('damaged, unclaimed, wanted and unknown books should leave; a kept one should not', async (t) => {
  const { directory } = quietState();
  const leaving = (state: State) =>
    leavingOf(state, contextAt()).map(({ locker, why }) => [locker, ...why.map(({ zh }) => zh)]);
  const hold = (ended: 'expired' | null, until = epochMs(due + 1)) => ({
    item: bianCheng,
    patron: holder.patron,
    until,
    ended,
  });
  t.same(leaving(working()), []);
  t.same(leaving(withRecords(working(), { 1: { damage: 'torn' } })), [[1, '破损']]);
  const { ledger } = working();
  const held = (...holds: ReturnType<typeof hold>[]) =>
    leaving({
      ...working(),
      ledger: { ...ledger, holds: new Map(holds.map((each, i) => [holdId(`h${i}`), each])) },
    });
  t.same(held(hold('expired')), [[1, '预约过期']]);
  t.same(held(hold(null)), []);
  t.same(held(hold('expired'), hold(null)), [], 'the next one waits for it');
  const wanted = { ...directory, wanted: new Set([charlotte]) };
  t.same(leaving({ ...working(), directory: wanted }), [[2, '别处需要']]);
  const facts = { loanClass: null, adultsOnly: false };
  const known = { ...directory, items: new Map([[charlotte, facts]]) };
  t.same(leaving({ ...working(), directory: known }), [[1, '没有登记']]);
});

t.test('with nothing chosen there are the tasks; a task can be ended; staff can sign out', async (t) => {
  t.same(offered(working()), [[act({ do: 'restock' }), act({ do: 'count' })], [act({ do: 'open-all' })]]);
  t.same(offered(working({ task: 'restock' })), [[act({ do: 'menu' })]]);
  t.match(viewOf(working(), contextAt()), { phase: 'working', mayCancel: true });
});

t.test('opening all doors is confirmed twice, each time at another place', async (t) => {
  const place = (emergency: 'asked' | 'confirmed') =>
    offered(working({}, emergency))[0]?.findIndex(
      (intent) => intent.kind === 'staff' && intent.act.do === 'confirm',
    );
  t.equal(place('asked'), 1);
  t.equal(place('confirmed'), 0);
  t.match(viewOf(working({}, 'asked'), contextAt()), { mayCancel: false, staff: { emergency: 'asked' } });
});

/** Staff at door 1, where `bianCheng` is recorded to be. */
function atDoor(
  kind: 'opening' | 'open',
  task: StaffTask,
  work: Partial<StaffWork> = {},
  item: ItemId | null = null,
): State {
  const visit = visitNo(4);
  const intent: Intent = { visit, opened: kind === 'open', purpose: 'access', staff, task, item };
  const at = { locker: lockerNo(1), visit, holder: null, work: { ...nothingChosen, ...work }, deadline };
  const since = elapsedMs(0);
  return {
    ...withRecords(quietState(), { 1: { intent } }),
    visit:
      kind === 'open'
        ? { kind, ...at, remindAt: deadline, reminders: 0 }
        : { kind, ...at, attempt: 1, attemptStartedAt: since, stuck: false },
  };
}

t.test('during a count one says what is behind the door, and may stop after it', async (t) => {
  const count = { task: 'count', left: [lockerNo(2)] } as const;
  const stop = act({ do: 'menu' });
  t.same(offered(atDoor('opening', 'count', count)), [[stop]]);
  t.same(offered(atDoor('open', 'count', count)), [[act({ do: 'found-nothing' }), stop]]);
  t.same(offered(atDoor('open', 'count', { ...count, left: [] })), [[act({ do: 'found-nothing' })]]);
  t.same(offered(atDoor('open', 'count', { ...count, found: null })), [[stop]], 'said already');
  const view = (found: StaffWork['found']) =>
    viewOf(atDoor('open', 'count', { ...count, found }), contextAt());
  t.match(view(undefined), { detail: { zh: /记录：《边城》.*里面没有书/ }, book: { name: '边城' } });
  t.match(view(null), { detail: { zh: /已记下：里面没有书/ }, book: null });
  t.match(view(charlotte), { detail: { zh: /已记下：《Charlotte’s Web》/ }, book: { name: /Charlotte/ } });
});

t.test('staff are told what to put in and what to take out', async (t) => {
  const detail = (task: StaffTask, item: ItemId | null) =>
    viewOf(atDoor('open', task, {}, item), contextAt()).detail.zh;
  t.match(detail('restock', charlotte), /放好《Charlotte/);
  t.match(detail('withdraw', bianCheng), /取出《边城》/);
  t.match(detail('open', null), /有记录/);
});

t.test('in an emergency nobody is asked whether a door is stuck', async (t) => {
  const all = { task: 'open-all', left: [lockerNo(2)] } as const;
  t.match(viewOf(atDoor('opening', 'open-all', all), contextAt()), {
    mayReportStuck: false,
    headline: { en: 'Opening every door' },
  });
  t.match(viewOf(atDoor('opening', 'open', {}), contextAt()), { mayReportStuck: true });
});

t.test('nobody but staff at work gets the page of staff', async (t) => {
  for (const state of [quietState(), atDoor('open', 'count')])
    t.equal(viewOf(state, contextAt()).staff, null);
  t.notMatch(JSON.stringify(viewOf(working(), contextAt())), staff);
});
