import fc from 'fast-check';
import t from 'tap';
import { alertsOf } from '../../src/circulation/alerts.js';
import type { Event } from '../../src/circulation/event.js';
import type { Input } from '../../src/circulation/input.js';
import { lockerOf, lockerWith } from '../../src/circulation/ledger.js';
import type { LastPulse } from '../../src/circulation/state.js';
import { assert } from '../../src/kernel/assert.js';
import { boardId, type LockerNo, lockerNo } from '../../src/kernel/ids.js';
import { claim } from './invariants.js';
import { choose, door, li, lockers, pass, player, show, strangeBook, unlocksOf, wang } from './player.js';

/** Residents who do what they may, at doors that do what they are told; lines and programs that fail where they may. */
type Step =
  | { readonly do: 'borrow'; readonly who: typeof wang; readonly locker: number }
  | { readonly do: 'return' | 'open' | 'shut' | 'stuck' }
  /** The program dies: now, or between its next intent and the unlock. */
  | { readonly do: 'die' | 'die-next' }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'cut' | 'mend'; readonly board: number };

/** Boards that remember their last pulse, doors, and latches that were released. */
class World {
  readonly boards = [lockers.slice(0, 2), lockers.slice(2)].map((its, index) => ({
    id: boardId(`board-${index}`),
    lockers: its,
    isUp: true,
    last: null as LastPulse | null,
  }));
  readonly open = new Set<LockerNo>();
  /** Lockers whose latch was released and whose door has not opened since. */
  readonly free = new Set<LockerNo>();
  /** Lockers whose door has opened without a journal entry yet. */
  readonly unrecorded = new Set<LockerNo>();
  #diesNext = false;
  #isDead = false;
  readonly kiosk = player({
    ready: false,
    boards: new Map(this.boards.map(({ id, lockers }) => [id, lockers])),
    onDecision: ({ effects, events }) => {
      for (const event of events) this.#judge(event);
      for (const { locker, visit } of unlocksOf(effects)) this.#unlock(locker, visit);
    },
  });

  constructor() {
    // As new boards do, these remember what somebody tried them with.
    for (const board of this.boards) board.last = { tag: 0, locker: lockerNo(4), opened: true };
    for (const index of [0, 1]) this.mend(index);
  }

  take(step: Step): void {
    const { kiosk } = this;
    if (step.do === 'borrow') kiosk.play(pass(step.who), choose(step.locker));
    else if (step.do === 'return') this.#return();
    else if (step.do === 'stuck') kiosk.play({ kind: 'door-stuck' });
    else if (step.do === 'wait') kiosk.wait(step.ms);
    else if (step.do === 'open') this.#pull();
    else if (step.do === 'shut') this.shut();
    else if (step.do === 'die') this.#die();
    else if (step.do === 'die-next') this.#diesNext = true;
    else if (step.do === 'mend') this.mend(step.board);
    else if (step.do === 'cut') this.#cut(step.board);
    if (this.#isDead) this.#die();
  }

  /** Somebody brings the book from elsewhere, as long as it is not here. */
  #return(): void {
    const { ledger } = this.kiosk.state;
    if (lockerWith(ledger, strangeBook) === undefined) this.kiosk.play(show(strangeBook));
  }

  /** Everybody shuts the doors behind them. */
  shut(): void {
    for (const locker of [...this.open]) this.#move(locker, 'closed');
  }

  mend(index: number): void {
    const board = this.boards[index];
    if (!board) return;
    board.isUp = true;
    this.kiosk.play(this.#ready(board));
  }

  #ready({ id: board, lockers, last: lastPulse }: World['boards'][number]): Input {
    const doors = new Map(
      lockers.map((l) => [l, this.open.has(l) ? ('open' as const) : ('closed' as const)]),
    );
    return { kind: 'board-ready', board, doors, items: new Map(), chattering: new Set(), lastPulse };
  }

  #cut(index: number): void {
    const board = this.boards[index];
    if (!board) return;
    board.isUp = false;
    this.kiosk.play({ kind: 'board-lost', board: board.id });
  }

  #die(): void {
    this.#isDead = false;
    this.kiosk.restart();
    // Who opened a door late, behind a lost board, is forgotten with the program: the journal keeps no visit that is over.
    const { lockers } = this.kiosk.state.ledger;
    for (const locker of this.unrecorded) if (!lockers.get(locker)?.intent) this.unrecorded.delete(locker);
    for (const board of this.boards) if (board.isUp) this.kiosk.play(this.#ready(board));
  }

  #unlock(locker: LockerNo, visit: number): void {
    const board = this.#boardOf(locker);
    this.#isDead = this.#diesNext;
    this.#diesNext = false;
    if (!board?.isUp || this.#isDead) return;
    board.last = { tag: visit, locker, opened: false };
    this.free.add(locker);
  }

  /** Whoever a door was unlocked for opens it, also when the kiosk has stopped waiting for her. */
  #pull(): void {
    const { ledger, lateVisits: late } = this.kiosk.state;
    const mayOpen = (locker: LockerNo) =>
      lockerOf(ledger, locker).intent?.opened === false || late.get(locker)?.intent.purpose === 'checkout';
    const locker = [...this.free].find(mayOpen);
    if (locker === undefined) return;
    this.free.delete(locker);
    this.unrecorded.add(locker);
    this.#move(locker, 'open');
  }

  #move(locker: LockerNo, state: 'open' | 'closed'): void {
    if (state === 'open') this.open.add(locker);
    else this.open.delete(locker);
    const board = this.#boardOf(locker);
    if (!board) return;
    if (state === 'open' && board.last?.locker === locker) board.last = { ...board.last, opened: true };
    if (board.isUp) this.kiosk.play(door(locker, state));
  }

  #boardOf(locker: LockerNo) {
    return this.boards.find(({ lockers }) => lockers.includes(locker));
  }

  /** A claim of the journal must be true. */
  #judge(event: Event): void {
    assert('locker' in event, 'these events are all about doors');
    const { locker } = event;
    if (event.type === 'item-lent' || event.type === 'checkin-opened') {
      claim(this.unrecorded.delete(locker), `the door of ${locker} did open`);
    } else if ('reason' in event && event.type !== 'locker-withheld' && event.reason !== 'outcome-unknown') {
      claim(!this.unrecorded.has(locker), `the door of ${locker} did not open: ${event.reason}`);
    }
    // Staff look.
    if (event.type === 'locker-withheld' && event.reason === 'outcome-unknown')
      this.unrecorded.delete(locker);
  }
}

const usual: fc.Arbitrary<Step>[] = [
  fc.record({
    do: fc.constant('borrow' as const),
    who: fc.constantFrom(wang, li),
    locker: fc.constantFrom(1, 2, 3),
  }),
  fc.record({ do: fc.constantFrom('open' as const, 'shut' as const) }),
  fc.record({ do: fc.constantFrom('return' as const, 'open' as const, 'shut' as const, 'stuck' as const) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 9_000 }) }),
];
const faults: fc.Arbitrary<Step>[] = [
  fc.record({ do: fc.constantFrom('die' as const, 'die-next' as const) }),
  fc.record({
    do: fc.constantFrom('cut' as const, 'mend' as const, 'mend' as const),
    board: fc.constantFrom(0, 1),
  }),
];

t.test('with failing lines and a killed program, the journal has what really happened', async (t) => {
  const steps = fc.array(fc.oneof(...usual, ...faults), { maxLength: 80, size: 'max' });
  fc.assert(
    fc.property(steps, (steps) => {
      const world = new World();
      for (const step of steps) world.take(step);
      settleDown(world);
    }),
    { numRuns: 1_500 },
  );
  t.pass('1500 random stories');
});

t.test('where nothing fails, no locker is ever doubtful', async (t) => {
  fc.assert(
    fc.property(fc.array(fc.oneof(...usual), { maxLength: 80, size: 'max' }), (steps) => {
      const world = new World();
      for (const step of steps) world.take(step);
      settleDown(world);
      const doubts = alertsOf(world.kiosk.state).filter(({ code }) => code !== 'locker.did-not-open');
      claim(doubts.length === 0, `no alert: ${doubts[0]?.code}`);
    }),
    { numRuns: 1_500 },
  );
  t.pass('1500 random stories');
});

/** Lines are mended, doors shut, and everybody leaves. */
function settleDown(world: World): void {
  for (const index of [0, 1]) world.mend(index);
  world.shut();
  world.kiosk.wait(600_000);
  const { ledger, visit } = world.kiosk.state;
  claim(visit.kind === 'idle', 'nobody is waited for');
  for (const { intent } of ledger.lockers.values()) claim(intent === null, 'every intent has its outcome');
}
