import { limits } from '../../../src/kernel/limits.js';
import { type Cancel, repeat, type Timers } from '../../../src/kernel/wait.js';

export interface HeartbeatOptions {
  readonly timers: Timers;
  /** Asks the other side for a sign of life. */
  beat(): void;
  /** No answer came in time; called once. */
  onSilence(): void;
  /** This process stood still for longer than `pauseMaxMs`; called once, before anything that arrived meanwhile is read. */
  onPause?(): void;
  /** For ever, if not given. */
  readonly pauseMaxMs?: number;
  readonly everyMs?: number;
  readonly deadlineMs?: number;
}

/**
 * Asks for a sign of life at a steady pace and notices when none comes. The deadline runs from the first unanswered
 * beat, so a host that was busy for long does not blame the other side for its own silence.
 */
export class Heartbeat {
  #ticker: Cancel | undefined;
  #deadline: Cancel | undefined;
  #beatMs = 0;
  readonly #options: Required<HeartbeatOptions>;

  constructor(options: HeartbeatOptions) {
    this.#options = {
      everyMs: limits.heartbeatEveryMs,
      deadlineMs: limits.heartbeatDeadlineMs,
      pauseMaxMs: Number.POSITIVE_INFINITY,
      onPause: () => undefined,
      ...options,
    };
  }

  start(): void {
    const { timers, everyMs } = this.#options;
    this.#ticker = repeat(timers.wait, everyMs, () => this.#tick());
    this.#beat();
  }

  answered(): void {
    this.#deadline?.();
    this.#deadline = undefined;
  }

  stop(): void {
    this.#ticker?.();
    this.#ticker = undefined;
    this.answered();
  }

  /** Timers come before reading: what lies unread after a long pause of this process is not handed on first. */
  #tick(): void {
    if (this.#options.timers.nowMs - this.#beatMs <= this.#options.pauseMaxMs) {
      this.#beat();
      return;
    }
    this.stop();
    this.#options.onPause();
  }

  #beat(): void {
    const { timers, deadlineMs, beat } = this.#options;
    this.#beatMs = timers.nowMs;
    beat();
    this.#deadline ??= timers.wait(deadlineMs, () => this.#expire());
  }

  /** After a long pause of this process an answer may lie unread; it is read before a wait of 0 is over. */
  #expire(): void {
    const expired = this.#deadline;
    this.#options.timers.wait(0, () => {
      if (this.#deadline !== expired || !this.#ticker) return;
      this.stop();
      this.#options.onSilence();
    });
  }
}
