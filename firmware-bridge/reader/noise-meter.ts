import type { Cancel, Wait } from '../../src/kernel/wait.js';

/** Counts what is thrown away, bytes or scans, and tells of it in bounded numbers. */
export interface NoiseMeter {
  count(more: number): void;
  stop(): void;
}

/** Tells the first noise at once, and what follows within `everyMs` in one sum afterwards. */
export function createNoiseMeter(wait: Wait, everyMs: number, tell: (sum: number) => void): NoiseMeter {
  let untold = 0;
  let pause: Cancel | undefined;

  function count(more: number): void {
    untold += more;
    if (untold === 0 || pause) return;
    const sum = untold;
    untold = 0;
    pause = wait(everyMs, () => {
      pause = undefined;
      count(0);
    });
    tell(sum);
  }

  return { count, stop: () => pause?.() };
}
