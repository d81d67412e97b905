import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { StartHarness } from './harness.js';

/** How much is measured. */
export interface ScanPlan {
  readonly rounds: number;
  /** Scans 2 ms after the program's last work, per round. */
  readonly denseScans: number;
  /** Scans 200 ms after it. */
  readonly sparseScans: number;
}

/** From a scan's last byte to the unlock's first, in µs: one program's figures of one round. */
export interface ScanTimes {
  readonly first: number;
  readonly dense: readonly number[];
  readonly sparse: readonly number[];
}

const denseGapMs = 2;
const sparseGapMs = 200;
/** A kiosk that was just switched on has had time to settle. */
const settleMs = 1_000;

/** One round of one program, which is started for it. */
async function measure(start: StartHarness, folder: string, plan: ScanPlan): Promise<ScanTimes> {
  mkdirSync(folder);
  const harness = await start(folder);
  try {
    await wait(settleMs);
    const first = await harness.scan(sparseGapMs);
    const dense = await repeat(plan.denseScans, () => harness.scan(denseGapMs));
    const sparse = await repeat(plan.sparseScans, () => harness.scan(sparseGapMs));
    return { first, dense, sparse };
  } finally {
    await harness.stop();
  }
}

async function repeat(times: number, measureOne: () => Promise<number>): Promise<number[]> {
  const figures: number[] = [];
  for (let n = 0; n < times; n += 1) figures.push(await measureOne());
  return figures;
}

/** Measures the programs in turn, each round in the other order; `onRound` is called for each. */
export async function measureInTurn<Name extends string>(
  programs: Readonly<Record<Name, StartHarness>>,
  folder: string,
  plan: ScanPlan,
  onRound: (round: number) => void,
): Promise<Record<Name, ScanTimes[]>> {
  const names = Object.keys(programs) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, ScanTimes[]>;
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const name of round % 2 === 1 ? names : names.toReversed()) {
      times[name].push(await measure(programs[name], join(folder, `${name}-${round}`), plan));
    }
    onRound(round);
  }
  return times;
}
