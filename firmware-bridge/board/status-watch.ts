import type { FaultCode } from '../../src/kernel/faults.js';
import { limits } from '../../src/kernel/limits.js';
import type { MessageOf } from './wire.js';

type Status = MessageOf<'status'>;
type Counter = 'guardTrips' | 'badFrames' | 'rxOverruns';

/** What one of the board's counters says when it grows. */
const meanings: readonly { readonly counter: Counter; readonly code: FaultCode }[] = [
  { counter: 'guardTrips', code: 'board.guard-tripped' },
  { counter: 'badFrames', code: 'board.frames-lost' },
  { counter: 'rxOverruns', code: 'board.frames-lost' },
];

/** The growth of one error counter since it was last reported. */
export interface CounterGrowth {
  readonly code: FaultCode;
  readonly counter: Counter;
  /** Since the last report. */
  readonly grownBy: number;
}

/**
 * Reports when the error counters of one boot of a board grow: each at most once in
 * `limits.boardCounterLogEveryMs`, so that a bad line does not fill the log. Does no I/O.
 */
export class StatusWatch {
  readonly #seen: Record<Counter, number>;
  readonly #reportedMs: Partial<Record<Counter, number>> = {};

  /** Ignores what was counted up to this status. */
  constructor({ guardTrips, badFrames, rxOverruns }: Status) {
    this.#seen = { guardTrips, badFrames, rxOverruns };
  }

  /** Takes the next STATUS, at a moment of elapsed time. */
  take(status: Status, nowMs: number): readonly CounterGrowth[] {
    return meanings.flatMap(({ counter, code }) => {
      const grownBy = status[counter] - this.#seen[counter];
      const reportedMs = this.#reportedMs[counter] ?? Number.NEGATIVE_INFINITY;
      if (grownBy <= 0 || nowMs - reportedMs < limits.boardCounterLogEveryMs) return [];
      this.#seen[counter] = status[counter];
      this.#reportedMs[counter] = nowMs;
      return [{ code, counter, grownBy }];
    });
  }
}
