import { limits } from '../../src/kernel/limits.js';

export interface HeartbeatOptions {
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
  #ticker: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;
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
    this.#ticker = setInterval(() => this.#tick(), this.#options.everyMs);
    this.#beat();
  }

  answered(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }

  stop(): void {
    clearInterval(this.#ticker);
    this.#ticker = undefined;
    this.answered();
  }

  /** Timers come before reading: what lies unread after a long pause of this process is not handed on first. */
  #tick(): void {
    if (performance.now() - this.#beatMs <= this.#options.pauseMaxMs) {
      this.#beat();
      return;
    }
    this.stop();
    this.#options.onPause();
  }

  #beat(): void {
    this.#beatMs = performance.now();
    this.#options.beat();
    this.#deadline ??= setTimeout(() => this.#expire(), this.#options.deadlineMs);
  }

  /** After a long pause of this process an answer may lie unread; reading comes before `setImmediate`. */
  #expire(): void {
    const expired = this.#deadline;
    setImmediate(() => {
      if (this.#deadline !== expired || !this.#ticker) return;
      this.stop();
      this.#options.onSilence();
    });
  }
}
