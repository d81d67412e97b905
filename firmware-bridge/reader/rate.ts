/** Lets through so many in any second, and says which not. */
export interface RateLimit {
  /** Whether one more at `nowMs` is too many. */
  isTooMany(nowMs: number): boolean;
}

/** A bucket of `perSecond` tokens that fills up again within a second. */
export function createRateLimit(perSecond: number): RateLimit {
  let tokens = perSecond;
  let filledMs = Number.NEGATIVE_INFINITY;
  return {
    isTooMany(nowMs) {
      tokens = Math.min(perSecond, tokens + ((nowMs - filledMs) * perSecond) / 1_000);
      filledMs = nowMs;
      if (tokens < 1) return true;
      tokens -= 1;
      return false;
    },
  };
}
