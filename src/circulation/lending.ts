import type { ItemId, LockerNo, PatronId } from '../kernel/ids.js';
import type { Moment } from '../kernel/time.js';
import { changeVisit, type Decision, deadlineIn, refuse } from './decision.js';
import { holdPatronOf } from './holds.js';
import { lockerOf, lockerWith } from './ledger.js';
import type { Refusal } from './refusal.js';
import type { PassHolder, State } from './state.js';
import { isAnyBoardReady } from './state.js';
import { unlock } from './unlock.js';

/** Whether the kiosk can unlock anything at all. */
export function isInService(state: State): boolean {
  return state.journalWritable && isAnyBoardReady(state);
}

/** A door surely closed, in use, with no unlock under way there. */
export function isAvailable(state: State, locker: LockerNo): boolean {
  const { intent, withheld } = lockerOf(state.ledger, locker);
  return isKnownClosed(state, locker) && intent === null && withheld === null;
}

/** A door that is known to be shut. */
export function isKnownClosed({ doors, chattering }: State, locker: LockerNo): boolean {
  return doors.get(locker) === 'closed' && !chattering.has(locker);
}

/** Why the item in `locker` can be borrowed by nobody now; null when it can. */
export function lockerRefusal(state: State, locker: LockerNo): Refusal | null {
  if (!isInService(state)) return 'out-of-service';
  if (!state.lockers.includes(locker) || !isAvailable(state, locker)) return 'locker-unavailable';
  const { item, damage } = lockerOf(state.ledger, locker);
  if (item === null) return 'locker-empty';
  if (hasPendingIntent(state, item)) return 'locker-unavailable';
  if (damage !== null) return 'item-damaged';
  const { items } = state.directory;
  return items !== null && !items.has(item) ? 'item-unknown' : null;
}

/** Whether a door was unlocked for `item` and nobody knows yet what came of it. */
export function hasPendingIntent({ ledger }: State, item: ItemId): boolean {
  return [...ledger.lockers.values()].some(({ intent }) => intent?.item === item);
}

/** Why this patron may not borrow this item; null when she may. */
function itemRefusal(state: State, item: ItemId, holder: PassHolder, moment: Moment): Refusal | null {
  const keptFor = holdPatronOf(state.ledger, item, moment);
  if (keptFor !== undefined && keptFor !== holder.patron) return 'item-on-hold';
  const isForAdults = state.directory.items?.get(item)?.adultsOnly ?? false;
  return isForAdults && holder.age === 'child' ? 'item-for-adults' : null;
}

/** Why nobody may borrow, or renew, with this pass or card at all; null when she may. */
export function holderRefusal(
  { directory, ledger }: State,
  { patron, pass, grant }: PassHolder,
): Refusal | null {
  if (directory.blocked.has(patron)) return 'patron-blocked';
  if (pass !== null && directory.revoked.has(pass)) return 'pass-revoked';
  return grant && !grant.spent && pass !== null && ledger.spent.has(pass) ? 'pass-used' : null;
}

/** Why this patron may borrow no further book; null when she may. */
export function limitRefusal(state: State, patron: PatronId): Refusal | null {
  const { loansPerPatron, loansPerPatronOffline } = state.policy;
  const loans = countLoans(state, patron);
  if (loans >= loansPerPatron) return 'loan-limit';
  return !state.online && loans >= loansPerPatronOffline ? 'loan-limit-offline' : null;
}

/** A pass was shown: on to the choice of a book, or, with the book chosen already, on to its door. */
export function showPass(state: State, holder: PassHolder, moment: Moment): Decision {
  const { visit } = state;
  if (visit.kind === 'opening' || visit.kind === 'open' || visit.kind === 'working')
    return refuse(state, 'busy', moment);
  if (!isInService(state)) return refuse(state, 'out-of-service', moment);
  const refusal = holderRefusal(state, holder);
  // Whoever showed her pass before has left: nothing more happens on her account.
  if (refusal) return refuse({ ...state, visit: { kind: 'idle' } }, refusal, moment);
  const { grant } = holder;
  if (grant?.item) return lendItem(state, grant.item, holder, moment);
  const chosen = preselectedLocker(state, holder.patron);
  if (chosen !== null) return beginCheckout(state, chosen, holder, moment);
  const choosing = startChoosing(state, holder, moment);
  const limit = limitRefusal(state, holder.patron);
  return limit ? refuse(choosing.state, limit, moment) : choosing;
}

/** The locker that was chosen before anybody, or `patron` herself, was known; null when there is none. */
export function preselectedLocker({ visit }: State, patron: PatronId): LockerNo | null {
  if (visit.kind === 'identifying') return visit.locker;
  return visit.kind === 'pin' && visit.patron === patron ? visit.locker : null;
}

/** A pass that is good for one item opens its door. */
function lendItem(state: State, item: ItemId, holder: PassHolder, moment: Moment): Decision {
  const locker = lockerWith(state.ledger, item);
  return locker === undefined
    ? refuse({ ...state, visit: { kind: 'idle' } }, 'item-not-here', moment)
    : beginCheckout(state, locker, holder, moment);
}

/** On to the choice of a book. */
export function startChoosing(state: State, holder: PassHolder, moment: Moment): Decision {
  return changeVisit(state, {
    kind: 'choosing',
    holder,
    deadline: deadlineIn(moment, state.waits.visitIdle),
  });
}

/** A locker was chosen: on to its door, or, with no pass shown yet, on to the pass. */
export function chooseLocker(state: State, locker: LockerNo, moment: Moment): Decision {
  const { visit } = state;
  if (visit.kind === 'opening' || visit.kind === 'open' || visit.kind === 'working')
    return refuse(state, 'busy', moment);
  const refusal = lockerRefusal(state, locker);
  if (refusal) return refuse(state, refusal, moment);
  if (visit.kind === 'choosing' || visit.kind === 'asking')
    return beginCheckout(state, locker, visit.holder, moment);
  if (visit.kind === 'pin') return changeVisit(state, { ...visit, locker });
  return changeVisit(state, {
    kind: 'identifying',
    locker,
    deadline: deadlineIn(moment, state.waits.visitIdle),
  });
}

/** From a locker and a pass to the intent and the unlock. Who is refused this book may choose another. */
function beginCheckout(state: State, locker: LockerNo, holder: PassHolder, moment: Moment): Decision {
  // The catalogue may have spoken since the pass was shown.
  const barred = holderRefusal(state, holder);
  const idle: State = { ...state, visit: { kind: 'idle' } };
  if (barred) return refuse(idle, barred, moment);
  const { item } = lockerOf(state.ledger, locker);
  const refusal =
    lockerRefusal(state, locker) ??
    limitRefusal(state, holder.patron) ??
    (item === null ? 'locker-empty' : itemRefusal(state, item, holder, moment));
  if (refusal || item === null) {
    const next = isForOneItem(holder) ? idle : startChoosing(state, holder, moment).state;
    return refuse(next, refusal ?? 'locker-empty', moment);
  }
  const visit = state.ledger.nextVisit;
  const { patron, pass, grant } = holder;
  const credential = {
    ...(pass === null ? {} : { pass }),
    ...(grant && !grant.spent ? { singleUseUntil: grant.until } : {}),
    ...(grant?.command ? { command: grant.command } : {}),
  };
  const intended = { type: 'checkout-intended', visit, locker, item, patron, ...credential } as const;
  const spent = grant ? { ...holder, grant: { ...grant, spent: true } } : holder;
  return unlock(state, intended, { holder: spent, work: null }, moment);
}

/** Whether the pass is good for one item only: there is nothing else to choose. */
export function isForOneItem({ grant }: PassHolder): boolean {
  return grant !== null && grant.item !== null;
}

/** Loans of this kiosk that `patron` has, with the one perhaps under way at a door. */
function countLoans(state: State, patron: PatronId): number {
  let count = 0;
  for (const loan of state.ledger.loans.values()) if (loan.patron === patron) count += 1;
  for (const { intent } of state.ledger.lockers.values()) {
    if (intent?.purpose === 'checkout' && intent.patron === patron && !intent.opened) count += 1;
  }
  return count;
}
