import { unreachable } from '../kernel/assert.js';
import type { ElapsedMs, Moment } from '../kernel/time.js';
import { changeVisit, type Decision, decideEach, farewellVisit, stateOnly } from './decision.js';
import { finishVisit, remindAt } from './doors.js';
import { expireHolds } from './holds.js';
import { lockerOf } from './ledger.js';
import type { State } from './state.js';
import { retryUnlock } from './unlock-retries.js';

/** When `time-passed` is due next; null while no deadline is set. */
export function nextDeadline({ visit, notice, lateVisits, doors }: State): ElapsedMs | null {
  const ends = [
    ...[...lateVisits].filter(([locker]) => doors.get(locker) !== 'unknown').map(([, { until }]) => until),
    visit.kind === 'idle' ? null : visit.deadline,
    visit.kind === 'open' ? visit.remindAt : null,
    notice?.deadline ?? null,
  ].filter((end) => end !== null);
  return ends.length > 0 ? (Math.min(...ends) as ElapsedMs) : null;
}

/** Handles deadlines that have passed, and holds that have expired. */
export function handleTimePassed(state: State, moment: Moment): Decision {
  const past = dropExpired(state, moment);
  const current = past.journalWritable ? expireHolds(past, moment) : stateOnly(past);
  return decideEach(current, [moment], (each) => expireVisit(each, moment));
}

function expireVisit(state: State, moment: Moment): Decision {
  const { visit } = state;
  if (visit.kind === 'idle') return stateOnly(state);
  if (visit.deadline > moment.elapsedMs) return remindToClose(state, moment);
  switch (visit.kind) {
    case 'choosing':
    case 'identifying':
    case 'pin':
    case 'asking':
      return changeVisit(state, farewellVisit(state, { kind: 'timed-out' }, null, moment));
    case 'opening':
    case 'open':
      return expireDoorWait(state, visit, moment);
    case 'farewell':
    case 'working':
      return changeVisit(state, { kind: 'idle' });
    default:
      return unreachable(visit);
  }
}

/** Drops what has expired: a notice, recent loans, late visits. */
function dropExpired(state: State, { elapsedMs }: Moment): State {
  const { notice, doors, recentLoans } = state;
  return {
    ...state,
    recentLoans: new Map([...recentLoans].filter(([, { until }]) => until > elapsedMs)),
    notice: notice !== null && notice.deadline <= elapsedMs ? null : notice,
    lateVisits: new Map(
      [...state.lateVisits].filter(
        ([locker, { until }]) => until > elapsedMs || doors.get(locker) === 'unknown',
      ),
    ),
  };
}

/** Asks the resident to shut a door that has been open for long. */
function remindToClose(state: State, moment: Moment): Decision {
  const { visit } = state;
  if (visit.kind !== 'open' || visit.remindAt > moment.elapsedMs) return stateOnly(state);
  return stateOnly({
    ...state,
    visit: { ...visit, remindAt: remindAt(state, moment), reminders: visit.reminders + 1 },
  });
}

/** The door was not opened or not closed in time. With the door unknown, an unopened visit stays unsettled. */
function expireDoorWait(
  state: State,
  visit: Extract<State['visit'], { kind: 'opening' | 'open' }>,
  moment: Moment,
): Decision {
  const { locker } = visit;
  const { intent } = lockerOf(state.ledger, locker);
  if (!intent) return changeVisit(state, { kind: 'idle' });
  if (visit.kind === 'opening' && !intent.opened) return retryUnlock(state, visit, moment);
  const door = state.doors.get(locker) ?? 'unknown';
  return finishVisit(state, locker, intent, door === 'open' ? 'left-open' : door, moment);
}
