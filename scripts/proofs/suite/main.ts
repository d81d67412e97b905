import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../../src/kernel/package-root.js';
import { type Command, runProgram, wholeNumberFrom } from '../../../src/terminal/command.js';
import { printer, proofCommand, temporaryFolder } from '../support/command.js';
import { atMost, exactly, type Goal, reportGoals } from '../support/goals.js';

interface Options {
  readonly rounds: number;
  readonly load: number;
  readonly fresh: boolean;
  readonly json: boolean;
}

/** The promise of the README and of section "Two commands": five minutes from a fresh clone, ten seconds for the unit tests. */
const suiteSeconds = 300;
const unitSeconds = 10;

/** The command line of `npm run prove:suite`. */
export function suiteCommand(): Command {
  const summary =
    'Runs the test suite alone, and several times beside busy loops: it must be green every time.';
  return proofCommand('prove:suite', summary, [
    'npm run prove:suite -- --rounds 10 --load 4',
    'npm run prove:suite -- --fresh',
    'npm run prove:suite -- --rounds 20 link screen/page',
  ])
    .argument('[words...]', 'parts of paths of test files: only these run in the rounds')
    .option('--rounds <number>', 'runs beside busy loops', wholeNumberFrom(0), 10)
    .option('--load <number>', 'busy loops beside each of them', wholeNumberFrom(0), 4)
    .option('--fresh', 'also run everything in a fresh clone, with the packages of npm’s cache', false)
    .action(proveSuite);
}

async function proveSuite(words: string[], { rounds, load, fresh, json }: Options): Promise<void> {
  const say = printer(json);
  const folder = fileURLToPath(packageRoot);
  const run = async (title: string, where: string, ...given: string[]) => {
    const result = await runSuite(where, given);
    say(`${title}: ${result.lastLine} in ${Math.round(result.seconds)} s`);
    for (const line of result.complaints) say(`  ${line}`);
    return result;
  };
  const goals: Goal[] = [];
  if (fresh) {
    const clone = join(temporaryFolder(tmpdir(), 'lening-suite-'), 'clone');
    execFileSync('git', ['clone', '--quiet', folder, clone]);
    const result = await run('fresh clone', clone);
    const parts = result.milestones.map(({ line, atSeconds }) => `${Math.round(atSeconds)} s ${line}`);
    goals.push(timeGoal('fresh clone to last line, s', result, suiteSeconds, parts.join('; ')));
  }
  const unit = await run('unit tests', folder, 'unit');
  const alone = await run('alone', folder, ...words);
  const stopLoops = startBusyLoops(load);
  const loaded: SuiteRun[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    loaded.push(await run(`round ${round} of ${rounds} beside ${load} busy loops`, folder, ...words));
  }
  stopLoops();
  const all = [unit, alone, ...loaded];
  goals.push(
    timeGoal('unit tests, s', unit, unitSeconds),
    timeGoal('suite alone, s', alone, suiteSeconds),
    exactly(
      'runs that were not green',
      all.filter(({ isGreen }) => !isGreen).length,
      0,
      `${all.length} runs, ${loaded.length} of them beside ${load} busy loops`,
    ),
  );
  reportGoals(goals, { json, extra: { unit, alone, loaded } });
}

/** A run that was not green has no time. */
function timeGoal(name: string, run: SuiteRun, seconds: number, detail = run.lastLine): Goal {
  return atMost(name, run.isGreen ? run.seconds : Number.POSITIVE_INFINITY, seconds, detail);
}

/** One run of `npm test`. */
export interface SuiteRun {
  /** Exit code 0, and the last line counts passed tests and no failed one. */
  readonly isGreen: boolean;
  readonly lastLine: string;
  readonly seconds: number;
  /** The steps of the set-up, and when each was announced. */
  readonly milestones: readonly { readonly line: string; readonly atSeconds: number }[];
  readonly complaints: readonly string[];
}

const green = /^[1-9]\d* passed, 0 failed(, \d+ skipped)?$/;

/** Runs `npm test` in `folder` on the files that `words` select. */
async function runSuite(folder: string, words: readonly string[]): Promise<SuiteRun> {
  const startedMs = performance.now();
  const child = spawn('npm', ['--silent', 'test', '--', ...words], {
    cwd: folder,
    env: { ...process.env, npm_config_prefer_offline: 'true' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const seconds = () => (performance.now() - startedMs) / 1_000;
  const milestones: { line: string; atSeconds: number }[] = [];
  const complaints: string[] = [];
  let lastLine = '';
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    if (line !== '') lastLine = line;
    if (line.endsWith('…')) milestones.push({ line, atSeconds: seconds() });
    if (line.startsWith('✗')) complaints.push(line);
  });
  const [code] = await once(child, 'close');
  return {
    isGreen: code === 0 && green.test(lastLine),
    lastLine,
    seconds: seconds(),
    milestones,
    complaints,
  };
}

/** Starts processes that keep a processor busy, at the niceness of the tests; returns what ends them. */
function startBusyLoops(count: number): () => void {
  const loops = Array.from({ length: count }, () =>
    spawn(process.execPath, ['--eval', 'for (;;);'], { stdio: 'ignore' }),
  );
  const end = () => {
    for (const loop of loops) loop.kill('SIGKILL');
  };
  process.once('exit', end);
  return end;
}

await runProgram(import.meta.url, suiteCommand);
