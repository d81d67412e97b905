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

/** A counter that has grown since it was last complained about. */
export interface Complaint {
  readonly code: FaultCode;
  readonly counter: Counter;
  /** By how much, since the last complaint about it. */
  readonly grownBy: number;
}

/**
 * Follows the counters of one boot of a board and complains when they grow: about each at most once in
 * `limits.boardCounterLogEveryMs`, so that a bad line does not fill the log. Does no I/O.
 */
export class StatusWatch {
  readonly #seen: Record<Counter, number>;
  readonly #complainedMs: Partial<Record<Counter, number>> = {};

  /** What was counted up to `first` is past. */
  constructor({ guardTrips, badFrames, rxOverruns }: Status) {
    this.#seen = { guardTrips, badFrames, rxOverruns };
  }

  /** Takes the next STATUS, at a moment of elapsed time. */
  take(status: Status, nowMs: number): readonly Complaint[] {
    return meanings.flatMap(({ counter, code }) => {
      const grownBy = status[counter] - this.#seen[counter];
      const complainedMs = this.#complainedMs[counter] ?? Number.NEGATIVE_INFINITY;
      if (grownBy <= 0 || nowMs - complainedMs < limits.boardCounterLogEveryMs) return [];
      this.#seen[counter] = status[counter];
      this.#complainedMs[counter] = nowMs;
      return [{ code, counter, grownBy }];
    });
  }
}
