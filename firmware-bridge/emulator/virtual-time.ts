import { setImmediate } from 'node:timers/promises';
import type { Machine } from './machine.js';

/** The host's event loop gets a turn this often, in the board's time. */
const turnMs = 1;

/**
 * Lets a machine run as fast as it goes, giving the host's side of the wire its turns, until `condition` holds.
 * Rejects when `limitMs` of the board's time have passed without.
 */
export async function runUntil(machine: Machine, condition: () => boolean, limitMs: number): Promise<void> {
  const until = machine.elapsedMs + limitMs;
  while (!condition()) {
    if (machine.elapsedMs >= until) throw new Error(`not within ${limitMs} ms of the board's time`);
    machine.run(turnMs);
    await setImmediate();
  }
}
