import { type Command, runProgram, UsageError, wholeNumberFrom } from '../../../src/terminal/command.js';
import { inMemoryFolder, progressOf, proofCommand } from '../support/command.js';
import { atLeast, exactly, type Goal, reportGoals } from '../support/goals.js';
import { actions } from './actions/index.js';
import { faultGroups } from './actors.js';
import { type Campaign, type Findings, runCampaign } from './campaign.js';
import { sound } from './check.js';
import { checkKinds } from './checks/index.js';
import { Coverage } from './coverage.js';
import type { Run } from './trace.js';
import type { Variant } from './variant.js';
import { variants } from './variants/index.js';

interface Options {
  readonly seeds: number;
  readonly seed?: number;
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
  inMemoryFolder((folder) => {
    const range = options.seed === undefined ? { firstSeed: 1 } : { firstSeed: options.seed, seeds: 1 };
    const campaign = { ...options, ...range, length: options.steps, folder };
    if (chosen.length > 0) proveChecks(campaign, chosen);
    else simulate(campaign);
  });
}

type Arguments = Options & Pick<Campaign, 'firstSeed' | 'length' | 'folder'>;

function simulate(campaign: Arguments): void {
  const coverage = new Coverage();
  const breaker = () => sound;
  const onProgress = progressOf('runs');
  const found = runCampaign({ ...campaign, coverage, breaker, stopAtFirst: false, onProgress });
  reportFindings(found, campaign.seeds > 1 ? coverage : null, campaign.json);
}

/** Each broken kiosk must be found out by its check alone. */
function proveChecks(campaign: Arguments, chosen: readonly Variant[]): void {
  const { json, shrink } = campaign;
  const goals = chosen.map((variant): Goal => {
    const found = runCampaign({
      ...campaign,
      coverage: new Coverage(),
      breaker: variant.create,
      checks: checkKinds.filter(({ name }) => name === variant.check),
      stopAtFirst: true,
      onProgress: () => undefined,
    });
    const [caught] = found.broken;
    if (caught && shrink && !json) process.stdout.write(traceOf(caught));
    if (!json) process.stderr.write(`${variant.name}: ${caught ? `seed ${caught.seed}` : 'not caught'}\n`);
    return exactly(
      variant.name,
      Number(caught?.violation?.check === variant.check),
      1,
      wordsOf(variant, caught?.seed),
    );
  });
  const unproven = checkKinds.filter(({ name }) => !variants.some(({ check }) => check === name));
  const all: Goal = exactly('checks that no variant proves', unproven.length, 0);
  reportGoals([...goals, all], { json });
}

const wordsOf = ({ wrong, check }: Variant, seed: number | undefined) =>
  `${wrong}: ${seed === undefined ? 'not found' : `found by ${check} at seed ${seed}`}`;

const day = 86_400_000;

/** The trace of a run in which a promise was broken: one line for each action. */
function traceOf({ seed, actions: taken, words, violation }: Run): string {
  const lines = words.map((word, at) => {
    const waitMs = taken[at]?.waitMs ?? 0;
    const when = waitMs > 0 ? `${(waitMs / 1_000).toFixed(1)} s later ` : '';
    return `  ${when}${word || `${taken[at]?.action} …`}\n`;
  });
  return `seed ${seed}: ${violation?.check}: ${violation?.message}\n${lines.join('')}`;
}

/** How often the actions of each fault group were taken. */
function faultGroupsOf({ actionCounts: taken }: Findings): string {
  const lines = faultGroups.map((group) => {
    const own = actions.filter((action) => action.faultGroup === group);
    return `  ${group}: ${own.map(({ name }) => `${name} ${taken.get(name) ?? 0}`).join(', ') || 'how it starts'}\n`;
  });
  return `faults:
${lines.join('')}`;
}

/** Prints what a campaign with a sound kiosk found, beside its goals. */
function reportFindings(found: Findings, coverage: Coverage | null, json: boolean): void {
  const { seeds, actionsTaken, steps, simulatedMs, tookMs, broken } = found;
  const stepsPerSecond = Math.round((steps / tookMs) * 1_000);
  const goals: Goal[] = [
    exactly(
      'promises broken',
      broken.length,
      0,
      `${seeds} seeds, ${actionsTaken} actions, ${steps} steps, ${(simulatedMs / day).toFixed(0)} simulated days`,
    ),
    ...(coverage ? [goalOf(coverage)] : []),
  ];
  if (!json) {
    for (const run of broken) process.stdout.write(traceOf(run));
    process.stdout.write(faultGroupsOf(found));
    process.stdout.write(`${stepsPerSecond} steps per second\n`);
  }
  const actionCounts = Object.fromEntries(found.actionCounts);
  const runs = broken.map(({ seed, violation, words }) => ({ seed, ...violation, words }));
  reportGoals(goals, {
    json,
    extra: { seeds, steps, simulatedMs, stepsPerSecond, actions: actionCounts, runs },
  });
}

function goalOf(coverage: Coverage): Goal {
  const missing = coverage.missing();
  return atLeast(
    'pairs of visit and input seen',
    coverage.wanted - missing.length,
    coverage.wanted,
    missing.length > 0 ? `never: ${missing.join(', ')}` : `rarest: ${rarest(coverage)}`,
  );
}

const rarest = (coverage: Coverage) =>
  coverage
    .counts()
    .slice(0, 3)
    .map(([pair, times]) => `${pair} ${times} times`)
    .join(', ');

await runProgram(import.meta.url, simulateCommand);
