import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, runProgram, wholeNumberFrom } from '../../../src/terminal/command.js';
import { needsTools } from '../../support/tools.js';
import { memoryDisk, progressOf, proofCommand, seedOption, temporaryFolder } from '../support/command.js';
import { atLeast, exactly, type Goal, reportGoals } from '../support/goals.js';
import { killRepeatedly } from './kills.js';
import { cutPowerEverywhere } from './power-cuts.js';
import type { Breaches } from './verify.js';

interface Options {
  readonly rounds: number;
  readonly steps: number;
  readonly seed: number;
  readonly json: boolean;
}

/** The command line of `npm run crash`. */
export function crashCommand(): Command {
  const summary = 'Kills a kiosk, and cuts its power at every write and sync: counts what is lost.';
  const command = proofCommand('crash', summary, ['npm run crash -- --rounds 50'])
    .option('--rounds <number>', 'kills', wholeNumberFrom(1), 200)
    .option('--steps <number>', 'steps of the kiosk whose power is cut', wholeNumberFrom(1), 240)
    .addOption(seedOption())
    .action(crash);
  return needsTools(command, ['strace']);
}

async function crash({ rounds, steps, seed, json }: Options): Promise<void> {
  const folder = temporaryFolder(memoryDisk, 'lening-crash-');
  const cut = (synchronous: 'FULL' | 'NORMAL') => {
    const into = join(folder, synchronous);
    mkdirSync(into);
    const onProgress = progressOf(`power cuts, ${synchronous}`);
    return cutPowerEverywhere({ folder: into, seed, steps, synchronous, onProgress });
  };
  process.stderr.write(`seed ${seed}\n`);
  const killed = await killRepeatedly(folder, seed, rounds, progressOf('kills'));
  const full = await cut('FULL');
  const normal = await cut('NORMAL');
  const kills = `${killed.rounds} kills, ${killed.events} events, ${killed.unlocks} unlocks`;
  const cuts = `${full.images} disks at ${full.cuts} cuts, ${full.events} events`;
  const control = atLeast(
    'control with synchronous=NORMAL: acknowledged events lost',
    normal.breaches.lost,
    1,
    `${normal.images} disks; proves that the cuts can find a loss`,
  );
  const goals = [...goalsOf('kill', killed.breaches, kills), ...goalsOf('power cut', full.breaches, cuts)];
  reportGoals([...goals, control], { json, extra: { seed, killed, full, normal } });
}

function goalsOf(what: string, breaches: Breaches, detail: string): Goal[] {
  const none = (name: string, figure: number, how?: string) => exactly(`${what}: ${name}`, figure, 0, how);
  return [
    none('acknowledged events lost', breaches.lost, detail),
    none('visits begun or ended twice', breaches.doubled),
    none('steps half applied', breaches.halfApplied),
    none('doors unlocked without intent', breaches.unintended),
    none('journals unreadable', breaches.unreadable),
  ];
}

await runProgram(import.meta.url, crashCommand);
