import { type BoardId, boardId, itemId, type LockerNo, lockerNo, passId, patronId } from '../kernel/ids.js';
import { elapsedMs, epochMs, type Moment } from '../kernel/time.js';
import { decide, initialState, type Settings } from './decide.js';
import type { Input } from './input.js';
import { emptyLedger } from './ledger.js';
import { applyEvent } from './ledger-changes.js';
import type { PassHolder } from './state.js';

/** Visits until the engine has compiled the path (some 15 ms on a PC). */
const visits = 200;

const moment: Moment = { elapsedMs: elapsedMs(0), calendarMs: epochMs(0), trust: 'floor' };
const item = itemId('30000000000000');
const holder: PassHolder = {
  patron: patronId('0000000000000000'),
  age: 'adult',
  pass: passId('0000000000000000'),
  grant: null,
};

/** A checkout and the checkin after it, at the first locker of a board. */
function oneVisit(board: BoardId, lockers: readonly LockerNo[]): readonly Input[] {
  const locker = lockers[0] ?? lockerNo(1);
  const doors = new Map(lockers.map((each) => [each, 'closed' as const]));
  const quiet = { items: new Map(), chattering: new Set<LockerNo>(), lastPulse: null };
  return [
    { kind: 'board-ready', board, doors, ...quiet },
    { kind: 'locker-chosen', locker },
    { kind: 'pass-shown', holder },
    { kind: 'door', locker, door: 'open' },
    { kind: 'door', locker, door: 'closed' },
    { kind: 'item-shown', item },
    { kind: 'door', locker, door: 'open' },
    { kind: 'door', locker, door: 'closed' },
  ];
}

/**
 * Decides fictitious visits, so that the first resident of the day does not wait for code to be compiled. Pure: their states
 * are discarded.
 */
export function warmUpLending(settings: Settings): void {
  const [[board, lockers] = [boardId('none'), []]] = settings.boards;
  const [locker = lockerNo(1)] = lockers;
  const stocked = applyEvent(emptyLedger, { type: 'item-stocked', locker, item });
  const warmUpSettings = { ...settings, boards: new Map([[board, lockers]]) };
  const inputs = oneVisit(board, lockers);
  for (let n = 0; n < visits; n += 1) {
    inputs.reduce(
      (state, input) => decide(state, input, moment).state,
      initialState(warmUpSettings, stocked),
    );
  }
}
