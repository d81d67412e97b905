/** Counts thrown-away bytes and tells of them in bounded numbers. */
export interface NoiseMeter {
  count(bytes: number): void;
  stop(): void;
}

/** Tells the first noise at once, and what follows within `everyMs` in one sum afterwards. */
export function createNoiseMeter(everyMs: number, tell: (discardedBytes: number) => void): NoiseMeter {
  let untold = 0;
  let pause: NodeJS.Timeout | undefined;

  function count(bytes: number): void {
    untold += bytes;
    if (untold === 0 || pause) return;
    const sum = untold;
    untold = 0;
    pause = setTimeout(() => {
      pause = undefined;
      count(0);
    }, everyMs);
    pause.unref();
    tell(sum);
  }

  return { count, stop: () => clearTimeout(pause) };
}
