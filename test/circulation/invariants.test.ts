import fc from 'fast-check';
import t from 'tap';
import { nextDeadline } from '../../src/circulation/decide.js';
import type { Decision } from '../../src/circulation/decision.js';
import type { Event } from '../../src/circulation/event.js';
import type { Input } from '../../src/circulation/input.js';
import { lockerOf } from '../../src/circulation/ledger.js';
import { lockerNo } from '../../src/kernel/ids.js';
import {
  book,
  doorsAll,
  li,
  lockers,
  lost,
  otherBook,
  type Player,
  player,
  ready,
  strangeBook,
  wang,
} from './player.js';

/** What a random world may do next: an input, time passing, or the process dying. */
type Step = Input | { readonly kind: 'wait'; readonly ms: number } | { readonly kind: 'restart' };

const locker = fc.constantFrom(...lockers);
const doorState = fc.constantFrom('open', 'closed', 'unknown' as const);
const sensed = fc.constantFrom('present', 'absent', 'unknown' as const);
const lastPulse = fc.option(fc.record({ tag: fc.integer({ min: 1, max: 9 }), locker, opened: fc.boolean() }));
const doors = fc.array(doorState, { minLength: 4, maxLength: 4 }).map((states) => {
  const all = doorsAll('closed');
  for (const [index, state] of states.entries()) all.set(lockerNo(index + 1), state);
  return all;
});
const step: fc.Arbitrary<Step> = fc.oneof(
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
    weight: 2,
    arbitrary: fc.tuple(doors, lastPulse).map(([all, pulse]): Input => ready(pulse, all)),
  },
  { weight: 1, arbitrary: fc.constant(lost) },
  { weight: 1, arbitrary: fc.constant({ kind: 'cancelled' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'door-stuck' as const }) },
  {
    weight: 2,
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
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 130_000 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
);

t.test('whatever happens, in whatever order, what must always hold holds', async (t) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const kiosk = player({ onDecision: check });
      for (const next of steps) take(kiosk, next);
    }),
    { numRuns: 400 },
  );
  t.pass('400 random stories of up to 120 steps');
});

function take(kiosk: Player, next: Step): void {
  if (next.kind === 'wait') kiosk.wait(next.ms);
  else if (next.kind === 'restart') kiosk.restart();
  else kiosk.play(next);
}

function check({ state, effects: unlocks }: Decision, events: readonly Event[]): void {
  const { ledger, visit } = state;
  const places = [...ledger.lockers.values()].flatMap((record) =>
    record.item === null ? [] : [record.item],
  );
  claim(new Set(places).size === places.length, 'an item is in at most one locker');
  for (const item of places) claim(!ledger.loans.has(item), 'an item on loan is in no locker');

  claim(unlocks.length <= 1, 'at most one door is unlocked in a step');
  for (const unlock of unlocks) {
    const { intent, withheld } = lockerOf(ledger, unlock.locker);
    claim(intent?.visit === unlock.visit && !intent.opened, 'each unlock has its intent, recorded before it');
    claim(withheld === null, 'a withheld locker is not unlocked');
  }
  for (const [intent, outcomes] of settlements(events)) {
    claim(outcomes <= 1, `visit ${intent} has one outcome at most`);
  }
  const isQuiet = visit.kind === 'idle' && !state.notice && state.late.size === 0;
  claim((nextDeadline(state) === null) === isQuiet, 'nobody waits for ever');
}

/** How many outcomes each intent has so far. */
function settlements(events: readonly Event[]): Map<number, number> {
  const outcomes = new Map<number, number>();
  for (const event of events) {
    if (!('visit' in event)) continue;
    const before = outcomes.get(event.visit) ?? 0;
    const settles = ['item-lent', 'checkout-cancelled', 'item-returned', 'checkin-cancelled'].includes(
      event.type,
    );
    outcomes.set(event.visit, before + (settles ? 1 : 0));
  }
  return outcomes;
}

function claim(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}
