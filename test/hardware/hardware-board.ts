import type { Host } from '../../firmware-bridge/port/index.js';
import type { MegaBoard } from '../../hardware/cabinet.js';
import { until } from '../support/until.js';

/** Timer 0's interrupt mask (datasheet 16.9.6), without which the firmware has no ticks. */
export const timerMask = 0x6e;

/** What a board makes of a pin, as far as a relay can tell. */
export type OutputLevel = 'high' | 'low' | 'input';

/** One time a lock's coil was on. */
export interface OnTime {
  readonly locker: number;
  readonly onMs: number;
}

/**
 * A board with the released firmware behind a port, whatever it runs on, with its doors.
 * An answer includes everything that the board did before it.
 */
export interface HardwareBoard {
  /** The computer that the board is connected to. */
  readonly host: Host;
  /** Stays the same over unplugs and resets. */
  readonly path: string;
  door(locker: number, door: 'open' | 'closed'): Promise<void>;
  /** Locks whose coil is on now. */
  locksOn(): Promise<readonly number[]>;
  /** Every ended stretch of a coil being on, by the pin's own time, in the order of their ends. */
  onTimes(): Promise<readonly OnTime[]>;
  reset(cause: 'external' | 'power-on'): Promise<void>;
  /** From the last reset until every lock pin was an output at rest; undefined while some float. */
  drivenAfterMs(): Promise<number | undefined>;
  /** The program's clock stops, as if a stray write had hit the timer; only the watchdog can help. */
  stopTicks(): Promise<void>;
  /** Resets by the watchdog so far. */
  watchdogResets(): Promise<number>;
  unplug(): Promise<void>;
  plug(): Promise<void>;
  close(): Promise<void>;
}

const hungMs = 120_000;

/** Waits for `condition` in the time of the board's computer. */
export const untilOn = (
  { host }: HardwareBoard,
  condition: () => boolean | Promise<boolean>,
  what?: string,
): Promise<void> => until(condition, what, hungMs, host.timers);

/** Turns changes of pins into what locks did. */
export class LockWatch {
  readonly onTimes: OnTime[] = [];
  /** From the last reset until every lock pin was an output; undefined while some float. */
  drivenAfterMs: number | undefined;
  readonly #sinceMs = new Map<number, number>();
  readonly #driven = new Set<number>();
  #resetMs = 0;
  readonly #lockerByPin: ReadonlyMap<number, number>;
  readonly #onLevel: OutputLevel;

  constructor({ lockers, relays }: MegaBoard) {
    this.#lockerByPin = new Map(lockers.map(({ lockPin, locker }) => [lockPin, locker]));
    this.#onLevel = relays === 'active-high' ? 'high' : 'low';
  }

  get locksOn(): readonly number[] {
    return [...this.#sinceMs.keys()];
  }

  /** Takes that the board was reset; its pins' changes were told before. */
  reset(atMs: number): void {
    this.#resetMs = atMs;
  }

  /** Takes what the board makes of an Arduino pin from `atMs` of its own time on. */
  changed(pin: number, level: OutputLevel, atMs: number): void {
    const locker = this.#lockerByPin.get(pin);
    if (locker === undefined) return;
    this.#drive(locker, level !== 'input', atMs);
    const sinceMs = this.#sinceMs.get(locker);
    if (level === this.#onLevel) {
      this.#sinceMs.set(locker, sinceMs ?? atMs);
    } else if (sinceMs !== undefined) {
      this.#sinceMs.delete(locker);
      this.onTimes.push({ locker, onMs: atMs - sinceMs });
    }
  }

  #drive(locker: number, isOutput: boolean, atMs: number): void {
    if (isOutput) this.#driven.add(locker);
    else this.#driven.delete(locker);
    if (this.#driven.size < this.#lockerByPin.size) this.drivenAfterMs = undefined;
    else this.drivenAfterMs ??= atMs - this.#resetMs;
  }
}

/** The switch of a door: closed, it connects its pin to ground. */
export function switchOf(
  { lockers }: MegaBoard,
  locker: number,
  door: 'open' | 'closed',
): { readonly pin: number; readonly drive: 'low' | 'released' } {
  const found = lockers.find((each) => each.locker === locker);
  if (!found) throw new Error(`no locker ${locker}`);
  const isClosed = (door === 'open') === (found.doorSwitch === 'closed-when-open');
  return { pin: found.doorPin, drive: isClosed ? 'low' : 'released' };
}
