import { setTimeout as wait } from 'node:timers/promises';

/** Waits; at once over when `signal` is given, and never rejects. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => undefined);
}

/** Waits until `condition` holds, looking every few milliseconds; false when it does not within `deadlineMs`. */
export async function within(
  deadlineMs: number,
  condition: () => boolean,
  lookEveryMs = 20,
): Promise<boolean> {
  const endMs = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > endMs) return false;
    await wait(lookEveryMs);
  }
  return true;
}
