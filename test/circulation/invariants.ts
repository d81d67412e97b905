import { nextDeadline } from '../../src/circulation/deadlines.js';
import type { Decision } from '../../src/circulation/decision.js';
import type { Event } from '../../src/circulation/event.js';
import type { Unlock } from '../../src/circulation/input.js';
import { lockerOf } from '../../src/circulation/ledger.js';
import type { State } from '../../src/circulation/state.js';
import type { LockerNo } from '../../src/kernel/ids.js';
import { unlocksOf } from './player.js';

/** What must hold after every decision, whatever happened before; `events` are all so far, with those of the decision. */
export function checkAlways({ state, events: fresh, effects }: Decision, events: readonly Event[]): void {
  checkPlaces(state);
  checkUnlocks(state, unlocksOf(effects));
  for (const [visit, outcomes] of settlements(events))
    claim(outcomes <= 1, `visit ${visit} has one outcome at most`);
  for (const event of fresh) {
    if (event.type !== 'locker-withheld') continue;
    claim(kept(events, event.locker) === 1, 'a locker is withheld once until it is restored');
  }
  checkGrants(events);
  const { visit, notice } = state;
  const late = [...state.late.keys()].filter((each) => state.doors.get(each) !== 'unknown');
  const isQuiet = visit.kind === 'idle' && !notice && late.length === 0;
  claim((nextDeadline(state) === null) === isQuiet, 'nobody waits for ever');
}

function checkPlaces({ ledger }: State): void {
  const places = [...ledger.lockers.values()].flatMap(({ item }) => (item === null ? [] : [item]));
  claim(new Set(places).size === places.length, 'an item is in at most one locker');
  for (const item of places) claim(!ledger.loans.has(item), 'an item on loan is in no locker');
}

function checkUnlocks(state: State, unlocks: readonly Unlock[]): void {
  const { ledger, visit, doors } = state;
  claim(unlocks.length <= 1, 'at most one door is unlocked in a step');
  for (const unlock of unlocks) {
    const { intent, withheld } = lockerOf(ledger, unlock.locker);
    claim(intent?.visit === unlock.visit && !intent.opened, 'each unlock has its intent, recorded before it');
    claim(withheld === null || intent?.purpose === 'access', 'only staff open a withheld locker');
    claim(doors.get(unlock.locker) === 'closed', 'only a door that is known to be shut is unlocked');
    claim(visit.kind === 'opening' && visit.locker === unlock.locker, 'only the door of the visit at hand');
  }
}

/** A pass for one loan lends once. */
function checkGrants(events: readonly Event[]): void {
  const passOf = new Map<number, string>();
  const lent = new Set<string>();
  for (const event of events) {
    if (event.type === 'checkout-intended' && event.singleUseUntil !== undefined && event.pass !== undefined)
      passOf.set(event.visit, event.pass);
    const pass = event.type === 'item-lent' ? passOf.get(event.visit) : undefined;
    if (pass === undefined) continue;
    claim(!lent.has(pass), 'a pass for one loan lends once');
    lent.add(pass);
  }
}

/** How often `locker` was withheld since it was last restored. */
function kept(events: readonly Event[], locker: LockerNo): number {
  const own = events.filter((event) => 'locker' in event && event.locker === locker);
  const restored = own.findLastIndex((event) => event.type === 'locker-restored');
  return own.slice(restored + 1).filter((event) => event.type === 'locker-withheld').length;
}

const outcomeTypes: readonly Event['type'][] = [
  'item-lent',
  'checkout-cancelled',
  'item-returned',
  'checkin-cancelled',
  'access-completed',
  'access-cancelled',
];

/** How many outcomes each intent has so far. */
export function settlements(events: readonly Event[]): Map<number, number> {
  const outcomes = new Map<number, number>();
  for (const event of events) {
    if (!('visit' in event)) continue;
    if (event.type.endsWith('-intended')) claim(!outcomes.has(event.visit), 'a visit begins once');
    const before = outcomes.get(event.visit) ?? 0;
    outcomes.set(event.visit, before + (outcomeTypes.includes(event.type) ? 1 : 0));
  }
  return outcomes;
}

/** Stops a story that broke a promise. */
export function claim(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}
