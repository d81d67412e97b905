import type { LockerNo } from '../kernel/ids.js';
import type { BoardState, State } from './state.js';

/** The board a locker belongs to. */
export function boardOf(state: State, locker: LockerNo): BoardState | undefined {
  return [...state.boards.values()].find(({ lockers }) => lockers.includes(locker));
}

/** Whether any board can unlock a door. */
export function someBoardReady(state: State): boolean {
  return [...state.boards.values()].some(({ ready }) => ready);
}
