import { type EpochMs, epochMs } from '../../../src/kernel/time.js';
import type { VirtualTime } from '../../../src/kernel/virtual-time.js';
import type { ClockSources } from '../../../src/machine/clock.js';

/** When every run begins, in truth. */
const begin = Date.UTC(2026, 10, 23, 6);

/** How a machine without a battery-backed clock may find its calendar when it starts. */
export type WallStart = 'right' | 'at-1970' | 'ten-years-ahead' | 'hours-behind';

const offsetsMs: Readonly<Record<WallStart, (trueMs: number) => number>> = {
  right: () => 0,
  'at-1970': (trueMs) => -trueMs,
  'ten-years-ahead': () => 10 * 365 * 86_400_000,
  'hours-behind': () => -5 * 3_600_000,
};

/** The calendar of one kiosk’s machine: what it shows, and whether the network has set it since the machine started. */
export class WallClock {
  #offsetMs = 0;
  /** Null where that is unknown. */
  #synchronized: boolean | null = true;

  constructor(private readonly time: VirtualTime) {}

  /** What the calendar would be if all were right. */
  get trueMs(): EpochMs {
    return epochMs(begin + this.time.nowMs);
  }

  /** The machine starts: until the network has set it, its clock shows what it shows. */
  start(wall: WallStart, synchronized: boolean | null): void {
    // A clock that the network has set is right.
    this.#offsetMs = synchronized ? 0 : offsetsMs[wall](this.trueMs);
    this.#synchronized = synchronized;
  }

  synchronize(): void {
    this.#offsetMs = 0;
    if (this.#synchronized !== null) this.#synchronized = true;
  }

  get sources(): ClockSources {
    return {
      wallMs: () => this.trueMs + this.#offsetMs,
      elapsedMs: () => this.time.nowMs,
      isSynchronized: () => this.#synchronized,
    };
  }
}
