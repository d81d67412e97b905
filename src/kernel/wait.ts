/** Calls a wait off; does nothing once it is over. */
export type Cancel = () => void;

/** Runs `run` once, `waitMs` from now and never at once, unless cancelled before. Injected where time is simulated. */
export type Wait = (waitMs: number, run: () => void) => Cancel;

/** Waits by the machine’s timers; 0: until whatever happens in this turn has happened. */
export const realWait: Wait = (waitMs, run) => {
  if (waitMs === 0) {
    const immediate = setImmediate(run);
    return () => clearImmediate(immediate);
  }
  const timer = setTimeout(run, waitMs);
  return () => clearTimeout(timer);
};
