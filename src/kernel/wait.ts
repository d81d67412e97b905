/** Cancels a wait; does nothing once it is over. */
export type Cancel = () => void;

/** Runs `run` once, `waitMs` from now and never at once, unless cancelled before. Injected where time is simulated. */
export type Wait = (waitMs: number, run: () => void) => Cancel;

/** Elapsed time and the waits on it, on one clock. Injected where time is simulated. */
export interface Timers {
  /** Milliseconds since an arbitrary fixed moment, with fractions; monotonic. */
  readonly nowMs: number;
  readonly wait: Wait;
}

/** Waits by the machine’s timers; 0: until whatever happens in this turn has happened. */
export const realWait: Wait = (waitMs, run) => {
  if (waitMs === 0) {
    const immediate = setImmediate(run);
    return () => clearImmediate(immediate);
  }
  const timer = setTimeout(run, waitMs);
  return () => clearTimeout(timer);
};

/** The time of this computer. */
export const realTimers: Timers = {
  get nowMs() {
    return performance.now();
  },
  wait: realWait,
};

/** Runs `run` every `everyMs`, first after one period; a run that is late delays those after it. */
export function repeat(wait: Wait, everyMs: number, run: () => void): Cancel {
  let cancel: Cancel;
  const tick = () => {
    cancel = wait(everyMs, tick);
    run();
  };
  cancel = wait(everyMs, tick);
  return () => cancel();
}

/**
 * Waits in two halves: when this process stood still (a slow SD card), the late first half lets the bytes in that have arrived
 * meanwhile, and whoever reads them may cancel before the second half ends.
 */
export function waitInHalves(wait: Wait, waitMs: number, run: () => void): Cancel {
  let cancel = wait(waitMs / 2, () => {
    cancel = wait(waitMs / 2, run);
  });
  return () => cancel();
}

/** Resolves after `waitMs`, or as soon as `signal` aborts. */
export function waited(wait: Wait, waitMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const end = () => {
      cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const cancel = wait(waitMs, end);
    signal?.addEventListener('abort', end);
  });
}
