import { setTimeout as sleep } from 'node:timers/promises';

/** Asks `probe` until it answers something; fails after `deadlineMs`, naming what was waited for. */
export async function until<T>(
  what: string,
  probe: () => T | null | Promise<T | null>,
  deadlineMs = 10_000,
): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const answer = await probe();
    if (answer !== null) return answer;
    if (performance.now() > end) throw new Error(`waited ${deadlineMs / 1_000} s for ${what}`);
    await sleep(20);
  }
}

/** Fails with `what` unless it is so. */
export function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`expected: ${what}`);
}
