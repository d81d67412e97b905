import { type Cancel, type Wait, waitInHalves } from '../../src/kernel/wait.js';

/** Notices that an unfinished scan is not going on. */
export interface SilenceWatch {
  /** Bytes have come; `isUnfinished`: more are expected. */
  heard(isUnfinished: boolean): void;
  stop(): void;
}

/** Calls `onSilence` when no bytes came for `gapMs` though more were expected, unless this process stood still meanwhile. */
export function createSilenceWatch(wait: Wait, gapMs: number, onSilence: () => void): SilenceWatch {
  let cancel: Cancel = () => undefined;
  return {
    heard(isUnfinished) {
      cancel();
      if (isUnfinished) cancel = waitInHalves(wait, gapMs, onSilence);
    },
    stop: () => cancel(),
  };
}
