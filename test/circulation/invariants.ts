import { nextDeadline } from '../../src/circulation/deadlines.js';
import type { Decision } from '../../src/circulation/decision.js';
import type { Event } from '../../src/circulation/event.js';
import type { Unlock } from '../../src/circulation/input.js';
import { emptyLedger, type Loan, lockerOf } from '../../src/circulation/ledger.js';
import { applyEvent } from '../../src/circulation/ledger-changes.js';
import type { State } from '../../src/circulation/state.js';
import type { ItemId, LockerNo } from '../../src/kernel/ids.js';
import { unlocksOf } from './player.js';

/** What must hold after every decision, whatever happened before; `events` are all so far, with those of the decision. */
export function checkAlways(decision: Decision, events: readonly Event[]): void {
  const { state, events: fresh, effects } = decision;
  checkPlaces(state);
  checkVisit(state);
  checkUnlocks(state, unlocksOf(effects));
  checkLending(decision, events);
  checkPins(decision);
  if (fresh.length > 0) checkOutcomes(events);
  for (const event of fresh) {
    if (event.type !== 'locker-withheld') continue;
    claim(kept(events, event.locker) === 1, 'a locker is withheld once until it is restored');
  }
  if (fresh.length > 0) checkGrants(events);
  const { visit, notice } = state;
  const late = [...state.lateVisits.keys()].filter((each) => state.doors.get(each) !== 'unknown');
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

function checkOutcomes(events: readonly Event[]): void {
  for (const [visit, outcomes] of settlements(events))
    claim(outcomes <= 1, `visit ${visit} has one outcome at most`);
}

/** Whoever is at a door is there for what is recorded of it; work never rests between two doors. */
function checkVisit({ ledger, visit }: State): void {
  if (visit.kind === 'opening' || visit.kind === 'open') {
    const { intent } = lockerOf(ledger, visit.locker);
    claim(intent?.visit === visit.visit, 'a visit at a door has its intent there');
    claim(intent?.opened === (visit.kind === 'open'), 'it is open once that is on record');
    claim(visit.work === null || intent?.purpose === 'access', 'only the work of staff is done by staff');
  }
  if (visit.kind !== 'working') return;
  claim(visit.work.left.length === 0, 'the next door of a count is opened at once');
}

/** Who may not borrow begins no checkout, nor one of what may not be lent; what is lent was intended. */
function checkLending({ state, events: fresh }: Decision, events: readonly Event[]): void {
  const { directory, ledger, policy } = state;
  for (const event of fresh) {
    if (event.type === 'item-renewed')
      claim(event.dueAt >= (loanBefore(events, event)?.dueAt ?? 0), 'a renewal takes no time away');
    if (event.type === 'checkout-undone')
      claim(loanBefore(events, event)?.visit === event.visit, 'only the loan at hand is undone');
    if (event.type === 'item-lent') {
      const begun = events.find((each) => each.type === 'checkout-intended' && each.visit === event.visit);
      claim(begun?.type === 'checkout-intended' && begun.item === event.item, 'what is lent was intended');
      claim(begun?.type === 'checkout-intended' && begun.patron === event.patron, 'and by her');
    }
    // Of a door that opens too late only the facts are recorded.
    const isLate = fresh.some((each) => each.type === 'item-lent');
    if (event.type !== 'checkout-intended' || isLate) continue;
    const { patron, item, pass, locker } = event;
    claim(!directory.blocked.has(patron), 'who is blocked borrows nothing');
    claim(pass === undefined || !directory.revoked.has(pass), 'a revoked pass opens nothing');
    claim(directory.items?.has(item) ?? true, 'a book that nobody knows is not lent');
    claim(lockerOf(ledger, locker).damage === null, 'a damaged book is not lent');
    claim(lockerOf(ledger, locker).item === item, 'only what is recorded there is lent');
    const loans = [...ledger.loans.values()].filter((loan) => loan.patron === patron).length;
    claim(loans < policy.loansPerPatron, 'nobody borrows beyond the limit');
    const holder = state.visit.kind === 'opening' ? state.visit.holder : null;
    claim(holder?.patron === patron, 'a checkout is the visit of who shows the pass');
    claim((holder?.grant?.item ?? item) === item, 'a pass for one book opens the door of that book');
    const isForAdults = directory.items?.get(item)?.adultsOnly ?? false;
    claim(!isForAdults || holder?.age === 'adult', 'no child borrows what is for adults');
  }
}

/** The loan that the item of `event` was on until then. */
function loanBefore(
  events: readonly Event[],
  event: Extract<Event, { readonly item: ItemId }>,
): Loan | undefined {
  return events.slice(0, events.lastIndexOf(event)).reduce(applyEvent, emptyLedger).loans.get(event.item);
}

/** No PIN is looked at before it is on record that it was tried. */
function checkPins({ state, events, effects }: Decision): void {
  for (const effect of effects) {
    if (effect.kind !== 'check-pin') continue;
    const isTried = events.some((each) => each.type === 'pin-tried' && each.patron === effect.patron);
    claim(isTried, 'that a PIN was tried is recorded with it');
    const { visit } = state;
    claim(
      visit.kind === 'pin' && visit.isChecking && visit.patron === effect.patron,
      'somebody waits for it',
    );
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

/** Stops a run that broke a promise. */
export function claim(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}
