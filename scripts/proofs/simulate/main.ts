import { type Command, runProgram, UsageError, wholeNumberFrom } from '../../../src/terminal/command.js';
import { progressOf, proofCommand } from '../support/command.js';
import { type Goal, reportGoals } from '../support/goals.js';
import { runCampaign } from './campaign.js';
import { checkKinds } from './checks/index.js';
import { Coverage } from './coverage.js';
import { inMemoryFolder } from './memory-folder.js';
import { sound } from './observer.js';
import { reportFindings, traceOf } from './report.js';
import type { Variant } from './variant.js';
import { variants } from './variants/index.js';

interface Options {
  readonly seeds: number;
  /** Simulates this seed only. */
  readonly seed?: number;
  /** Actions in each run. */
  readonly steps: number;
  readonly shrink: boolean;
  readonly json: boolean;
  readonly variants: boolean;
  readonly variant?: string;
}

/** The command line of `npm run simulate`. */
export function simulateCommand(): Command {
  const summary = 'Simulates whole kiosks in virtual time and checks every promise after each step.';
  return proofCommand('simulate', summary, [
    'npm run simulate -- --seeds 200',
    'npm run simulate -- --seed 7 --steps 150 --shrink',
    'npm run simulate -- --variants',
  ])
    .option('--seeds <number>', 'simulate the seeds 1 to this number', wholeNumberFrom(1), 1_000)
    .option('--seed <number>', 'simulate this seed only', wholeNumberFrom(1))
    .option('--steps <number>', 'actions in each run', wholeNumberFrom(1), 400)
    .option('--shrink', 'shorten each run in which a promise is broken', false)
    .option('--variants', 'prove that each check finds the kiosk that breaks its promise', false)
    .option('--variant <name>', 'the same with one broken kiosk only')
    .action(start);
}

function start(options: Options): void {
  const { variant } = options;
  const chosen = variants.filter(({ name }) => options.variants || name === variant);
  if (variant !== undefined && chosen.length === 0) {
    throw new UsageError(`no variant ${variant}; variants: ${variants.map(({ name }) => name).join(', ')}`);
  }
  const { seeds, firstSeed } =
    options.seed === undefined
      ? { seeds: options.seeds, firstSeed: 1 }
      : { seeds: 1, firstSeed: options.seed };
  const given = { ...options, seeds, firstSeed, length: options.steps, chosen };
  inMemoryFolder((folder) => {
    if (chosen.length > 0) proveChecks(given, folder);
    else simulate(given, folder);
  });
}

interface Arguments extends Options {
  readonly firstSeed: number;
  readonly length: number;
  readonly chosen: readonly Variant[];
}

function simulate({ firstSeed, seeds, length, shrink, json }: Arguments, folder: string): void {
  const coverage = new Coverage();
  const found = runCampaign({
    firstSeed,
    seeds,
    length,
    folder,
    coverage,
    breaker: () => sound,
    stopAtFirst: false,
    shrink: shrink,
    onProgress: progressOf('runs'),
  });
  reportFindings(found, seeds > 1 ? coverage : null, json);
}

/** Each broken kiosk must be found out by its check alone. */
function proveChecks({ firstSeed, seeds, length, shrink, json, chosen }: Arguments, folder: string): void {
  const goals = chosen.map((variant): Goal => {
    const found = runCampaign({
      firstSeed,
      seeds,
      length,
      folder,
      coverage: new Coverage(),
      breaker: variant.create,
      checks: checkKinds.filter(({ name }) => name === variant.check),
      stopAtFirst: true,
      shrink: shrink,
      onProgress: () => undefined,
    });
    const [caught] = found.broken;
    if (caught && shrink && !json) process.stdout.write(traceOf(caught));
    if (!json) process.stderr.write(`${variant.name}: ${caught ? `seed ${caught.seed}` : 'not caught'}\n`);
    return {
      name: variant.name,
      figure: Number(caught?.violation?.check === variant.check),
      goal: { exactly: 1 },
      detail: wordsOf(variant, caught?.seed),
    };
  });
  const unproven = checkKinds.filter(({ name }) => !variants.some(({ check }) => check === name));
  const all: Goal = { name: 'checks that no variant proves', figure: unproven.length, goal: { exactly: 0 } };
  reportGoals([...goals, all], { json });
}

const wordsOf = ({ wrong, check }: Variant, seed: number | undefined) =>
  `${wrong}: ${seed === undefined ? 'not found' : `found by ${check} at seed ${seed}`}`;

await runProgram(import.meta.url, simulateCommand);
