import { assert } from '../kernel/assert.js';
import type { BoardId, LockerNo } from '../kernel/ids.js';
import type { Moment } from '../kernel/time.js';
import { type Decision, decideEach, refuse, stateOnly } from './decision.js';
import { detectMissedOpening, handleUnrequestedOpening } from './door-reports.js';
import type { Input } from './input.js';
import { lockerOf } from './ledger.js';
import { settleIntents } from './settlement.js';
import type { BoardState, Door, ItemSensed, State } from './state.js';
import { isAnyBoardReady } from './state.js';

/**
 * Takes over the state of a board that is ready, and settles interrupted intents. A door that was shut when the board was
 * lost and is open now counts as opened without a request: cutting the cable first must not hide it. A door that was never
 * known to be shut is only open: somebody may have worked at it before the program started.
 */
export function boardReady(
  state: State,
  { board, doors, items, chattering, lastPulse }: Extract<Input, { kind: 'board-ready' }>,
  moment: Moment,
): Decision {
  const { lockers, closedWhenLost } = boardStateOf(state, board);
  const since = state.ledger.nextVisit;
  const quiet = [...state.chattering].filter((locker) => !lockers.includes(locker));
  // A visit at another board continues: its door is not affected.
  const settled = settleIntents(
    {
      ...state,
      boards: new Map(state.boards).set(board, {
        lockers,
        ready: true,
        closedWhenLost: new Set(),
        lastPulse,
        firstVisitSince: since,
      }),
      doors: new Map([...state.doors, ...doors]),
      items: new Map([...state.items, ...items]),
      chattering: new Set([...quiet, ...chattering]),
    },
    lockers,
    moment,
  );
  const wasShut = (locker: LockerNo) => closedWhenLost.has(locker) || state.doors.get(locker) === 'closed';
  const opened = lockers.filter((locker) => wasShut(locker) && doors.get(locker) === 'open');
  // Lockers with a pending intent have just been settled.
  const unasked = opened.filter((locker) => lockerOf(state.ledger, locker).intent === null);
  const seen = decideEach(settled, unasked, (each, locker) => handleUnrequestedOpening(each, locker, moment));
  return decideEach(seen, lastPulse ? [lastPulse] : [], (each, pulse) =>
    detectMissedOpening(each, pulse, moment),
  );
}

/** A board is lost: none of its doors is known any more. An unlock under way there keeps its deadline. */
export function boardLost(state: State, board: BoardId, moment: Moment): Decision {
  const before = boardStateOf(state, board);
  const { lockers } = before;
  const shut = lockers.filter((locker) => state.doors.get(locker) === 'closed');
  const doors = new Map(state.doors);
  const items = new Map(state.items);
  for (const locker of lockers) {
    doors.set(locker, 'unknown' satisfies Door);
    items.set(locker, 'unknown' satisfies ItemSensed);
  }
  const chattering = new Set([...state.chattering].filter((locker) => !lockers.includes(locker)));
  const after = {
    ...before,
    ready: false,
    closedWhenLost: before.ready ? new Set(shut) : before.closedWhenLost,
  };
  const boards = new Map(state.boards).set(board, after);
  return endVisitAtLostLocker({ ...state, boards, doors, items, chattering }, lockers, moment);
}

/** Ends a visit that waits for a lost locker, or at a kiosk without a ready board, with a refusal. */
function endVisitAtLostLocker(state: State, lost: readonly LockerNo[], moment: Moment): Decision {
  const { visit } = state;
  if (visit.kind !== 'choosing' && visit.kind !== 'identifying' && visit.kind !== 'pin')
    return stateOnly(state);
  const idle: State = { ...state, visit: { kind: 'idle' } };
  if (!isAnyBoardReady(state)) return refuse(idle, 'out-of-service', moment);
  const isLost = visit.kind !== 'choosing' && visit.locker !== null && lost.includes(visit.locker);
  return isLost ? refuse(idle, 'locker-unavailable', moment) : stateOnly(state);
}

function boardStateOf(state: State, board: BoardId): BoardState {
  const found = state.boards.get(board);
  assert(found !== undefined, 'a board that reports is part of the cabinet');
  return found;
}
