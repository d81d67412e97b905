import { parseArgs } from 'node:util';
import { type Goal, reportGoals } from '../support/goals.js';
import { run } from './campaign.js';
import { checkKinds } from './checks/index.js';
import { Coverage } from './coverage.js';
import { inMemoryFolder } from './memory-folder.js';
import { reportFindings, storyOf } from './report.js';
import type { Variant } from './variant.js';
import { variants } from './variants/index.js';
import { sound } from './witness.js';

const usage =
  'usage: npm run simulate -- [--seeds 1000 | --seed N] [--steps 400] [--shrink] [--json] [--variants | --variant NAME]';

function readArguments() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      seed: { type: 'string' },
      steps: { type: 'string', default: '400' },
      shrink: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      variants: { type: 'boolean', default: false },
      variant: { type: 'string' },
    },
  });
  const seeds = count(values.seed === undefined ? values.seeds : '1');
  const firstSeed = count(values.seed ?? '1');
  const chosen = variants.filter(({ name }) => values.variants || name === values.variant);
  if (values.variant !== undefined && chosen.length === 0)
    throw new TypeError(
      `there is no variant ${values.variant}: ${variants.map(({ name }) => name).join(', ')}`,
    );
  return { ...values, seeds, firstSeed, length: count(values.steps), chosen };
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value <= 0) throw new TypeError(`a number is expected, not ${text}`);
  return value;
}

type Arguments = ReturnType<typeof readArguments>;

function main(): void {
  const given = readArguments();
  inMemoryFolder((folder) => {
    if (given.chosen.length > 0) proveChecks(given, folder);
    else simulate(given, folder);
  });
}

function simulate({ firstSeed, seeds, length, shrink, json }: Arguments, folder: string): void {
  const coverage = new Coverage();
  const found = run({
    firstSeed,
    seeds,
    length,
    folder,
    coverage,
    breaker: () => sound,
    stopAtFirst: false,
    shrinks: shrink,
    onProgress: progress('stories'),
  });
  reportFindings(found, seeds > 1 ? coverage : null, json);
}

/** Each broken kiosk must be found out by its check alone. */
function proveChecks({ firstSeed, seeds, length, shrink, json, chosen }: Arguments, folder: string): void {
  const goals = chosen.map((variant): Goal => {
    const found = run({
      firstSeed,
      seeds,
      length,
      folder,
      coverage: new Coverage(),
      breaker: variant.create,
      checks: checkKinds.filter(({ name }) => name === variant.check),
      stopAtFirst: true,
      shrinks: shrink,
      onProgress: () => undefined,
    });
    const [caught] = found.broken;
    if (caught && shrink && !json) process.stdout.write(storyOf(caught));
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

/** Says on standard error how far the work has come, in tenths. */
function progress(what: string): (share: number) => void {
  let told = 0;
  return (share) => {
    const tenths = Math.floor(share * 10);
    if (tenths > told) process.stderr.write(`${what}: ${tenths * 10} %\n`);
    told = tenths;
  };
}

try {
  main();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n${usage}\n`);
  process.exitCode = 2;
}
