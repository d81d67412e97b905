import { actions } from './actions/index.js';
import type { CheckKind } from './check.js';
import type { Coverage } from './coverage.js';
import { shrink } from './shrink.js';
import { type Telling, tell } from './trace.js';
import type { Breaker } from './witness.js';

/** Which stories are told, of which kiosk. */
export interface Campaign {
  readonly firstSeed: number;
  readonly seeds: number;
  /** Deeds in each story. */
  readonly length: number;
  readonly folder: string;
  readonly coverage: Coverage;
  /** Makes what breaks the kiosk, anew for each story. */
  breaker(): Breaker;
  /** All of them unless given. */
  readonly checks?: readonly CheckKind[];
  /** Ends after the first broken promise. */
  readonly stopAtFirst: boolean;
  readonly shrinks: boolean;
  onProgress(share: number): void;
}

/** What came of them. */
export interface Findings {
  readonly seeds: number;
  readonly deeds: number;
  readonly steps: number;
  readonly simulatedMs: number;
  readonly tookMs: number;
  /** How often each action was taken. */
  readonly actions: ReadonlyMap<string, number>;
  /** Stories in which a promise was broken; shrunk where that was asked for. */
  readonly broken: readonly Telling[];
}

/** Tells story after story. */
export function run(campaign: Campaign): Findings {
  const { firstSeed, seeds, length, folder, coverage, checks } = campaign;
  const began = performance.now();
  const taken = new Map(actions.map(({ name }) => [name, 0]));
  const broken: Telling[] = [];
  let [told, deeds, steps, simulatedMs] = [0, 0, 0, 0];
  while (told < seeds && !(campaign.stopAtFirst && broken.length > 0)) {
    const parts = {
      seed: firstSeed + told,
      folder,
      coverage,
      breaker: campaign.breaker,
      ...(checks && { checks }),
    };
    const telling = tell(parts, length);
    told += 1;
    deeds += telling.deeds.length;
    steps += telling.steps;
    simulatedMs += telling.simulatedMs;
    for (const { action } of telling.deeds) taken.set(action, (taken.get(action) ?? 0) + 1);
    if (telling.violation) broken.push(campaign.shrinks ? shrink(parts, telling) : telling);
    campaign.onProgress(told / seeds);
  }
  return {
    seeds: told,
    deeds,
    steps,
    simulatedMs,
    tookMs: performance.now() - began,
    actions: taken,
    broken,
  };
}
