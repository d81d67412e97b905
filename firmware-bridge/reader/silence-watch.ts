/** Notices that an unfinished scan is not going on. */
export interface SilenceWatch {
  /** Bytes have come; `isUnfinished`: more are expected. */
  heard(isUnfinished: boolean): void;
  stop(): void;
}

/**
 * Calls `onSilence` when no bytes came for `gapMs` though more were expected. The time is waited for in two halves:
 * when the event loop stood still (a slow SD card), the late first half lets waiting bytes in before the second ends.
 */
export function createSilenceWatch(gapMs: number, onSilence: () => void): SilenceWatch {
  let timer: NodeJS.Timeout | undefined;
  let halves = 0;

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }

  function tick(): void {
    halves += 1;
    if (halves < 2) return;
    stop();
    onSilence();
  }

  return {
    heard(isUnfinished) {
      halves = 0;
      if (!isUnfinished) stop();
      else if (timer) timer.refresh();
      else timer = setInterval(tick, gapMs / 2);
    },
    stop,
  };
}
