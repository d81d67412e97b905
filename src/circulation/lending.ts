import type { ItemId, LockerNo, PatronId } from '../kernel/ids.js';
import type { Moment } from '../kernel/time.js';
import { someBoardReady } from './boards.js';
import { type Decision, deadlineIn, move, record, refuse } from './decision.js';
import type { Effect } from './input.js';
import { lockerOf } from './ledger.js';
import type { Opening, PassHolder, Refusal, State } from './state.js';
import { ladder, tryWait } from './tries.js';

/** Whether the kiosk can unlock anything at all. */
export function inService(state: State): boolean {
  return state.journalWritable && someBoardReady(state);
}

/** Why the item in `locker` cannot be borrowed now; null when it can. */
export function lockerRefusal(state: State, locker: LockerNo): Refusal | null {
  if (!inService(state)) return 'out-of-service';
  if (!state.lockers.includes(locker) || !isShutAndFree(state, locker)) return 'locker-unavailable';
  return lockerOf(state.ledger, locker).item === null ? 'locker-empty' : null;
}

/** A door surely closed, in use, with no unlock under way there. */
function isShutAndFree(state: State, locker: LockerNo): boolean {
  const { intent, withheld } = lockerOf(state.ledger, locker);
  const isShut = state.doors.get(locker) === 'closed' && !state.chattering.has(locker);
  return isShut && intent === null && withheld === null;
}

/** A pass was shown: on to the choice of a book, or, with the book chosen already, on to its door. */
export function showPass(state: State, holder: PassHolder, moment: Moment): Decision {
  const { visit } = state;
  if (visit.kind === 'opening' || visit.kind === 'open') return refuse(state, 'busy', moment);
  if (!inService(state)) return refuse(state, 'out-of-service', moment);
  if (loansOf(state, holder.patron) >= state.policy.loansPerPatron) {
    // Whoever showed her pass before has left: the book that is chosen next must not be lent to her.
    const isOther = visit.kind === 'choosing' && visit.holder.patron !== holder.patron;
    return refuse(isOther ? { ...state, visit: { kind: 'idle' } } : state, 'loan-limit', moment);
  }
  if (visit.kind === 'identifying') return beginCheckout(state, visit.locker, holder, moment);
  return move(state, { kind: 'choosing', holder, deadline: deadlineIn(moment, state.waits.visitIdle) });
}

/** A locker was chosen: on to its door, or, with no pass shown yet, on to the pass. */
export function chooseLocker(state: State, locker: LockerNo, moment: Moment): Decision {
  const { visit } = state;
  if (visit.kind === 'opening' || visit.kind === 'open') return refuse(state, 'busy', moment);
  const refusal = lockerRefusal(state, locker);
  if (refusal) return refuse(state, refusal, moment);
  if (visit.kind === 'choosing') return beginCheckout(state, locker, visit.holder, moment);
  return move(state, { kind: 'identifying', locker, deadline: deadlineIn(moment, state.waits.visitIdle) });
}

function beginCheckout(state: State, locker: LockerNo, holder: PassHolder, moment: Moment): Decision {
  const refusal = lockerRefusal(state, locker);
  if (refusal) return refuse(state, refusal, moment);
  const { item } = lockerOf(state.ledger, locker);
  if (item === null) return refuse(state, 'locker-empty', moment);
  const visit = state.ledger.nextVisit;
  const { patron, pass } = holder;
  return unlock(state, { type: 'checkout-intended', visit, locker, item, patron, pass }, holder, moment);
}

/** An item was shown: an empty locker opens to take it back. Anyone may bring anything, no pass needed. */
export function beginCheckin(state: State, item: ItemId, moment: Moment): Decision {
  const { visit: current, ledger } = state;
  if (current.kind === 'opening' || current.kind === 'open') return refuse(state, 'busy', moment);
  if (!inService(state)) return refuse(state, 'out-of-service', moment);
  if (isHere(state, item)) return refuse(state, 'item-already-here', moment);
  const locker = state.lockers.find((l) => isShutAndFree(state, l) && lockerOf(ledger, l).item === null);
  if (locker === undefined) return refuse(state, 'cabinet-full', moment);
  return unlock(state, { type: 'checkin-intended', visit: ledger.nextVisit, locker, item }, null, moment);
}

function unlock(
  state: State,
  intended: Extract<Parameters<typeof record>[1][number], { type: 'checkout-intended' | 'checkin-intended' }>,
  holder: PassHolder | null,
  moment: Moment,
): Decision {
  const { locker, visit } = intended;
  const effect: Effect = { kind: 'unlock', locker, visit, strength: ladder[0] };
  const since = moment.elapsedMs;
  const deadline = deadlineIn(moment, tryWait(state));
  const opening: Opening = {
    kind: 'opening',
    locker,
    visit,
    holder,
    attempt: 1,
    since,
    stuck: false,
    deadline,
  };
  // From now on, whoever opens this door is not the one before.
  const late = new Map(state.late);
  late.delete(locker);
  return record({ ...state, late }, [intended], opening, [effect]);
}

function isHere(state: State, item: ItemId): boolean {
  for (const record of state.ledger.lockers.values()) {
    if (record.item === item || record.intent?.item === item) return true;
  }
  return false;
}

/** Loans of this kiosk that `patron` has, with the one perhaps under way at a door. */
function loansOf(state: State, patron: PatronId): number {
  let count = 0;
  for (const loan of state.ledger.loans.values()) if (loan.patron === patron) count += 1;
  for (const { intent } of state.ledger.lockers.values()) {
    if (intent?.patron === patron && !intent.opened) count += 1;
  }
  return count;
}
