import fc from 'fast-check';
import t from 'tap';
import { nextDeadline } from '../../src/circulation/decide.js';
import type { Event } from '../../src/circulation/event.js';
import type { Input } from '../../src/circulation/input.js';
import { lockerNo } from '../../src/kernel/ids.js';
import { book, doorsAll, li, lockers, otherBook, type Player, player, strangeBook, wang } from './player.js';

/** What a random world may do next: an input, time passing, or the process dying. */
type Step = Input | { readonly kind: 'wait'; readonly ms: number } | { readonly kind: 'restart' };

const locker = fc.constantFrom(...lockers);
const doorState = fc.constantFrom('open', 'closed', 'unknown' as const);
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
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('board-ready' as const), doors, lastPulse }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'board-lost' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'cancelled' as const }) },
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
      const kiosk = player();
      for (const next of steps) {
        const unlocksBefore = kiosk.effects.length;
        const eventsBefore = kiosk.events.length;
        take(kiosk, next);
        check(kiosk, kiosk.events.slice(eventsBefore), kiosk.effects.length - unlocksBefore);
      }
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

function check(kiosk: Player, fresh: readonly Event[], unlocks: number): void {
  const { ledger, visit } = kiosk.state;
  const places = [...ledger.lockers.values()].flatMap((record) =>
    record.item === null ? [] : [record.item],
  );
  claim(new Set(places).size === places.length, 'an item is in at most one locker');
  for (const item of places) claim(!ledger.loans.has(item), 'an item on loan is in no locker');

  const intents = fresh.filter((event) => event.type.endsWith('-intended')).length;
  claim(unlocks === intents && unlocks <= 1, 'each unlock has its own intent in the same step');
  for (const [intent, outcomes] of settlements(kiosk.events)) {
    claim(outcomes <= 1, `visit ${intent} has one outcome at most`);
  }
  claim(
    (nextDeadline(kiosk.state) === null) === (visit.kind === 'idle' && !kiosk.state.notice),
    'nobody waits for ever',
  );
}

/** How many outcomes each intent has so far. */
function settlements(events: readonly Event[]): Map<number, number> {
  const outcomes = new Map<number, number>();
  for (const event of events) {
    if (event.type === 'item-stocked') continue;
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
