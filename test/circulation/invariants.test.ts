import fc from 'fast-check';
import t from 'tap';
import type { Input } from '../../src/circulation/input.js';
import type { Door, PassHolder } from '../../src/circulation/state.js';
import { boardId, type LockerNo } from '../../src/kernel/ids.js';
import { checkAlways, claim, settlements } from './invariants.js';
import { book, li, lockers, otherBook, type Player, player, strangeBook, wang } from './player.js';

/** What a random world may do next: an input, time passing, or the process dying; perhaps staff restore a locker then. */
type Step =
  | Input
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'board-back'; readonly ready: Ready; readonly remembers: 'itself' | 'shut' | 'opened' }
  /** Somebody comes and borrows, as far as the kiosk lets her. */
  | { readonly kind: 'borrow'; readonly holder: PassHolder; readonly locker: LockerNo }
  | { readonly kind: 'restart'; readonly restored: LockerNo | null };

type Ready = Extract<Input, { kind: 'board-ready' }>;

/** Two boards with two lockers each. */
const cabinet = [
  { board: boardId('left'), lockers: lockers.slice(0, 2) },
  { board: boardId('right'), lockers: lockers.slice(2) },
];

const locker = fc.constantFrom(...lockers);
const doorState = fc.oneof(
  { weight: 4, arbitrary: fc.constant('closed' as const) },
  { weight: 2, arbitrary: fc.constant('open' as const) },
  { weight: 1, arbitrary: fc.constant('unknown' as const) },
);
const sensed = fc.constantFrom('present', 'absent', 'unknown' as const);
const lastPulse = fc.option(fc.record({ tag: fc.integer({ min: 1, max: 9 }), locker, opened: fc.boolean() }));
const board = fc.constantFrom(...cabinet);
const ready = fc.record({ board, doors: fc.array(doorState, { minLength: 2, maxLength: 2 }), lastPulse }).map(
  ({ board: { board, lockers }, doors, lastPulse }): Ready => ({
    kind: 'board-ready',
    board,
    doors: new Map(lockers.map((locker, index) => [locker, doors[index] ?? 'unknown'])),
    items: new Map(),
    chattering: new Set(),
    lastPulse,
  }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('borrow' as const), holder: fc.constantFrom(wang, li), locker }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('pass-shown' as const), holder: fc.constantFrom(wang, li) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('locker-chosen' as const), locker }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('item-shown' as const),
      item: fc.constantFrom(book, otherBook, strangeBook),
    }),
  },
  { weight: 9, arbitrary: fc.record({ kind: fc.constant('door' as const), locker, door: doorState }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('board-back' as const),
      ready,
      remembers: fc.constantFrom('itself' as const, 'shut' as const, 'opened' as const),
    }),
  },
  { weight: 1, arbitrary: board.map(({ board }) => ({ kind: 'board-lost' as const, board })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'cancelled' as const }) },
  { weight: 4, arbitrary: fc.constant({ kind: 'door-stuck' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('item-sensed' as const), locker, item: sensed }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('switch-chatters' as const), locker, chatters: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('lock-refused' as const),
      locker,
      visit: fc.integer({ min: 1, max: 9 }).map((n) => n as never),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 6_000 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 130_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), restored: fc.option(locker) }) },
);

t.test('whatever happens, in whatever order, what must always hold holds', async (t) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
      const boards = new Map(cabinet.map(({ board, lockers }) => [board, lockers]));
      const kiosk = player({ boards, ready: false, onDecision: checkAlways });
      for (const next of [...allReady('closed'), ...steps]) take(kiosk, next);
      kiosk.play(...allReady('closed')).wait(600_000);
      for (const [visit, outcomes] of settlements(kiosk.events))
        claim(outcomes === 1, `visit ${visit} has its outcome once its door is known for long enough`);
      claim(kiosk.state.visit.kind === 'idle', 'nobody is waited for');
    }),
    { numRuns: 3_000 },
  );
  t.pass('3000 random stories of up to 120 steps');
});

function allReady(door: Door): Input[] {
  return cabinet.map(({ board, lockers }) => ({
    kind: 'board-ready',
    board,
    doors: new Map(lockers.map((locker) => [locker, door])),
    items: new Map(),
    chattering: new Set(),
    lastPulse: null,
  }));
}

function take(kiosk: Player, next: Step): void {
  if (next.kind === 'wait') kiosk.wait(next.ms);
  else if (next.kind === 'borrow')
    kiosk.play({ kind: 'pass-shown', holder: next.holder }, { kind: 'locker-chosen', locker: next.locker });
  else if (next.kind === 'board-back') kiosk.play(remembering(kiosk, next));
  else if (next.kind !== 'restart') kiosk.play(next);
  else if (next.restored === null) kiosk.restart();
  else kiosk.restart({ type: 'locker-restored', locker: next.restored });
}

/** A board that is ready; where it shall remember the truth, the last pulse that it was told to give. */
function remembering(
  { effects }: Player,
  { ready, remembers }: Extract<Step, { kind: 'board-back' }>,
): Ready {
  const unlock = effects.findLast((effect) => ready.doors.has(effect.locker));
  if (remembers === 'itself' || !unlock) return ready;
  const { visit: tag, locker } = unlock;
  return { ...ready, lastPulse: { tag, locker, opened: remembers === 'opened' } };
}
