import { type Clock, type ClockTrust, elapsedMs, epochMs, type Moment } from '../../src/kernel/time.js';
import type { ClockSources } from '../../src/machine/time-sources.js';

/** Elapsed time of a machine never falls on a whole millisecond. Binary, so that sums of it are exact. */
export const crookedMs = 0.375;

/** The moment whose calendar shows `calendarMs`, `sinceMs` after some start; its elapsed time has a fraction. */
export const momentAt = (calendarMs: number, trust: ClockTrust = 'trusted', sinceMs = 0): Moment => ({
  elapsedMs: elapsedMs(sinceMs + crookedMs),
  calendarMs: epochMs(calendarMs),
  trust,
});

/** This machine's clocks, always trusted. */
export const trustedClock: Clock = { now: () => momentAt(Date.now(), 'trusted', performance.now()) };

/** A machine whose clocks are moved by hand. They have fractions, and stand still until they are moved. */
export class ManualMachine implements ClockSources {
  readonly builtAt = epochMs(Date.UTC(2026, 0, 1));
  synchronized: boolean | null = null;
  #elapsedMs = 5_000 + crookedMs;
  #wallMs: number;

  constructor(wallMs: number) {
    this.#wallMs = wallMs + crookedMs;
  }

  readonly wallMs = () => this.#wallMs;
  readonly elapsedMs = () => this.#elapsedMs;
  readonly isSynchronized = () => this.synchronized;

  /** Time passes, on both clocks. */
  pass(ms: number): void {
    this.#wallMs += ms;
    this.#elapsedMs += ms;
  }

  /** Somebody sets the calendar, by so much. */
  jump(ms: number): void {
    this.#wallMs += ms;
  }
}
