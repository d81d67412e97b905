import type { Cancel, Timers, Wait } from './wait.js';

interface Entry {
  readonly at: number;
  readonly run: () => void;
}

/** What shall happen at which moment of a simulated clock, in whichever unit that clock counts. */
export class TimerQueue {
  /** In the order in which they fire. */
  readonly #entries: Entry[] = [];

  get length(): number {
    return this.#entries.length;
  }

  /** When the next one is due; infinite when there is none. */
  get next(): number {
    return this.#entries[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Runs `run` once at that moment; of those due at the same moment the first added is first. */
  add(at: number, run: () => void): Cancel {
    const entry = { at, run };
    let place = this.#entries.length;
    while (place > 0 && (this.#entries[place - 1]?.at ?? 0) > at) place -= 1;
    this.#entries.splice(place, 0, entry);
    return () => {
      const index = this.#entries.indexOf(entry);
      if (index >= 0) this.#entries.splice(index, 1);
    };
  }

  /** Runs the next one, due or not. */
  fireNext(): void {
    this.#entries.shift()?.run();
  }

  /** Runs all that are due at `now`. */
  fire(now: number): void {
    while (this.next <= now) this.fireNext();
  }
}

/** Time that passes only inside `pass`, for simulations and tests. */
export class VirtualTime implements Timers {
  #nowMs: number;
  readonly #timers = new TimerQueue();

  constructor(startMs = 0) {
    this.#nowMs = startMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** How many waits are pending. */
  get pending(): number {
    return this.#timers.length;
  }

  readonly wait: Wait = (waitMs, run) => this.#timers.add(this.#nowMs + waitMs, run);

  /** Lets `ms` pass: all that is due by then happens, in its order. */
  pass(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (let next = this.#timers.next; next <= untilMs; next = this.#timers.next) {
      this.#nowMs = Math.max(this.#nowMs, next);
      // One at a time: what it adds may be due before the others.
      this.#timers.fireNext();
    }
    this.#nowMs = untilMs;
  }

  /** Lets `ms` pass in which nothing can happen, as in a process that the system has stopped; what is due is late. */
  stall(ms: number): void {
    this.#nowMs += ms;
  }
}
