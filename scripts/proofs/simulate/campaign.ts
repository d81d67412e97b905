import type { TakenAction } from './action.js';
import { actions } from './actions/index.js';
import type { Breaker } from './check.js';
import type { CheckKind } from './check-kind.js';
import type { Coverage } from './coverage.js';
import { type Run, type RunParts, replay, simulateSeed } from './trace.js';

/** Which runs are simulated, of which kiosk. */
export interface Campaign {
  readonly firstSeed: number;
  readonly seeds: number;
  readonly length: number;
  readonly folder: string;
  readonly coverage: Coverage;
  /** Creates what breaks the kiosk, anew for each run. */
  breaker(): Breaker;
  /** All of them unless given. */
  readonly checks?: readonly CheckKind[];
  readonly stopAtFirst: boolean;
  readonly shrink: boolean;
  onProgress(share: number): void;
}

/** What came of them. */
export interface Findings {
  readonly seeds: number;
  readonly actionsTaken: number;
  readonly steps: number;
  readonly simulatedMs: number;
  readonly tookMs: number;
  readonly actionCounts: ReadonlyMap<string, number>;
  /** Runs in which a promise was broken; shortened if `shrink` is set. */
  readonly broken: readonly Run[];
}

/** Simulates one seed after another. */
export function runCampaign(campaign: Campaign): Findings {
  const { firstSeed, seeds, length, folder, coverage, checks } = campaign;
  const began = performance.now();
  const actionCounts = new Map(actions.map(({ name }) => [name, 0]));
  const broken: Run[] = [];
  let [done, actionsTaken, steps, simulatedMs] = [0, 0, 0, 0];
  while (done < seeds && !(campaign.stopAtFirst && broken.length > 0)) {
    const parts = {
      seed: firstSeed + done,
      folder,
      coverage,
      breaker: campaign.breaker,
      ...(checks && { checks }),
    };
    const run = simulateSeed(parts, length);
    done += 1;
    actionsTaken += run.actions.length;
    steps += run.steps;
    simulatedMs += run.simulatedMs;
    for (const { action } of run.actions) actionCounts.set(action, (actionCounts.get(action) ?? 0) + 1);
    if (run.violation) broken.push(campaign.shrink ? shrink(parts, run) : run);
    campaign.onProgress(done / seeds);
  }
  return {
    seeds: done,
    actionsTaken,
    steps,
    simulatedMs,
    tookMs: performance.now() - began,
    actionCounts,
    broken,
  };
}

/** Replays that shortening a run may take; some thousand actions take a few hundred. */
const maxReplays = 1_500;

/**
 * A run as short as can be found in which the same check still fails, original once more: chunks are dropped, large ones
 * first, until no single action can be spared; then waits are cut short.
 */
function shrink(parts: RunParts, original: Run): Run {
  const check = original.violation?.check;
  let best = original;
  let replays = 0;
  const isStill = (taken: readonly TakenAction[]): boolean => {
    if (replays >= maxReplays) return false;
    replays += 1;
    const again = replay(parts, taken);
    if (again.violation?.check !== check) return false;
    best = again;
    return true;
  };
  for (let before = -1; before !== best.actions.length; ) {
    before = best.actions.length;
    for (let size = Math.ceil(before / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0)
      dropChunks(best, size, isStill, () => best);
  }
  for (let at = 0; at < best.actions.length; at += 1) {
    const { actions: taken } = best;
    isStill(taken.map((action, place) => (place === at ? { ...action, waitMs: 0 } : action)));
  }
  return best;
}

/** Tries to drop each chunk of `size` actions, from the end: what came last depends on what came first. */
function dropChunks(
  { actions: taken }: Run,
  size: number,
  isStill: (taken: readonly TakenAction[]) => boolean,
  best: () => Run,
): void {
  for (let from = taken.length - size; from > -size; from -= size) {
    const { actions: left } = best();
    if (from >= left.length) continue;
    isStill([...left.slice(0, Math.max(0, from)), ...left.slice(from + size)]);
  }
}
