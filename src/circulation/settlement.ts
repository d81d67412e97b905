import type { LockerNo } from '../kernel/ids.js';
import type { Moment } from '../kernel/time.js';
import { type Decision, decideEach, stateOnly, transition } from './decision.js';
import {
  cancelIntent,
  cancelledEvent,
  doorVisit,
  finishAfterOpening,
  finishVisit,
  isCurrentVisit,
  recordOpened,
  visitAfterDoor,
  withheldEvents,
} from './doors.js';
import { type Intent, lockerOf } from './ledger.js';
import { boardOf, type LastPulse, type State } from './state.js';

/** Settles each pending intent at `lockers` whose door is known. */
export function settleIntents(state: State, lockers: Iterable<LockerNo>, moment: Moment): Decision {
  return decideEach(stateOnly(state), lockers, (each, locker) => settleIntent(each, locker, moment));
}

/**
 * Settles the intent recorded at `locker`, as far as its door and the board's memory show it. A visit of another person does
 * not change: known outcomes are recorded, and waits start when the kiosk is idle.
 */
export function settleIntent(state: State, locker: LockerNo, moment: Moment): Decision {
  const { intent } = lockerOf(state.ledger, locker);
  const door = state.doors.get(locker) ?? 'unknown';
  if (!intent || door === 'unknown') return stateOnly(state);
  return keepOtherVisit(state, locker, settleAtKnownDoor(state, locker, intent, door, moment));
}

function settleAtKnownDoor(
  state: State,
  locker: LockerNo,
  intent: Intent,
  door: 'open' | 'closed',
  moment: Moment,
): Decision {
  if (door === 'closed') {
    return intent.opened
      ? finishVisit(state, locker, intent, 'closed', moment)
      : settleClosedDoor(state, locker, intent, moment);
  }
  return intent.opened
    ? resumeVisit(state, locker, intent, moment)
    : recordOpened(state, locker, intent, moment);
}

/** Returns `decision` about `locker` with the current visit kept, if that is at another locker. */
export function keepOtherVisit({ visit, notice }: State, locker: LockerNo, decision: Decision): Decision {
  const isFree = visit.kind === 'idle' || ('locker' in visit && visit.locker === locker);
  return isFree ? decision : { ...decision, state: { ...decision.state, visit, notice } };
}

/** The door is shut and not recorded to have opened: the board remembers whether it did. */
function settleClosedDoor(state: State, locker: LockerNo, intent: Intent, moment: Moment): Decision {
  const { lastPulse = null, firstVisitSince = 0 } = boardOf(state, locker) ?? {};
  // A board that lost power forgot its pulse; a pulse after its report could only be seen by the switch.
  if (!lastPulse || intent.visit >= firstVisitSince) return cancelAsUnknown(state, locker, intent, moment);
  const since16 = (intent.visit - lastPulse.tag) & 0xffff;
  if (since16 > 0 && since16 < 0x8000) {
    return hasOpenedAfterMiss(state, lastPulse, locker)
      ? cancelAsUnknown(state, locker, intent, moment)
      : cancelIntent(state, locker, intent, 'interrupted', moment);
  }
  // A later visit's pulse has taken the place of this one's in the board's memory.
  if (since16 !== 0 || lastPulse.locker !== locker) return cancelAsUnknown(state, locker, intent, moment);
  if (!lastPulse.opened) return resumeVisit(state, locker, intent, moment);
  const first = recordOpened(state, locker, intent, moment);
  return finishAfterOpening(first, locker, 'closed', moment);
}

/**
 * Whether a door opened that is recorded as never opened: its latch stayed free after the visit, and it opened while the board
 * was not connected.
 */
export function hasOpenedAfterMiss({ ledger }: State, pulse: LastPulse, locker: LockerNo): boolean {
  return pulse.locker === locker && pulse.opened && lockerOf(ledger, locker).missed > 0;
}

/** Cancels an intent whose outcome is not known, and withholds its locker. */
function cancelAsUnknown(state: State, locker: LockerNo, intent: Intent, moment: Moment): Decision {
  const { purpose } = intent;
  return transition(
    state,
    [cancelledEvent(locker, intent, 'outcome-unknown'), ...withheldEvents(state, locker, 'outcome-unknown')],
    visitAfterDoor(state, locker, intent, { kind: 'outcome-unknown', purpose }, moment),
  );
}

/** Resumes an interrupted visit, unless it is the current one. */
function resumeVisit(state: State, locker: LockerNo, intent: Intent, moment: Moment): Decision {
  if (isCurrentVisit(state, intent)) return stateOnly(state);
  return stateOnly({ ...state, visit: doorVisit(state, locker, intent, moment) });
}
