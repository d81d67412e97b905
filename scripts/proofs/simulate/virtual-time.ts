import type { Cancel } from '../../../src/kernel/wait.js';

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

/** Time that passes only when it is told to: everything that waits in a simulated street waits here. */
export class VirtualTime {
  #nowMs = 0;
  /** In the order in which they fire. */
  readonly #timers: Timer[] = [];

  /** Milliseconds since the story began. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#timers.length;
  }

  /** Runs `run` once, `waitMs` from now; of those due at the same time the first asked for is first. */
  after(waitMs: number, run: () => void): Cancel {
    const timer = { atMs: this.#nowMs + waitMs, run };
    let at = this.#timers.length;
    while (at > 0 && (this.#timers[at - 1]?.atMs ?? 0) > timer.atMs) at -= 1;
    this.#timers.splice(at, 0, timer);
    return () => {
      const place = this.#timers.indexOf(timer);
      if (place >= 0) this.#timers.splice(place, 1);
    };
  }

  /** Lets `ms` pass: all that is due by then happens, in its order. */
  pass(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (let next = this.#timers[0]; next && next.atMs <= untilMs; next = this.#timers[0]) {
      this.#timers.shift();
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
    }
    this.#nowMs = untilMs;
  }
}
