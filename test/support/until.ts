import { realTimers, type Timers, waited } from '../../src/kernel/wait.js';

/**
 * Waits until `condition` holds, checking every few milliseconds on the computer's clock or on that of a test.
 * Rejects after `deadlineMs` with a message that names `what` was awaited.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what = condition.toString(),
  deadlineMs = 60_000,
  timers: Timers = realTimers,
): Promise<void> {
  const deadline = timers.nowMs + deadlineMs;
  while (!(await condition())) {
    if (timers.nowMs > deadline) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await waited(timers.wait, 2);
  }
}
