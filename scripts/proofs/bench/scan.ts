import { join } from 'node:path';
import type { Goal } from '../support/goals.js';
import { startBareHarness } from './bare-harness.js';
import { startKioskHarness } from './kiosk-harness.js';
import { measureInTurn, type ScanPlan, type ScanTimes } from './scan-rounds.js';
import { countSyscalls, type ScanSyscalls } from './scan-syscalls.js';
import { median, quantile, spread } from './statistics.js';

/** What a bench found: goals to be judged, and the figures behind them. */
export interface BenchResult {
  readonly goals: readonly Goal[];
  readonly raw: object;
}

/** Scans whose system calls are counted; strace makes them slow. */
const tracedScans = 20;
/** The journal's share of an SD card per step. */
const bytesPerStepAtMost = 4_600;

/**
 * From the last byte of a pass at the reader's port to the first byte of the unlock at the board's, beside a bare
 * program that does the least for it; and what it costs the disk.
 */
export async function benchScan(
  folder: string,
  plan: ScanPlan,
  say: (text: string) => void,
): Promise<BenchResult> {
  const programs = {
    bare: startBareHarness,
    kiosk: (harnessFolder: string) => startKioskHarness(harnessFolder),
  };
  const times = await measureInTurn(programs, folder, plan, (round) =>
    say(`round ${round} of ${plan.rounds}`),
  );
  say('counting system calls');
  const syscalls = await countSyscalls(join(folder, 'traced'), tracedScans);
  return {
    goals: [...timeGoals(times.kiosk, times.bare), ...syscallGoals(syscalls)],
    raw: { plan, times, syscalls },
  };
}

type Figure = (times: ScanTimes) => number;

function timeGoals(kiosk: readonly ScanTimes[], bare: readonly ScanTimes[]): Goal[] {
  const compared = (what: string, atMost: number, figure: Figure): Goal => ({
    name: `scan to unlock, ${what}, times the bare program`,
    figure: median(kiosk.map(figure)) / median(bare.map(figure)),
    goal: { atMost },
    detail: `${spread(kiosk.map(figure))} µs, bare ${spread(bare.map(figure))} µs`,
  });
  const firsts = kiosk.map(({ first }) => first);
  const own = kiosk.map(({ sparse }) => quantile(sparse, 0.5));
  return [
    compared('2 ms apart, p50', 1.25, ({ dense }) => quantile(dense, 0.5)),
    compared('2 ms apart, p99', 1.5, ({ dense }) => quantile(dense, 0.99)),
    compared('200 ms apart, p50', 1.25, ({ sparse }) => quantile(sparse, 0.5)),
    compared('200 ms apart, p99', 1.5, ({ sparse }) => quantile(sparse, 0.99)),
    {
      name: 'first scan after start, times its own p50 at 200 ms',
      figure: median(firsts) / median(own),
      goal: { atMost: 1.5 },
      detail: `${spread(firsts)} µs, bare ${spread(bare.map(({ first }) => first))} µs`,
    },
  ];
}

function syscallGoals({ steps, syncs, bytes, unlocks, unlocksTooEarly }: ScanSyscalls): Goal[] {
  return [
    {
      name: 'syncs per durable step',
      figure: syncs / steps,
      goal: { exactly: 1 },
      detail: `${syncs} syncs, ${steps} steps`,
    },
    {
      name: 'unlocks written only after their step was synced',
      figure: unlocks - unlocksTooEarly,
      goal: { exactly: 2 * tracedScans },
      detail: 'a checkout and a checkin for each traced scan',
    },
    { name: 'written per durable step, bytes', figure: bytes / steps, goal: { atMost: bytesPerStepAtMost } },
  ];
}
