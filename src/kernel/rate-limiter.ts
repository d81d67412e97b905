import { limits } from './limits.js';
import type { ElapsedMs, EpochMs } from './time.js';

interface Row<Time> {
  readonly since: Time;
  readonly count: number;
}

/** Counts how often each name did something: so many times within a time that begins with the first. Bounded. */
export class RateLimiter<Time extends ElapsedMs | EpochMs = EpochMs> {
  readonly #rows = new Map<string, Row<Time>>();

  constructor(
    private readonly most: number,
    private readonly withinMs: number,
  ) {}

  /** Whether `name` may not do it once more now. Where everything is full of names nobody may. */
  isLimited(name: string, now: Time): boolean {
    const row = this.#rows.get(name);
    if (row && this.#isOver(row, now)) this.#rows.delete(name);
    else if (row) return row.count >= this.most;
    return this.#rows.size >= limits.rateLimiterLength && !this.#tidy(now);
  }

  /** Counts one more; false when there were enough, and then it is not counted. */
  tryAdd(name: string, now: Time): boolean {
    if (this.isLimited(name, now)) return false;
    const { since = now, count = 0 } = this.#rows.get(name) ?? {};
    this.#rows.set(name, { since, count: count + 1 });
    return true;
  }

  #isOver({ since }: Row<Time>, now: Time): boolean {
    return now - since >= this.withinMs || now < since;
  }

  /** Forgets whose time is over; false when there is none. */
  #tidy(now: Time): boolean {
    const before = this.#rows.size;
    for (const [name, row] of this.#rows) if (this.#isOver(row, now)) this.#rows.delete(name);
    return this.#rows.size < before;
  }
}
