import { limits } from '../kernel/limits.js';
import { type Moment, milliseconds } from '../kernel/time.js';
import { beginCheckin } from './checkin.js';
import {
  carryOn,
  type Decision,
  deadlineIn,
  farewell,
  move,
  outOfPlace,
  record,
  refuse,
} from './decision.js';
import { cancelled, withheld } from './doors.js';
import type { Event } from './event.js';
import { type Intent, lockerOf } from './ledger.js';
import { choose, isForOneItem } from './lending.js';
import { working } from './staff.js';
import type { Opening, State } from './state.js';
import { triesLeft, tryWait } from './unlock-attempts.js';

/** Visits in a row that found a door shut before it is withheld, when nobody said that it is stuck: people walk away. */
const missesToWithhold = 2;

/** The resident says that the unlocked door does not open: the next try comes at once, or the visit ends. */
export function reportStuck(state: State, moment: Moment): Decision {
  const { visit } = state;
  if (visit.kind !== 'opening') return outOfPlace(state, moment);
  // Taken up after an interruption: its lock is not released again.
  if (visit.attempt === 0) return refuse(state, 'busy', moment);
  const said = { ...state, visit: { ...visit, stuck: true } };
  // Whoever taps twice means one try, and a coil needs its rest.
  if (moment.elapsedMs - visit.since < limits.stuckAgainMs) return carryOn(said);
  return tryAgain(said, said.visit, moment);
}

/** The time of one try is over and the door is still shut: tries again, under the same intent, or gives up. */
export function tryAgain(state: State, visit: Opening, moment: Moment): Decision {
  const { locker } = visit;
  const { intent, withheld: isKept } = lockerOf(state.ledger, locker);
  const [strength] = triesLeft(visit);
  if (!intent) return move(state, { kind: 'idle' });
  const isUnknown = state.doors.get(locker) === 'unknown';
  // Staff may open what is kept for them, and a stuck door wants the longer try more than any other.
  const isOver = isKept !== null && intent.purpose !== 'access';
  if (!strength || isOver)
    return isUnknown ? leaveOpen(state, visit, intent, moment) : giveUp(state, visit, intent, moment);
  const next: Opening = {
    ...visit,
    attempt: visit.attempt + 1,
    since: moment.elapsedMs,
    deadline: deadlineIn(moment, tryWait(state)),
  };
  // A lock whose board or switch says nothing is only waited for.
  if (isUnknown) return move(state, next);
  return record(state, [], next, [{ kind: 'unlock', locker, visit: visit.visit, strength }]);
}

/** With its door not known, whatever the resident says, the intent is settled when it is known again. */
function leaveOpen(state: State, { locker, work }: Opening, { purpose }: Intent, moment: Moment): Decision {
  const told = farewell(state, { kind: 'outcome-unknown', purpose }, locker, moment);
  return move(state, work ? working(work, moment) : told);
}

/** Nothing lent or returned. A door that is said to be stuck, or was found shut again, is kept for the maintainer. */
function giveUp(state: State, visit: Opening, intent: Intent, moment: Moment): Decision {
  const { locker, holder, work, stuck } = visit;
  const { missed } = lockerOf(state.ledger, locker);
  const isDoubtful = stuck || missed + 1 >= missesToWithhold;
  const events: Event[] = [
    cancelled(locker, intent, 'never-opened'),
    ...(isDoubtful ? withheld(state, locker, 'did-not-open') : []),
  ];
  const outcome = { kind: 'never-opened', purpose: intent.purpose } as const;
  const next = withLate(state, visit, intent, moment);
  if (work) return refuse(record(next, events, working(work, moment)).state, 'locker-stuck', moment, events);
  const over = record(next, events, farewell(state, outcome, locker, moment));
  return stuck ? offerAnother(over, intent, holder, moment) : over;
}

/** Remembers who might still open the door a little late; in an emergency nobody waits for that. */
function withLate(state: State, { locker, holder }: Opening, intent: Intent, moment: Moment): State {
  if (intent.purpose === 'access' && intent.task === 'open-all') return state;
  const loan = intent.item === null ? undefined : state.ledger.loans.get(intent.item);
  const until = deadlineIn(moment, milliseconds(limits.lateOpeningMs));
  return { ...state, late: new Map(state.late).set(locker, { intent, loan, holder, until }) };
}

/** Whoever still stands there gets another door: the next empty one for a return, a choice for a loan. */
function offerAnother(over: Decision, intent: Intent, holder: Opening['holder'], moment: Moment): Decision {
  const { state, events } = over;
  if (intent.purpose === 'checkin') {
    const next = beginCheckin(state, intent.item, moment);
    if (next.events.length === 0) return over;
    const told = refuse(next.state, 'locker-stuck', moment).state;
    return { state: told, events: [...events, ...next.events], effects: next.effects };
  }
  const mayChoose = holder !== null && !isForOneItem(holder);
  return mayChoose ? refuse(choose(state, holder, moment).state, 'locker-stuck', moment, events) : over;
}
