import type { ItemId, LockerNo, PatronId } from '../kernel/ids.js';
import type { Moment } from '../kernel/time.js';
import { changeVisit, type Decision, deadlineIn, refuse } from './decision.js';
import { holdPatronOf } from './holds.js';
import { lockerOf, lockerWith } from './ledger.js';
import type { Refusal } from './refusal.js';
import type { PassHolder, State } from './state.js';
import { isAnyBoardReady } from './state.js';
import { unlock } from './unlock.js';

/** Whether the kiosk can unlock doors: the journal can be written and a board is ready. */
export function isInService(state: State): boolean {
  return state.journalWritable && isAnyBoardReady(state);
}

/** Whether a locker is closed, not withheld, and without a pending intent. */
export function isAvailable(state: State, locker: LockerNo): boolean {
  const { intent, withheld } = lockerOf(state.ledger, locker);
  return isKnownClosed(state, locker) && intent === null && withheld === null;
}

/** Whether a door is known to be closed. */
export function isKnownClosed({ doors, chattering }: State, locker: LockerNo): boolean {
  return doors.get(locker) === 'closed' && !chattering.has(locker);
}

/** Why the item in `locker` cannot be borrowed now; null when it can. */
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

/** Whether an intent for `item` is pending at a door. */
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

/** Why this pass or card may not be used to borrow or renew; null when it may. */
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

/** A pass was shown: offers the books, or, with a book chosen before, opens its door. */
export function showPass(state: State, holder: PassHolder, moment: Moment): Decision {
  const { visit } = state;
  if (visit.kind === 'opening' || visit.kind === 'open' || visit.kind === 'working')
    return refuse(state, 'busy', moment);
  if (!isInService(state)) return refuse(state, 'out-of-service', moment);
  const refusal = holderRefusal(state, holder);
  // A new pass ends the visit before.
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

/** Offers the books to choose from. */
export function startChoosing(state: State, holder: PassHolder, moment: Moment): Decision {
  return changeVisit(state, {
    kind: 'choosing',
    holder,
    deadline: deadlineIn(moment, state.waits.visitIdle),
  });
}

/** A locker was chosen: opens its door, or, with no pass shown yet, asks for the pass. */
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

/** Records the intent and unlocks the locker. After a refusal another book may be chosen. */
function beginCheckout(state: State, locker: LockerNo, holder: PassHolder, moment: Moment): Decision {
  // The catalogue may have changed since the pass was shown.
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

/** Counts the patron's loans from this kiosk, including a pending one. */
function countLoans(state: State, patron: PatronId): number {
  let count = 0;
  for (const loan of state.ledger.loans.values()) if (loan.patron === patron) count += 1;
  for (const { intent } of state.ledger.lockers.values()) {
    if (intent?.purpose === 'checkout' && intent.patron === patron && !intent.opened) count += 1;
  }
  return count;
}
