import { unreachable } from '../kernel/assert.js';
import type { ElapsedMs, Moment } from '../kernel/time.js';
import { carryOn, type Decision, farewell, inTurn, move } from './decision.js';
import { finish, remindAt } from './doors.js';
import { expireHolds } from './holds.js';
import { tryAgain } from './ladder.js';
import { lockerOf } from './ledger.js';
import type { State } from './state.js';

/** When `decide` wants to hear `time-passed` next; null while nothing waits. */
export function nextDeadline({ visit, notice, late, doors }: State): ElapsedMs | null {
  const ends = [
    ...[...late].filter(([locker]) => doors.get(locker) !== 'unknown').map(([, { until }]) => until),
    visit.kind === 'idle' ? null : visit.deadline,
    visit.kind === 'open' ? visit.remindAt : null,
    notice?.deadline ?? null,
  ].filter((end) => end !== null);
  return ends.length > 0 ? (Math.min(...ends) as ElapsedMs) : null;
}

/** A deadline of the state may have come, or a day of the calendar. */
export function timePassed(state: State, moment: Moment): Decision {
  const past = withoutPast(state, moment);
  const current = past.journalWritable ? expireHolds(past, moment) : carryOn(past);
  return inTurn(current, [moment], (each) => visitOver(each, moment));
}

function visitOver(state: State, moment: Moment): Decision {
  const { visit } = state;
  if (visit.kind === 'idle') return carryOn(state);
  if (visit.deadline > moment.elapsedMs) return remind(state, moment);
  switch (visit.kind) {
    case 'choosing':
    case 'identifying':
    case 'pin':
    case 'asking':
      return move(state, farewell(state, { kind: 'timed-out' }, null, moment));
    case 'opening':
    case 'open':
      return doorWaitOver(state, visit, moment);
    case 'farewell':
    case 'working':
      return move(state, { kind: 'idle' });
    default:
      return unreachable(visit);
  }
}

/** Forgets what was only to be remembered until now: a refusal, and who might have opened a door too late. */
function withoutPast(state: State, { elapsedMs }: Moment): State {
  const { notice, doors, justLent } = state;
  return {
    ...state,
    justLent: new Map([...justLent].filter(([, { until }]) => until > elapsedMs)),
    notice: notice !== null && notice.deadline <= elapsedMs ? null : notice,
    late: new Map(
      [...state.late].filter(([locker, { until }]) => until > elapsedMs || doors.get(locker) === 'unknown'),
    ),
  };
}

/** The door stands open for long: the resident is asked to shut it. */
function remind(state: State, moment: Moment): Decision {
  const { visit } = state;
  if (visit.kind !== 'open' || visit.remindAt > moment.elapsedMs) return carryOn(state);
  return carryOn({
    ...state,
    visit: { ...visit, remindAt: remindAt(state, moment), reminders: visit.reminders + 1 },
  });
}

/** Nobody opened the door, or nobody closed it. With the door unknown, an unopened visit stays unsettled. */
function doorWaitOver(
  state: State,
  visit: Extract<State['visit'], { kind: 'opening' | 'open' }>,
  moment: Moment,
): Decision {
  const { locker } = visit;
  const { intent } = lockerOf(state.ledger, locker);
  if (!intent) return move(state, { kind: 'idle' });
  if (visit.kind === 'opening' && !intent.opened) return tryAgain(state, visit, moment);
  const door = state.doors.get(locker) ?? 'unknown';
  return finish(state, locker, intent, door === 'open' ? 'left-open' : door, moment);
}
