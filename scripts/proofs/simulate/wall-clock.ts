import { type EpochMs, epochMs } from '../../../src/kernel/time.js';
import type { VirtualTime } from '../../../src/kernel/virtual-time.js';
import type { ClockSources } from '../../../src/machine/time-sources.js';

/** When the simulated program was built. */
const builtAt = epochMs(Date.UTC(2026, 0, 1));
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
  /** By how much somebody has set it wrongly since. */
  #jumpMs = 0;
  /** Null where that is unknown. */
  #synchronized: boolean | null = true;
  /** Whether the program has asked who set the calendar, and has read it after that. */
  #seen: 'no' | 'asked' | 'read' = 'no';

  constructor(private readonly time: VirtualTime) {}

  /** What the calendar would be if all were right. */
  get trueMs(): EpochMs {
    return epochMs(begin + Math.floor(this.time.nowMs));
  }

  /** The machine starts: until the network has set it, its clock shows what it shows. */
  start(wall: WallStart, synchronized: boolean | null): void {
    this.#jumpMs = 0;
    // A clock that the network has set is right.
    this.#offsetMs = synchronized ? 0 : offsetsMs[wall](this.trueMs);
    this.#synchronized = synchronized;
    this.#seen = 'no';
  }

  synchronize(): void {
    if (this.#synchronized !== true) this.#seen = 'no';
    this.#jumpMs = 0;
    this.#offsetMs = 0;
    if (this.#synchronized !== null) this.#synchronized = true;
  }

  /**
   * Somebody sets the clock wrongly, by `jumpMs`, and is corrected `lastsMs` later. Returns false, and does nothing, while
   * the program has not seen the calendar since it was last set: it could not know that it jumped.
   */
  jump(jumpMs: number, lastsMs: number): boolean {
    if (this.#seen !== 'read') return false;
    this.#jumpMs = jumpMs;
    this.time.wait(lastsMs, () => {
      if (this.#jumpMs === jumpMs) this.#jumpMs = 0;
    });
    return true;
  }

  /** Whoever starts the program anew looks at the clock: a wrong one would be taken for the first. */
  correct(): void {
    this.#jumpMs = 0;
  }

  /** As crooked as a machine’s: both have fractions. */
  get sources(): ClockSources {
    return {
      builtAt,
      wallMs: () => {
        if (this.#seen === 'asked') this.#seen = 'read';
        return this.trueMs + this.#offsetMs + this.#jumpMs + 0.625;
      },
      elapsedMs: () => this.time.nowMs + (this.time.nowMs % 8) / 8,
      isSynchronized: () => {
        if (this.#seen === 'no') this.#seen = 'asked';
        return this.#synchronized;
      },
    };
  }
}
