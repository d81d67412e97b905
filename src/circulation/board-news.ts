import { assert } from '../kernel/assert.js';
import type { BoardId, LockerNo } from '../kernel/ids.js';
import type { Moment } from '../kernel/time.js';
import { someBoardReady } from './boards.js';
import { carryOn, type Decision } from './decision.js';
import { settleAll } from './doors.js';
import type { Input } from './input.js';
import type { BoardState, Door, ItemSensed, State, Visit } from './state.js';

/**
 * A board is ready: its doors are known again, and what was interrupted there can be settled. A door found open is not
 * taken for forced: nobody saw it open, and after a stop somebody may have worked at it. Its alert says that it is open.
 */
export function boardReady(
  state: State,
  { board, doors, items, chattering, lastPulse }: Extract<Input, { kind: 'board-ready' }>,
  moment: Moment,
): Decision {
  const { lockers } = known(state, board);
  const since = state.ledger.nextVisit;
  const quiet = [...state.chattering].filter((locker) => !lockers.includes(locker));
  return settleAll(
    {
      ...state,
      boards: new Map(state.boards).set(board, { lockers, ready: true, lastPulse, since }),
      doors: new Map([...state.doors, ...doors]),
      items: new Map([...state.items, ...items]),
      chattering: new Set([...quiet, ...chattering]),
    },
    moment,
  );
}

/** A board is lost: none of its doors is known any more. An unlock under way there keeps its deadline. */
export function boardLost(state: State, board: BoardId): Decision {
  const { lockers, lastPulse, since } = known(state, board);
  const doors = new Map(state.doors);
  const items = new Map(state.items);
  for (const locker of lockers) {
    doors.set(locker, 'unknown' satisfies Door);
    items.set(locker, 'unknown' satisfies ItemSensed);
  }
  const chattering = new Set([...state.chattering].filter((locker) => !lockers.includes(locker)));
  const boards = new Map(state.boards).set(board, { lockers, ready: false, lastPulse, since });
  const next = { ...state, boards, doors, items, chattering };
  return carryOn({ ...next, visit: visitWithout(next, lockers) });
}

/** Nobody is kept waiting for a locker that is not known, nor at a kiosk without any. */
function visitWithout(state: State, lost: readonly LockerNo[]): Visit {
  const { visit } = state;
  const isLost =
    (visit.kind === 'identifying' && lost.includes(visit.locker)) ||
    ((visit.kind === 'choosing' || visit.kind === 'identifying') && !someBoardReady(state));
  return isLost ? { kind: 'idle' } : visit;
}

function known(state: State, board: BoardId): BoardState {
  const found = state.boards.get(board);
  assert(found !== undefined, 'the cabinet has the board that was heard of');
  return found;
}
