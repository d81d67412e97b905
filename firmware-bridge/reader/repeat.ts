/** Tells a code that stays in the reader's view from a new scan. */
export interface RepeatFilter {
  /** Whether `text`, seen at `nowMs`, was last seen less than `windowMs` ago with no other code between. */
  isRepeat(text: string, nowMs: number): boolean;
  /** The code seen last was not taken after all: it is new when it comes again. */
  forget(): void;
}

/** Remembers one code. Each repeat prolongs the window, so a code held before the reader is one scan however long. */
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
