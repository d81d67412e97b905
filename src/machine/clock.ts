import { existsSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { limits } from '../kernel/limits.js';
import {
  type Clock,
  type ClockTrust,
  type ElapsedMs,
  type EpochMs,
  elapsedMs,
  epochMs,
  isEpochMs,
  type Moment,
} from '../kernel/time.js';

/** No clock that is right shows less: this program did not exist yet. */
const begunAt = epochMs(Date.UTC(2026, 0, 1));
/** systemd-timesyncd's folder, and the file it makes there once the clock is set from the network (since boot). */
const timesyncFolder = '/run/systemd/timesync';
const timesyncMark = `${timesyncFolder}/synchronized`;

/** Where a kiosk's clock gets its time from. */
export interface ClockSources {
  /** The machine's calendar time, right or wrong, in milliseconds since 1970. */
  wallMs(): number;
  /** Milliseconds that never jump. */
  elapsedMs(): number;
  /** Whether the network has set the calendar since the machine started; null where nobody can tell. */
  isSynchronized(): boolean | null;
}

const machine: ClockSources = {
  wallMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  isSynchronized: () => existsSync(timesyncMark) || (existsSync(timesyncFolder) ? false : null),
};

/**
 * The machine's clocks. A Pi without a battery-backed clock may start in the past, and any clock may be set wrongly.
 * `floor` is the last moment known to be true. A clock that the network has set is believed. Any other is believed only
 * where nobody could have set it, and when it shows neither less than the time that has certainly passed since
 * `floor` nor absurdly more. In doubt calendar time is the latest that is certain, and says so.
 */
export function createClock(floor: EpochMs, sources: ClockSources = machine): Clock {
  let known: KnownTime = {
    calendarMs: epochMs(Math.max(floor, begunAt)),
    elapsedMs: elapsedMs(sources.elapsedMs()),
  };
  let synchronized = sources.isSynchronized();
  let askedMs = known.elapsedMs;

  return {
    now() {
      const elapsed = elapsedMs(sources.elapsedMs());
      if (synchronized !== true && elapsed - askedMs >= limits.clockAskEveryMs) {
        synchronized = sources.isSynchronized();
        askedMs = elapsed;
      }
      const moment = judge(known, elapsed, Math.floor(sources.wallMs()), synchronized);
      if (moment.trust === 'trusted') known = moment;
      return moment;
    },
  };
}

/** The last moment at which calendar time was certain. */
interface KnownTime {
  readonly calendarMs: EpochMs;
  readonly elapsedMs: ElapsedMs;
}

/** What the calendar is when it shows `wall`. Pure. */
function judge(known: KnownTime, elapsed: ElapsedMs, wall: number, synchronized: boolean | null): Moment {
  const moment = (calendarMs: number, trust: ClockTrust): Moment => ({
    elapsedMs: elapsed,
    calendarMs: epochMs(calendarMs),
    trust,
  });
  if (synchronized && wall >= begunAt && isEpochMs(wall)) return moment(wall, 'trusted');
  // Elapsed time has fractions, and what is certain is the millisecond that has begun.
  const reached = Math.floor(known.calendarMs + elapsed - known.elapsedMs);
  const isPossible = wall >= reached - limits.clockBackMs && wall <= reached + limits.clockAheadMs;
  if (isPossible && synchronized === null) return moment(wall, 'trusted');
  return moment(isPossible && wall > reached ? wall : reached, 'floor');
}
