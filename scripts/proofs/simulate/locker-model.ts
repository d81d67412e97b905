import type { Door } from '../../../src/circulation/state.js';
import type { ItemId, LockerNo, VisitNo } from '../../../src/kernel/ids.js';

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
export function newLocker(no: LockerNo, holds: boolean, isSensed: boolean): LockerModel {
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
