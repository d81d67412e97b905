import { limits } from '../kernel/limits.js';

/** The tasks of pauses at the kiosk. */
export interface PauseTasks {
  /** Overrides `limits.journalQuietMs` and `limits.journalIdleMs`; for tests. */
  readonly quietMs: number | undefined;
  readonly idleMs: number | undefined;
  /** Called in every short pause. */
  onQuiet(): void;
  /** Called in a long pause, and again soon while it returns that there is more to do. */
  onIdle(): boolean;
}

/** Runs tasks in pauses. Its timers keep no process alive. */
export class PauseTimers {
  readonly #quiet: NodeJS.Timeout;
  readonly #idle: NodeJS.Timeout;
  #next: NodeJS.Timeout | undefined;

  constructor(private readonly parts: PauseTasks) {
    this.#quiet = setTimeout(() => parts.onQuiet(), parts.quietMs ?? limits.journalQuietMs).unref();
    this.#idle = setTimeout(() => this.#onIdle(), parts.idleMs ?? limits.journalIdleMs).unref();
  }

  /** Restarts the timers after an activity. */
  restart(): void {
    if (this.#next) clearTimeout(this.#next);
    this.#next = undefined;
    this.#quiet.refresh();
    this.#idle.refresh();
  }

  close(): void {
    for (const timer of [this.#quiet, this.#idle, this.#next]) clearTimeout(timer);
  }

  #onIdle(): void {
    this.#next = this.parts.onIdle()
      ? setTimeout(() => this.#onIdle(), limits.journalHousekeepingPauseMs).unref()
      : undefined;
  }
}
