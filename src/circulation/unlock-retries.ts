import { limits } from '../kernel/limits.js';
import { type Moment, milliseconds } from '../kernel/time.js';
import { beginCheckin } from './checkin.js';
import {
  changeVisit,
  type Decision,
  deadlineIn,
  farewellVisit,
  refuse,
  refuseMistimed,
  stateOnly,
  transition,
} from './decision.js';
import { cancelledEvent, withheldEvents } from './doors.js';
import type { Event } from './event.js';
import { type Intent, lockerOf } from './ledger.js';
import { isForOneItem, startChoosing } from './lending.js';
import { workingVisit } from './staff.js';
import type { Opening, State } from './state.js';
import { attemptDuration, remainingStrengths } from './unlock.js';

/** Consecutive visits without an opening before a locker is withheld, if it was not reported stuck: people walk away. */
const missesToWithhold = 2;

/** A resident reports that the unlocked door does not open: the next attempt starts at once, or the visit ends. */
export function reportStuck(state: State, moment: Moment): Decision {
  const { visit } = state;
  if (visit.kind !== 'opening') return refuseMistimed(state, moment);
  // Resumed after an interruption: its lock is not pulsed again.
  if (visit.attempt === 0) return refuse(state, 'busy', moment);
  const reported = { ...state, visit: { ...visit, stuck: true } };
  // A double tap means one attempt, and a coil needs its rest.
  if (moment.elapsedMs - visit.attemptStartedAt < limits.stuckRepeatMs) return stateOnly(reported);
  return retryUnlock(reported, reported.visit, moment);
}

/** Starts the next attempt at a door that is still shut, under the same intent, or cancels the intent. */
export function retryUnlock(state: State, visit: Opening, moment: Moment): Decision {
  const { locker } = visit;
  const { intent, withheld: isKept } = lockerOf(state.ledger, locker);
  const [strength] = remainingStrengths(visit);
  if (!intent) return changeVisit(state, { kind: 'idle' });
  const isUnknown = state.doors.get(locker) === 'unknown';
  // Staff may open a withheld locker, and a stuck door needs the longer attempt.
  const isOver = isKept !== null && intent.purpose !== 'access';
  if (!strength || isOver)
    return isUnknown
      ? leaveUnsettled(state, visit, intent, moment)
      : giveUpUnlock(state, visit, intent, moment);
  const next: Opening = {
    ...visit,
    attempt: visit.attempt + 1,
    attemptStartedAt: moment.elapsedMs,
    deadline: deadlineIn(moment, attemptDuration(state)),
  };
  // While the door is unknown the lock is not pulsed.
  if (isUnknown) return changeVisit(state, next);
  return transition(state, [], next, [{ kind: 'unlock', locker, visit: visit.visit, strength }]);
}

/** Leaves the intent pending while its door is unknown; it is settled when the door is known again. */
function leaveUnsettled(
  state: State,
  { locker, work }: Opening,
  { purpose }: Intent,
  moment: Moment,
): Decision {
  const ended = farewellVisit(state, { kind: 'outcome-unknown', purpose }, locker, moment);
  return changeVisit(state, work ? workingVisit(work, moment) : ended);
}

/** Cancels the intent. A locker that was reported stuck, or missed repeatedly, is withheld. */
function giveUpUnlock(state: State, visit: Opening, intent: Intent, moment: Moment): Decision {
  const { locker, holder, work, stuck } = visit;
  const { missed } = lockerOf(state.ledger, locker);
  const isDoubtful = stuck || missed + 1 >= missesToWithhold;
  const events: Event[] = [
    cancelledEvent(locker, intent, 'never-opened'),
    ...(isDoubtful ? withheldEvents(state, locker, 'did-not-open') : []),
  ];
  const outcome = { kind: 'never-opened', purpose: intent.purpose } as const;
  const next = rememberLateVisit(state, visit, intent, moment);
  if (work)
    return refuse(transition(next, events, workingVisit(work, moment)).state, 'locker-stuck', moment, events);
  const over = transition(next, events, farewellVisit(state, outcome, locker, moment));
  return stuck ? offerAnotherLocker(over, intent, holder, moment) : over;
}

/** Remembers whose visit a late opening would be; not in an emergency. */
function rememberLateVisit(state: State, { locker, holder }: Opening, intent: Intent, moment: Moment): State {
  if (intent.purpose === 'access' && intent.task === 'open-all') return state;
  const loan = intent.item === null ? undefined : state.ledger.loans.get(intent.item);
  const until = deadlineIn(moment, milliseconds(limits.lateOpeningMs));
  return { ...state, lateVisits: new Map(state.lateVisits).set(locker, { intent, loan, holder, until }) };
}

/** Offers another door to a person who is still there: the next empty one for a return, a choice for a loan. */
function offerAnotherLocker(
  over: Decision,
  intent: Intent,
  holder: Opening['holder'],
  moment: Moment,
): Decision {
  const { state, events } = over;
  if (intent.purpose === 'checkin') {
    const next = beginCheckin(state, intent.item, moment);
    if (next.events.length === 0) return over;
    const refused = refuse(next.state, 'locker-stuck', moment).state;
    return { state: refused, events: [...events, ...next.events], effects: next.effects };
  }
  const mayChoose = holder !== null && !isForOneItem(holder);
  return mayChoose
    ? refuse(startChoosing(state, holder, moment).state, 'locker-stuck', moment, events)
    : over;
}
