import type { BoardEvent } from '../../../firmware-bridge/board/index.js';
import type { LastPulse } from '../../../src/circulation/state.js';
import { type BoardId, type LockerNo, lockerNo } from '../../../src/kernel/ids.js';
import { doorSeen, itemSeen, type LockerModel, newLocker } from './locker-model.js';

/** One board: what it remembers, and whether it is connected to the kiosk. */
export interface BoardModel {
  readonly id: BoardId;
  readonly lockers: readonly LockerModel[];
  /** Whether its line is whole. */
  isPlugged: boolean;
  /** Whether its last report to the kiosk was that it is ready, not that it is lost. */
  isReady: boolean;
  /** Its guard refuses every pulse. */
  refuses: boolean;
  lastPulse: LastPulse | null;
  /** When it last lost its memory with its supply. */
  forgotMs: number;
  /** When it was last lost or found again. */
  troubledMs: number;
  /** Counts connections, so that nothing is sent over one that is closed. */
  session: number;
}

/** A board as it is delivered; new boards remember what somebody tried them with. */
export function newBoard(
  id: BoardId,
  lockers: readonly LockerNo[],
  holding: ReadonlySet<LockerNo>,
  sensed: ReadonlySet<LockerNo>,
): BoardModel {
  return {
    id,
    lockers: lockers.map((no) => newLocker(no, holding.has(no), sensed.has(no))),
    isPlugged: true,
    isReady: false,
    refuses: false,
    lastPulse: { tag: 0, locker: lockers[0] ?? lockerNo(1), opened: true },
    forgotMs: 0,
    troubledMs: 0,
    session: 0,
  };
}

/** What a board says of itself when it is ready. */
export function readinessOf({ lockers, lastPulse, session }: BoardModel): BoardEvent {
  return {
    kind: 'ready',
    firmware: 'lening 1.0',
    bootId: session,
    doors: new Map(lockers.map((locker) => [locker.no, doorSeen(locker)])),
    items: new Map(lockers.map((locker) => [locker.no, itemSeen(locker)])),
    chattering: new Set(lockers.filter((each) => each.doorSwitch === 'chattering').map(({ no }) => no)),
    lastPulse,
  };
}
