import type { BoardEvent } from '../../../firmware-bridge/board/index.js';
import type { Door, LastPulse } from '../../../src/circulation/state.js';
import { unreachable } from '../../../src/kernel/assert.js';
import { type BoardId, type ItemId, type LockerNo, lockerNo, type VisitNo } from '../../../src/kernel/ids.js';

/** One locker of steel: what is true of it, whoever knows. */
export interface LockerModel {
  readonly no: LockerNo;
  /** Whether a released latch stays free until its door was opened. */
  readonly holds: boolean;
  door: 'open' | 'closed';
  /** The books behind the door; more than one only where somebody put hers to another. */
  inside: ItemId[];
  /** Until when the latch is free; 0 while it has caught. */
  freeUntilMs: number;
  /** The visit of the last pulse; null before the first. */
  freedFor: VisitNo | null;
  pulsedAtMs: number;
  /** The bolt is jammed: pulses do not release it. */
  isJammed: boolean;
  /** A silent switch says closed for ever; a chattering one says nothing that can be relied on. */
  doorSwitch: 'good' | 'silent' | 'chattering';
  sensor: 'none' | 'good' | 'blind';
  /** When its switch or its sensor last broke or was repaired. */
  troubledMs: number;
}

/** How long a latch that does not hold stays free after its pulse. */
const freeMs = 5_000;

/** A locker as it is built: shut, empty, sound. */
function newLocker(no: LockerNo, holds: boolean, isSensed: boolean): LockerModel {
  return {
    no,
    holds,
    door: 'closed',
    inside: [],
    freeUntilMs: 0,
    freedFor: null,
    pulsedAtMs: Number.NEGATIVE_INFINITY,
    isJammed: false,
    doorSwitch: 'good',
    sensor: isSensed ? 'good' : 'none',
    troubledMs: Number.NEGATIVE_INFINITY,
  };
}

/** The coil is pulsed. */
export function release(locker: LockerModel, visit: VisitNo, nowMs: number): void {
  locker.pulsedAtMs = nowMs;
  if (locker.isJammed) return;
  locker.freedFor = visit;
  locker.freeUntilMs = locker.holds ? Number.POSITIVE_INFINITY : nowMs + freeMs;
}

/** What the switch of a door says. */
export function doorSeen({ door, doorSwitch }: LockerModel): Door {
  if (doorSwitch === 'chattering') return 'unknown';
  return doorSwitch === 'silent' ? 'closed' : door;
}

/** What the sensor behind a door says. */
export function itemSeen({ inside, sensor }: LockerModel): 'present' | 'absent' | 'unknown' {
  if (sensor !== 'good') return 'unknown';
  return inside.length > 0 ? 'present' : 'absent';
}

/** One board: what it remembers, and whether it is connected to the kiosk. */
export interface BoardModel {
  readonly id: BoardId;
  readonly lockers: readonly LockerModel[];
  isPlugged: boolean;
  /** Whether its last report to the kiosk was that it is ready, not that it is lost. */
  isReady: boolean;
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

/** What the boards have reported to the program that runs now: all that it can know of doors. */
export class BoardReports {
  readonly ready = new Set<BoardId>();
  readonly chattering = new Set<LockerNo>();
  readonly #doors = new Map<LockerNo, Door>();

  constructor(private readonly boards: ReadonlyMap<BoardId, readonly LockerNo[]>) {}

  door(locker: LockerNo): Door {
    return this.#doors.get(locker) ?? 'unknown';
  }

  /** The program ended: all reports are lost. */
  clear(): void {
    this.ready.clear();
    this.chattering.clear();
    this.#doors.clear();
  }

  receive(board: BoardId, event: BoardEvent): void {
    switch (event.kind) {
      case 'ready':
        this.#lose(board);
        this.ready.add(board);
        for (const [locker, door] of event.doors) this.#doors.set(locker, door);
        for (const locker of event.chattering) this.chattering.add(locker);
        return;
      case 'lost':
        this.#lose(board);
        return;
      case 'door':
        this.#doors.set(event.locker, event.door);
        return;
      case 'chatter':
        if (event.chatters) this.chattering.add(event.locker);
        else this.chattering.delete(event.locker);
        return;
      case 'item':
      case 'pulse':
      case 'noise':
        return;
      default:
        unreachable(event);
    }
  }

  #lose(board: BoardId): void {
    this.ready.delete(board);
    for (const locker of this.boards.get(board) ?? []) {
      this.#doors.delete(locker);
      this.chattering.delete(locker);
    }
  }
}
