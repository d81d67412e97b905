/** Tells a code that stays in the reader's view from a new scan. */
export interface RepeatFilter {
  /** Whether `text`, seen at `nowMs`, was last seen less than `windowMs` ago with no other code between. */
  isRepeat(text: string, nowMs: number): boolean;
  /** Forgets the last code, which was dropped: it is a new scan when it comes again. */
  forget(): void;
}

/** Creates a filter that remembers one code. Each repeat prolongs the window, so a code held before the reader is one scan however long. */
export function createRepeatFilter(windowMs: number): RepeatFilter {
  let last = '';
  let seenMs = Number.NEGATIVE_INFINITY;
  return {
    isRepeat(text, nowMs) {
      const isRepeat = text === last && nowMs - seenMs < windowMs;
      last = text;
      seenMs = nowMs;
      return isRepeat;
    },
    forget() {
      seenMs = Number.NEGATIVE_INFINITY;
    },
  };
}

/** Limits how many scans pass in any second. */
export interface RateLimit {
  /** Counts one more at `nowMs`; true when it is over the limit. */
  isTooMany(nowMs: number): boolean;
}

/** Creates a limit of `perSecond`: a bucket of tokens that is full again after a second. */
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
