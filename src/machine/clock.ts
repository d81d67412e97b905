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
import { type ClockSources, machineTime } from './time-sources.js';

/**
 * The machine's clocks. A Pi without a battery-backed clock may start in the past, and any clock may be set wrongly.
 * `lastTrustedMs` returns the last moment that the journal knows for certain, 0 where there is none; a journal that was
 * damaged at the start may know one later. While the calendar is not trusted,
 * a moment says `floor` and shows the last certain time plus the time elapsed since: never more, so that nothing expires
 * wrongly and nothing is recorded in the future. The rules, in their order:
 *
 * 1. A calendar before this program was built is wrong.
 * 2. Where a time service has not set the calendar yet, it is not trusted.
 * 3. When the service has set it, it is trusted, wherever it leads.
 * 4. Where there is no service, a calendar is trusted at the start if the journal knows no certain time, or one that is at
 *    most `limits.clockAheadMs` earlier. A kiosk is rarely switched off for longer.
 * 5. A trusted calendar stays trusted as long as it goes with elapsed time, give or take `limits.clockStepMs`. One that
 *    jumps is in doubt: somebody set it, rightly or wrongly.
 * 6. One that jumped, or failed rule 4, is trusted when it has gone on without a jump for `limits.clockSettleMs`: a service
 *    corrects a wrong one sooner. Without a service one that went back waits for `limits.clockSettleBackMs`: time that was
 *    lost looks the same.
 *
 * So a wrong jump that is corrected within that time leaves nothing behind, and no right calendar is in doubt for good.
 */
export function createClock(lastTrustedMs: () => EpochMs, sources: ClockSources = machineTime()): Clock {
  const judge = new Judge(lastTrustedMs(), sources.builtAt, elapsedMs(sources.elapsedMs()));
  let synchronized = sources.isSynchronized();
  let askedMs = sources.elapsedMs();
  return {
    now() {
      const elapsed = elapsedMs(sources.elapsedMs());
      if (synchronized !== true && elapsed - askedMs >= limits.clockAskEveryMs) {
        synchronized = sources.isSynchronized();
        askedMs = elapsed;
      }
      judge.learnFloor(lastTrustedMs(), elapsed);
      return judge.momentOf(Math.floor(sources.wallMs()), elapsed, synchronized);
    },
  };
}

/** Decides which calendar times are certain. */
class Judge {
  /** The last moment at which calendar time was certain. */
  #certain: { readonly calendarMs: EpochMs; readonly elapsedMs: ElapsedMs };
  /** Whether the calendar has been trusted since the start, or since a service set it. */
  #isFollowed = false;
  #wasSynchronized: boolean | null = null;
  /** Where a calendar that is in doubt leads, and since when it has gone on without a jump. */
  #candidate: { readonly offsetMs: number; readonly sinceMs: ElapsedMs } | null = null;

  constructor(
    private floor: EpochMs,
    private readonly builtAt: EpochMs,
    start: ElapsedMs,
  ) {
    this.#certain = { calendarMs: epochMs(Math.max(floor, builtAt)), elapsedMs: start };
  }

  /** Takes over what a journal knows that could not be read at the start: what was believed without it is judged again. */
  learnFloor(floor: EpochMs, elapsed: ElapsedMs): void {
    if (this.floor !== 0 || floor === 0) return;
    this.floor = floor;
    const aheadMs = this.#reachedAt(elapsed) - floor;
    if (aheadMs >= -limits.clockStepMs && aheadMs <= limits.clockAheadMs) return;
    if (!this.#isFollowed && aheadMs > 0) return;
    this.#certain = { calendarMs: epochMs(Math.max(floor, this.builtAt)), elapsedMs: elapsed };
    this.#isFollowed = false;
    this.#candidate = null;
  }

  /** The moment at which the machine shows the calendar time `wall`. */
  momentOf(wall: number, elapsed: ElapsedMs, synchronized: boolean | null): Moment {
    if (synchronized && !this.#wasSynchronized) this.#isFollowed = false;
    this.#wasSynchronized = synchronized;
    const reached = this.#reachedAt(elapsed);
    const isTrusted = this.#isTrusted(wall, reached, elapsed, synchronized);
    const moment = (calendarMs: number, trust: ClockTrust): Moment => ({
      elapsedMs: elapsed,
      calendarMs: epochMs(calendarMs),
      trust,
    });
    if (!isTrusted) return moment(reached, 'floor');
    this.#isFollowed = true;
    this.#candidate = null;
    this.#certain = moment(wall, 'trusted');
    return moment(wall, 'trusted');
  }

  /** The last certain time plus the time elapsed since; elapsed time has fractions, the calendar has none. */
  #reachedAt(elapsed: ElapsedMs): number {
    return Math.floor(this.#certain.calendarMs + elapsed - this.#certain.elapsedMs);
  }

  #isTrusted(wall: number, reached: number, elapsed: ElapsedMs, synchronized: boolean | null): boolean {
    if (wall < this.builtAt || !isEpochMs(wall) || synchronized === false) {
      this.#candidate = null;
      return false;
    }
    if (this.#isExpected(wall - reached, synchronized)) return true;
    const settledMs = this.#settledMs(wall - elapsed, elapsed);
    const isForward = wall > reached || synchronized === true;
    return settledMs >= (isForward ? limits.clockSettleMs : limits.clockSettleBackMs);
  }

  /** Whether the calendar is about where it should be, `aheadMs` after the time that has certainly come. */
  #isExpected(aheadMs: number, synchronized: boolean | null): boolean {
    if (this.#isFollowed) return Math.abs(aheadMs) <= limits.clockStepMs;
    if (synchronized || this.floor === 0) return true;
    return aheadMs >= -limits.clockStepMs && aheadMs <= limits.clockAheadMs;
  }

  /** How long the calendar has led to where it leads now: `offsetMs` is its distance from elapsed time. */
  #settledMs(offsetMs: number, elapsed: ElapsedMs): number {
    const isSteady =
      this.#candidate !== null && Math.abs(offsetMs - this.#candidate.offsetMs) <= limits.clockStepMs;
    if (!isSteady) this.#candidate = { offsetMs, sinceMs: elapsed };
    return elapsed - (this.#candidate?.sinceMs ?? elapsed);
  }
}
