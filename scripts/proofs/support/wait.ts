import { setTimeout as wait } from 'node:timers/promises';

/** Polls `probe` until it returns something; throws after `deadlineMs` with the name of what was awaited. */
export async function until<T>(
  what: string,
  probe: () => T | null | Promise<T | null>,
  deadlineMs = 10_000,
): Promise<T> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const found = await probe();
    if (found !== null) return found;
    if (performance.now() > endMs) throw new Error(`waited ${deadlineMs / 1_000} s for ${what}`);
    await wait(20);
  }
}

/** Polls `condition` until it holds; false when it does not within `deadlineMs`. */
export async function within(deadlineMs: number, condition: () => boolean, pollMs = 20): Promise<boolean> {
  const endMs = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > endMs) return false;
    await wait(pollMs);
  }
  return true;
}

/** Waits; ends early when `signal` is aborted, and never rejects. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => undefined);
}

/** Throws with `what` unless it holds. */
export function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`expected: ${what}`);
}
