import { actions } from './actions/index.js';
import type { CheckKind } from './check-kind.js';
import type { Coverage } from './coverage.js';
import type { Breaker } from './observer.js';
import { shrink } from './shrink.js';
import { type Run, simulateSeed } from './trace.js';

/** Which runs are simulated, of which kiosk. */
export interface Campaign {
  readonly firstSeed: number;
  readonly seeds: number;
  /** Actions in each run. */
  readonly length: number;
  readonly folder: string;
  readonly coverage: Coverage;
  /** Creates what breaks the kiosk, anew for each run. */
  breaker(): Breaker;
  /** All of them unless given. */
  readonly checks?: readonly CheckKind[];
  /** Ends after the first broken promise. */
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
  /** How often each action was taken. */
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
