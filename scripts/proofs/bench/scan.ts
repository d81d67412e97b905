import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ledgerRules } from '../../../src/circulation/ledger-rules.js';
import { openJournal } from '../../../src/journal/open.js';
import { atMost, exactly, type Goal, median, quantile, spread } from '../support/goals.js';
import { attachTrace, isSync, readTrace, type Syscall } from '../support/syscalls.js';
import { startBareHarness } from './bare-harness.js';
import type { StartHarness } from './harness.js';
import { startKioskHarness, stockedItems } from './kiosk-harness.js';

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
  const compared = (what: string, limit: number, figure: Figure): Goal =>
    atMost(
      `scan to unlock, ${what}, times the bare program`,
      median(kiosk.map(figure)) / median(bare.map(figure)),
      limit,
      `${spread(kiosk.map(figure))} µs, bare ${spread(bare.map(figure))} µs`,
    );
  const firsts = kiosk.map(({ first }) => first);
  const own = kiosk.map(({ sparse }) => quantile(sparse, 0.5));
  return [
    compared('2 ms apart, p50', 1.25, ({ dense }) => quantile(dense, 0.5)),
    compared('2 ms apart, p99', 1.5, ({ dense }) => quantile(dense, 0.99)),
    compared('200 ms apart, p50', 1.25, ({ sparse }) => quantile(sparse, 0.5)),
    compared('200 ms apart, p99', 1.5, ({ sparse }) => quantile(sparse, 0.99)),
    atMost(
      'first scan after start, times its own p50 at 200 ms',
      median(firsts) / median(own),
      1.5,
      `${spread(firsts)} µs, bare ${spread(bare.map(({ first }) => first))} µs`,
    ),
  ];
}

function syscallGoals({ steps, syncs, bytes, unlocks, unlocksTooEarly }: ScanSyscalls): Goal[] {
  return [
    exactly('syncs per durable step', syncs / steps, 1, `${syncs} syncs, ${steps} steps`),
    exactly(
      'unlocks written only after their step was synced',
      unlocks - unlocksTooEarly,
      2 * tracedScans,
      'a checkout and a checkin for each traced scan',
    ),
    atMost('written per durable step, bytes', bytes / steps, bytesPerStepAtMost),
  ];
}

/** How much is measured. */
export interface ScanPlan {
  readonly rounds: number;
  /** Scans 2 ms after the program's last work, per round. */
  readonly denseScans: number;
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
async function measureInTurn<Name extends string>(
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

/** What the kernel saw of a kiosk's steps. */
export interface ScanSyscalls {
  /** Events recorded; each was a step of its own. */
  readonly steps: number;
  readonly syncs: number;
  readonly bytes: number;
  readonly unlocks: number;
  /** Unlocks that were written to the board's port with the journal's last write not yet synced, or nothing to sync. */
  readonly unlocksTooEarly: number;
}

/** The beginning of a PULSE on the wire, as strace writes it: F0 07. */
const pulse = '\\360\\7';

/**
 * Counts, under strace, what `scans` checkouts with their checkins cost. The kiosk is killed at the end, so that nothing but
 * its steps is counted.
 */
async function countSyscalls(folder: string, scans: number): Promise<ScanSyscalls> {
  mkdirSync(folder);
  const harness = await startKioskHarness(folder);
  const traceFile = join(folder, 'trace');
  const trace = await attachTrace(traceFile, harness.pid);
  const ended = once(trace, 'exit');
  for (let n = 0; n < scans; n += 1) await harness.scan(2);
  await harness.kill();
  await ended;
  const journal = openJournal({ file: harness.journalFile, ...ledgerRules });
  const steps = journal.lastPosition() - stockedItems;
  journal.close();
  return { steps, ...judge(readTrace(traceFile), harness.boardPath, harness.journalFile) };
}

function judge(
  calls: readonly Syscall[],
  boardPath: string,
  journalFile: string,
): Omit<ScanSyscalls, 'steps'> {
  const journalCalls = calls.filter(({ path }) => path.startsWith(journalFile));
  const unlocks = calls.filter(({ path, data }) => path.startsWith(boardPath) && data.startsWith(pulse));
  const isTooEarly = (unlock: Syscall) => {
    const before = journalCalls.filter(({ begin }) => begin < unlock.begin);
    const last = before.at(-1);
    return !last || !isSync(last) || last.returned !== 0 || last.end >= unlock.begin;
  };
  return {
    syncs: journalCalls.filter(isSync).length,
    bytes: journalCalls.reduce((sum, call) => sum + (isSync(call) ? 0 : call.returned), 0),
    unlocks: unlocks.length,
    unlocksTooEarly: unlocks.filter(isTooEarly).length,
  };
}
