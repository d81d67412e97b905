import { unreachable } from '../kernel/assert.js';
import type { ItemId, LockerNo, StaffId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import { type Moment, milliseconds } from '../kernel/time.js';
import { findEmptyLocker } from './checkin.js';
import { changeVisit, type Decision, deadlineIn, recordEvents, refuse, stateOnly } from './decision.js';
import type { Event, StaffTask } from './event.js';
import type { StaffAct } from './input.js';
import { lockerOf } from './ledger.js';
import { hasPendingIntent, isInService, isKnownClosed } from './lending.js';
import type { Opening, StaffWork, State, Visit, Working } from './state.js';
import { unlock, unlockStrengths } from './unlock.js';

/** A staff pass was shown. */
export function showStaffPass(state: State, staff: StaffId, moment: Moment): Decision {
  const { kind } = state.visit;
  if (kind === 'opening' || kind === 'open') return refuse(state, 'busy', moment);
  if (!state.journalWritable) return refuse(state, 'out-of-service', moment);
  return changeVisit(state, workingVisit({ staff, task: null, left: [], found: undefined }, moment));
}

/** At work with no door unlocked. */
export function workingVisit(
  work: StaffWork,
  moment: Moment,
  emergency: Working['emergency'] = 'no',
): Working {
  const deadline = deadlineIn(moment, milliseconds(limits.staffIdleMs));
  return { kind: 'working', work: { ...work, found: undefined }, emergency, deadline };
}

/** A member of staff asked for something on the screen. */
export function handleStaffAct(state: State, act: StaffAct, moment: Moment): Decision {
  const { visit } = state;
  if (visit.kind === 'opening' || visit.kind === 'open') return actAtDoor(state, visit, act, moment);
  if (visit.kind !== 'working') return refuse(state, 'staff-only', moment);
  const { work } = visit;
  switch (act.do) {
    case 'menu':
      return changeVisit(state, workingVisit({ ...work, task: null, left: [] }, moment));
    case 'restock':
      return changeVisit(state, workingVisit({ ...work, task: 'restock', left: [] }, moment));
    case 'count':
      return changeVisit(state, workingVisit({ ...work, task: 'count', left: state.lockers }, moment));
    case 'open-all':
      return changeVisit(state, workingVisit({ ...work, task: null, left: [] }, moment, 'asked'));
    case 'confirm':
      return confirmOpenAll(state, visit, moment);
    case 'open':
      return beginAccess(state, act.locker, work, 'open', null, moment);
    case 'withdraw': {
      const { item } = lockerOf(state.ledger, act.locker);
      if (item === null) return refuse(state, 'locker-empty', moment);
      return beginAccess(state, act.locker, work, 'withdraw', item, moment);
    }
    case 'withhold':
    case 'restore':
      return setService(state, act.locker, act.do, work, moment);
    case 'found-nothing':
      return refuse(state, 'choose-task', moment);
    default:
      return unreachable(act);
  }
}

/** At an unlocked door staff enter what they found there, or that this door is the last. */
function actAtDoor(
  state: State,
  visit: Extract<Visit, { kind: 'opening' | 'open' }>,
  act: StaffAct,
  moment: Moment,
): Decision {
  if (visit.work === null) return refuse(state, 'staff-only', moment);
  if (act.do === 'menu')
    return stateOnly({ ...state, visit: { ...visit, work: { ...visit.work, left: [] } } });
  if (act.do === 'found-nothing' && visit.kind === 'open') return recordFound(state, null, moment);
  return refuse(state, 'busy', moment);
}

/** Records what was found behind the open door of a count; null: nothing. */
export function recordFound(state: State, item: ItemId | null, moment: Moment): Decision {
  const { visit } = state;
  if (visit.kind !== 'open' || visit.work?.task !== 'count') return refuse(state, 'busy', moment);
  // A pending outcome at another door may still move it.
  if (item !== null && hasPendingIntent(state, item)) return refuse(state, 'item-already-here', moment);
  return stateOnly({ ...state, visit: { ...visit, work: { ...visit.work, found: item } }, notice: null });
}

/** Opening all doors must be requested, and confirmed twice. */
function confirmOpenAll(state: State, { emergency, work }: Working, moment: Moment): Decision {
  switch (emergency) {
    case 'no':
      return refuse(state, 'choose-task', moment);
    case 'asked':
      return changeVisit(state, workingVisit(work, moment, 'confirmed'));
    case 'confirmed':
      return changeVisit(state, workingVisit({ ...work, task: 'open-all', left: state.lockers }, moment));
  }
}

/** An item was shown by staff: it is put into an empty locker. */
export function restock(state: State, item: ItemId, { work }: Working, moment: Moment): Decision {
  if (work.task !== 'restock') return refuse(state, 'choose-task', moment);
  if (!isInService(state)) return refuse(state, 'out-of-service', moment);
  if (hasPendingIntent(state, item)) return refuse(state, 'item-already-here', moment);
  const locker = findEmptyLocker(state);
  if (locker === undefined) return refuse(state, 'cabinet-full', moment);
  return beginAccess(state, locker, work, 'restock', item, moment);
}

function setService(
  state: State,
  locker: LockerNo,
  what: 'withhold' | 'restore',
  work: StaffWork,
  moment: Moment,
): Decision {
  if (!state.lockers.includes(locker)) return refuse(state, 'locker-unavailable', moment);
  const { withheld, damage } = lockerOf(state.ledger, locker);
  const { staff } = work;
  const isNews = what === 'withhold' ? withheld === null : withheld !== null || damage !== null;
  const event: Event =
    what === 'withhold'
      ? { type: 'locker-withheld', locker, reason: 'out-of-service', staff }
      : { type: 'locker-restored', locker, staff };
  const done = recordEvents(state, isNews ? [event] : []);
  return { ...done, state: { ...done.state, visit: workingVisit(work, moment), notice: null } };
}

/** Why staff cannot have this door opened now; unlike residents they may open one that is withheld. */
export function accessRefusal(
  state: State,
  locker: LockerNo,
): 'out-of-service' | 'locker-unavailable' | null {
  if (!isInService(state)) return 'out-of-service';
  const isFree = state.lockers.includes(locker) && lockerOf(state.ledger, locker).intent === null;
  return isFree && isKnownClosed(state, locker) ? null : 'locker-unavailable';
}

function beginAccess(
  state: State,
  locker: LockerNo,
  work: StaffWork,
  task: StaffTask,
  item: ItemId | null,
  moment: Moment,
): Decision {
  const refusal = accessRefusal(state, locker);
  if (refusal) return refuse(state, refusal, moment);
  const { staff } = work;
  const visit = state.ledger.nextVisit;
  const intended = { type: 'access-intended', visit, locker, staff, task, item } as const;
  return unlock(state, intended, { holder: null, work: { ...work, found: undefined } }, moment);
}

/**
 * Opens the next door of a count or an emergency and skips those that cannot be opened. A refusal is shown if the last ones
 * were skipped.
 */
export function openNextDoor(state: State, { work }: Working, moment: Moment): Decision {
  const { task } = work;
  if (task !== 'count' && task !== 'open-all') return stateOnly(state);
  const at = work.left.findIndex((locker) => accessRefusal(state, locker) === null);
  const locker = work.left[at];
  if (locker === undefined) {
    const done: State = { ...state, visit: workingVisit({ ...work, task: null, left: [] }, moment) };
    const isWhole = work.left.length === 0;
    return isWhole
      ? stateOnly(done)
      : refuse(done, isInService(state) ? 'locker-unavailable' : 'out-of-service', moment);
  }
  const begun = beginAccess(state, locker, { ...work, left: work.left.slice(at + 1) }, task, null, moment);
  return task === 'open-all' ? attemptOnce(begun, moment) : begun;
}

/** Limits an emergency opening to one short attempt per door. */
function attemptOnce(begun: Decision, moment: Moment): Decision {
  const { visit } = begun.state;
  if (visit.kind !== 'opening') return begun;
  const deadline = deadlineIn(moment, milliseconds(limits.emergencyDoorMs));
  const hasty: Opening = { ...visit, attempt: unlockStrengths.length, deadline };
  return { ...begun, state: { ...begun.state, visit: hasty } };
}
