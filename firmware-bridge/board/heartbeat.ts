import { limits } from '../../src/kernel/limits.js';

export interface HeartbeatOptions {
  /** Asks the other side for a sign of life. */
  beat(): void;
  /** No answer came in time; called once. */
  onSilence(): void;
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
  readonly #options: Required<HeartbeatOptions>;

  constructor(options: HeartbeatOptions) {
    this.#options = {
      everyMs: limits.heartbeatEveryMs,
      deadlineMs: limits.heartbeatDeadlineMs,
      ...options,
    };
  }

  start(): void {
    this.#ticker = setInterval(() => this.#beat(), this.#options.everyMs);
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

  #beat(): void {
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
