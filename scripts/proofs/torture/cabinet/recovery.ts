import { breaking, type FaultName, hindering, type Observation } from './observation.js';

/** How often the kiosk found its board again, and how long that took once nothing hindered it any more. */
export interface Recoveries {
  readonly timesMs: readonly number[];
  /** The board was lost last of all, and nothing hinders. */
  readonly stillLost: boolean;
}

/** Reads recoveries: from the end of the last fault that hindered, or the loss when that came later, to the board being ready. */
export function recoveriesIn(observations: readonly Observation[]): Recoveries {
  const timesMs: number[] = [];
  const active = new Set<FaultName>();
  let lost = true;
  /** Null before the first loss: a start is no recovery. */
  let sinceMs: number | null = null;
  for (const each of observations) {
    if (each.kind === 'fault' && hindering.has(each.fault)) {
      if (each.phase === 'begins') active.add(each.fault);
      else active.delete(each.fault);
      lost ||= breaking.has(each.fault);
      sinceMs = each.atMs;
    }
    if (each.kind === 'lost' && !lost) {
      lost = true;
      sinceMs = each.atMs;
    }
    if (each.kind === 'ready' && lost && ![...active].some((fault) => breaking.has(fault))) {
      // Found through noise: how long that took says nothing.
      if (sinceMs !== null && active.size === 0) timesMs.push(each.atMs - sinceMs);
      lost = false;
    }
  }
  return { timesMs, stillLost: lost };
}
