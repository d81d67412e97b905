import { performance } from 'node:perf_hooks';
import { type Clock, type EpochMs, elapsedMs, epochMs } from './kernel/time.js';

/**
 * The machine's clocks. A Pi without a battery-backed clock may start in the past: calendar time never goes below
 * `floor`, the last moment that was known to be true, and says so.
 */
export function createClock(floor: EpochMs): Clock {
  return {
    now() {
      const elapsed = elapsedMs(performance.now());
      const wall = Date.now();
      return wall < floor
        ? { elapsedMs: elapsed, calendarMs: floor, trust: 'floor' }
        : { elapsedMs: elapsed, calendarMs: epochMs(wall), trust: 'trusted' };
    },
  };
}
