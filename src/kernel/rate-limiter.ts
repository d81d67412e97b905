import { limits } from './limits.js';
import type { ElapsedMs, EpochMs } from './time.js';

interface Row<Time> {
  readonly since: Time;
  readonly count: number;
}

/** Limits how often each name may do something within a window that starts with its first attempt. Bounded memory. */
export class RateLimiter<Time extends ElapsedMs | EpochMs = EpochMs> {
  readonly #rows = new Map<string, Row<Time>>();

  constructor(
    private readonly most: number,
    private readonly withinMs: number,
  ) {}

  /** Whether `name` has reached its limit now. With too many names every new name is limited. */
  isLimited(name: string, now: Time): boolean {
    const row = this.#rows.get(name);
    if (row && this.#isOver(row, now)) this.#rows.delete(name);
    else if (row) return row.count >= this.most;
    return this.#rows.size >= limits.rateLimiterLength && !this.#dropExpired(now);
  }

  /** Counts an attempt; false, without counting it, when the limit is reached. */
  tryAdd(name: string, now: Time): boolean {
    if (this.isLimited(name, now)) return false;
    const { since = now, count = 0 } = this.#rows.get(name) ?? {};
    this.#rows.set(name, { since, count: count + 1 });
    return true;
  }

  #isOver({ since }: Row<Time>, now: Time): boolean {
    return now - since >= this.withinMs || now < since;
  }

  /** Drops names whose window is over; false when there is none. */
  #dropExpired(now: Time): boolean {
    const before = this.#rows.size;
    for (const [name, row] of this.#rows) if (this.#isOver(row, now)) this.#rows.delete(name);
    return this.#rows.size < before;
  }
}
