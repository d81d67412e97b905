import { unreachable } from '../kernel/assert.js';
import type { BoardId, LockerNo } from '../kernel/ids.js';
import type { ElapsedMs, Moment } from '../kernel/time.js';
import { boardLost, boardReady } from './board-news.js';
import { carryOn, type Decision, farewell, inTurn, move, refuse } from './decision.js';
import { cancel, finish, remindAt, settleEach } from './doors.js';
import type { Input } from './input.js';
import { reportStuck, tryAgain } from './ladder.js';
import { emptyLedger, type Ledger, lockerOf } from './ledger.js';
import { beginCheckin, chooseLocker, showPass } from './lending.js';
import { noteChatter, seeDoor, senseItem } from './sightings.js';
import type { State } from './state.js';

/** What a kiosk is made of and what its street decided. */
export interface Settings extends Pick<State, 'policy' | 'waits'> {
  readonly boards: ReadonlyMap<BoardId, readonly LockerNo[]>;
}

/** The state of a kiosk that has just started: its ledger is known, its doors are not. */
export function initialState({ boards, ...settings }: Settings, ledger: Ledger = emptyLedger): State {
  const lockers = [...boards.values()].flat();
  return {
    ...settings,
    ledger,
    lockers,
    boards: new Map(
      [...boards].map(([board, its]) => [
        board,
        { lockers: its, ready: false, shut: new Set(), lastPulse: null, since: ledger.nextVisit },
      ]),
    ),
    doors: new Map(lockers.map((locker) => [locker, 'unknown'])),
    shutAt: new Map(),
    items: new Map(),
    chattering: new Set(),
    late: new Map(),
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
  const decision = decideOne(state, input, moment);
  const isOver = state.visit.kind !== 'idle' && decision.state.visit.kind === 'idle';
  if (!isOver || !decision.state.journalWritable) return decision;
  // What has waited until nobody is there any more.
  return inTurn(decision, [state.lockers], (each, lockers) => settleEach(each, lockers, moment));
}

function decideOne(state: State, input: Input, moment: Moment): Decision {
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
      return boardReady(state, input, moment);
    case 'board-lost':
      return boardLost(state, input.board, moment);
    case 'item-sensed':
      return senseItem(state, input.locker, input.item, moment);
    case 'switch-chatters':
      return noteChatter(state, input.locker, input.chatters);
    case 'door-stuck':
      return reportStuck(state, moment);
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
export function nextDeadline({ visit, notice, late, doors }: State): ElapsedMs | null {
  const ends = [
    ...[...late].filter(([locker]) => doors.get(locker) !== 'unknown').map(([, { until }]) => until),
    visit.kind === 'idle' ? null : visit.deadline,
    visit.kind === 'open' ? visit.remindAt : null,
    notice?.deadline ?? null,
  ].filter((end) => end !== null);
  return ends.length > 0 ? (Math.min(...ends) as ElapsedMs) : null;
}

/** Before a door is unlocked a visit can be given up; afterwards only the door can end it. */
function cancelVisit(state: State, moment: Moment): Decision {
  const { kind } = state.visit;
  return kind === 'opening' || kind === 'open'
    ? refuse(state, 'busy', moment)
    : move(state, { kind: 'idle' });
}

/** The board refused a pulse. Once another went out before it, only the door or the board's memory can tell. */
function lockRefused(
  state: State,
  input: Extract<Input, { kind: 'lock-refused' }>,
  moment: Moment,
): Decision {
  const { intent } = lockerOf(state.ledger, input.locker);
  const { visit } = state;
  const isFirst = visit.kind === 'opening' && visit.attempt === 1 && visit.visit === input.visit;
  if (!isFirst || intent?.visit !== input.visit) return carryOn(state);
  return cancel(state, input.locker, intent, 'lock-refused', moment);
}

function timePassed(state: State, moment: Moment): Decision {
  const current = withoutPast(state, moment);
  const { visit } = current;
  if (visit.kind === 'idle') return carryOn(current);
  if (visit.deadline > moment.elapsedMs) return remind(current, moment);
  switch (visit.kind) {
    case 'choosing':
    case 'identifying':
      return move(current, farewell(current, { kind: 'timed-out' }, null, moment));
    case 'opening':
    case 'open':
      return doorWaitOver(current, visit, moment);
    case 'farewell':
      return move(current, { kind: 'idle' });
    default:
      return unreachable(visit);
  }
}

/** Forgets what was only to be remembered until now: a refusal, and who might have opened a door too late. */
function withoutPast(state: State, { elapsedMs }: Moment): State {
  const { notice, doors } = state;
  return {
    ...state,
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
