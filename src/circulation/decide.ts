import { unreachable } from '../kernel/assert.js';
import type { ElapsedMs, Moment } from '../kernel/time.js';
import { carryOn, type Decision, farewell, move, record, refuse } from './decision.js';
import { boardLost, boardReady, cancel, finish, seeDoor, settleAll } from './doors.js';
import type { Input } from './input.js';
import { emptyLedger, type Ledger, lockerOf } from './ledger.js';
import { beginCheckin, chooseLocker, showPass } from './lending.js';
import type { State } from './state.js';

/** The state of a kiosk that has just started: its ledger is known, its doors are not. */
export function initialState(
  settings: Pick<State, 'lockers' | 'policy' | 'waits'>,
  ledger: Ledger = emptyLedger,
): State {
  return {
    ...settings,
    ledger,
    doors: new Map(settings.lockers.map((locker) => [locker, 'unknown'])),
    boardReady: false,
    lastPulse: null,
    journalWritable: true,
    visit: { kind: 'idle' },
    notice: null,
  };
}

/**
 * The whole of circulation as one pure function: what `input` at `moment` means in `state`.
 * The caller makes the events durable before it does the effects, and keeps the state only then.
 */
export function decide(state: State, input: Input, moment: Moment): Decision {
  switch (input.kind) {
    case 'pass-shown':
      return showPass(state, input.holder, moment);
    case 'item-shown':
      return beginCheckin(state, input.item, moment);
    case 'locker-chosen':
      return chooseLocker(state, input.locker, moment);
    case 'scan-refused':
      return refuse(state, input.refusal, moment);
    case 'cancelled':
      return cancelVisit(state, moment);
    case 'door':
      return seeDoor(state, input.locker, input.door, moment);
    case 'board-ready':
      return boardReady(state, input.doors, input.lastPulse, moment);
    case 'board-lost':
      return boardLost(state);
    case 'lock-refused':
      return lockRefused(state, input, moment);
    case 'journal-failed':
      return carryOn({ ...state, journalWritable: false, visit: { kind: 'idle' }, notice: null });
    case 'time-passed':
      return timePassed(state, moment);
    default:
      return unreachable(input);
  }
}

/** When `decide` wants to hear `time-passed` next; null while nothing waits. */
export function nextDeadline({ visit, notice }: State): ElapsedMs | null {
  const ends = [visit.kind === 'idle' ? null : visit.deadline, notice?.deadline ?? null].filter(
    (end) => end !== null,
  );
  return ends.length > 0 ? (Math.min(...ends) as ElapsedMs) : null;
}

/** Before a door is unlocked a visit can be given up; afterwards only the door can end it. */
function cancelVisit(state: State, moment: Moment): Decision {
  const { kind } = state.visit;
  return kind === 'opening' || kind === 'open'
    ? refuse(state, 'busy', moment)
    : move(state, { kind: 'idle' });
}

function lockRefused(
  state: State,
  input: Extract<Input, { kind: 'lock-refused' }>,
  moment: Moment,
): Decision {
  const { intent } = lockerOf(state.ledger, input.locker);
  if (!intent || intent.visit !== input.visit || intent.opened) return carryOn(state);
  return cancel(state, input.locker, intent, 'lock-refused', moment);
}

function timePassed(state: State, moment: Moment): Decision {
  const noticeOver = state.notice !== null && state.notice.deadline <= moment.elapsedMs;
  const current = noticeOver ? { ...state, notice: null } : state;
  const { visit } = current;
  if (visit.kind === 'idle' || visit.deadline > moment.elapsedMs) return carryOn(current);
  switch (visit.kind) {
    case 'choosing':
    case 'identifying':
      return move(current, farewell(current, { kind: 'timed-out' }, null, moment));
    case 'opening':
    case 'open':
      return doorWaitOver(current, visit, moment);
    case 'farewell':
      return settleAll({ ...current, visit: { kind: 'idle' } }, moment);
    default:
      return unreachable(visit);
  }
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
  const door = state.doors.get(locker) ?? 'unknown';
  if (intent.opened) return finish(state, locker, intent, door === 'open' ? 'left-open' : door, moment);
  if (door !== 'unknown') return cancel(state, locker, intent, 'never-opened', moment);
  return record(
    state,
    [],
    farewell(state, { kind: 'outcome-unknown', purpose: intent.purpose }, locker, moment),
  );
}
