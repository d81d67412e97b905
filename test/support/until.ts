/**
 * Waits until `condition` holds, looking every few milliseconds.
 * Rejects after `deadlineMs` with a message that names `what` was awaited.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what = condition.toString(),
  deadlineMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
