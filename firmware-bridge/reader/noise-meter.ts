import type { Cancel, Wait } from '../../src/kernel/wait.js';

/** Counts dropped bytes or scans and reports them at a bounded rate. */
export interface NoiseMeter {
  count(more: number): void;
  stop(): void;
}

/** Reports the first noise at once, and later noise as one sum per `everyMs`. */
export function createNoiseMeter(wait: Wait, everyMs: number, report: (sum: number) => void): NoiseMeter {
  let unreported = 0;
  let pause: Cancel | undefined;

  function count(more: number): void {
    unreported += more;
    if (unreported === 0 || pause) return;
    const sum = unreported;
    unreported = 0;
    pause = wait(everyMs, () => {
      pause = undefined;
      count(0);
    });
    report(sum);
  }

  return { count, stop: () => pause?.() };
}
