import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Goal, reportGoals } from '../support/goals.js';
import { killOften } from './kills.js';
import { cutPowerEverywhere } from './power-cuts.js';
import type { Breaches } from './verify.js';

/** What a disk does is simulated here, so a real one would only be slower. */
const memoryDisk = '/dev/shm';

const usage = 'usage: npm run crash -- [--rounds 200] [--steps 240] [--seed N] [--json]';

function readArguments() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '200' },
      steps: { type: 'string', default: '240' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      json: { type: 'boolean', default: false },
    },
  });
  const [rounds, steps, seed] = [values.rounds, values.steps, values.seed].map(Number);
  const isCount = (value: number | undefined): value is number =>
    Number.isSafeInteger(value) && Number(value) > 0;
  if (!isCount(rounds) || !isCount(steps) || !isCount(seed)) throw new TypeError('a number is expected');
  return { rounds, steps, seed, json: values.json };
}

async function main(): Promise<void> {
  const { rounds, steps, seed, json } = readArguments();
  const folder = mkdtempSync(join(existsSync(memoryDisk) ? memoryDisk : tmpdir(), 'lening-crash-'));
  const progress = (what: string) => {
    let told = 0;
    return (share: number) => {
      const tenths = Math.floor(share * 10);
      if (tenths > told) process.stderr.write(`${what}: ${tenths * 10} %\n`);
      told = tenths;
    };
  };
  const cut = (synchronous: 'FULL' | 'NORMAL') => {
    const into = join(folder, synchronous);
    mkdirSync(into);
    return cutPowerEverywhere({
      folder: into,
      seed,
      steps,
      synchronous,
      onProgress: progress(`power cuts, ${synchronous}`),
    });
  };
  try {
    process.stderr.write(`seed ${seed}\n`);
    const killed = await killOften(folder, seed, rounds, progress('kills'));
    const full = await cut('FULL');
    const normal = await cut('NORMAL');
    const kills = `${killed.rounds} kills, ${killed.events} events, ${killed.unlocks} unlocks`;
    const cuts = `${full.images} disks at ${full.cuts} cuts, ${full.events} events`;
    const control: Goal = {
      name: 'control with synchronous=NORMAL: acknowledged events lost',
      figure: normal.breaches.lost,
      goal: { atLeast: 1 },
      detail: `${normal.images} disks; proves that the cuts can find a loss`,
    };
    reportGoals(
      [...goalsOf('kill', killed.breaches, kills), ...goalsOf('power cut', full.breaches, cuts), control],
      {
        json,
        extra: { seed, killed, full, normal },
      },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function goalsOf(what: string, breaches: Breaches, detail: string): Goal[] {
  const none = (name: string, figure: number): Goal => ({
    name: `${what}: ${name}`,
    figure,
    goal: { exactly: 0 },
  });
  return [
    { ...none('acknowledged events lost', breaches.lost), detail },
    none('visits begun or ended twice', breaches.doubled),
    none('steps half applied', breaches.halfApplied),
    none('doors unlocked without intent', breaches.unintended),
    none('journals unreadable', breaches.unreadable),
  ];
}

await main().catch((error: unknown) => {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n${usage}\n`);
  process.exitCode = 2;
});
