/**
 * `npm test -- WORD…`: lint, types and every test (or those whose path contains a word). Its last line is
 * `N passed, N failed`, followed by `, N skipped` when there are any.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../src/kernel/package-root.js';
import { type Command, createCommand, runProgram } from '../src/terminal/command.js';
import { type FileResult, runFile } from './test/run-file.js';
import { failedTest, type TestResult } from './test/tap-results.js';

/** Test files run at once: one more than the smallest machine has processors, as boards and ports make many of them wait. */
const jobs = 3;
const slowestShown = 5;
/** Tests that may be skipped, as `path › name`; any other skipped test counts as failed. */
const allowedSkips: ReadonlySet<string> = new Set([]);

const say = (text: string) => void process.stdout.write(`${text}\n`);

/** The command line of `npm test` and `npm run test:hardware`. */
export function testCommand(): Command {
  return createCommand(
    'npm test --',
    'Runs lint, types and every test, or only tests whose path has a word.',
    ['npm test', 'npm test -- circulation journal'],
  )
    .argument('[words...]', 'parts of paths of test files')
    .action(runTests);
}

async function runTests(words: readonly string[]): Promise<void> {
  process.chdir(fileURLToPath(packageRoot));
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  const checks = words.length > 0 ? [] : [await lint(), types()];
  const results = [...checks, ...(await runFiles(testFiles(words), stop.signal))].map(withoutForbiddenSkips);
  report(results, stop.signal.aborted);
}

function testFiles(words: readonly string[]): string[] {
  return readdirSync('dist/test', { recursive: true, encoding: 'utf8' })
    .map((file) => `dist/test/${file}`)
    .filter((file) => file.endsWith('.test.js'))
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
    .sort();
}

async function runFiles(files: string[], signal: AbortSignal): Promise<FileResult[]> {
  const waiting = [...files];
  const results: FileResult[] = [];
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined && !signal.aborted; file = waiting.shift()) {
      const result = await runFile(file, signal);
      results.push(result);
      say(lineOf(result));
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return results;
}

function lint(): Promise<FileResult> {
  const startedMs = performance.now();
  const biome = createRequire(new URL('package.json', packageRoot)).resolve('@biomejs/biome/bin/biome');
  return new Promise((resolve, reject) => {
    let output = '';
    const child = spawn(process.execPath, [biome, 'check', '--colors=off', '.']);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      const result = checkResult('lint', code === 0 ? null : output, performance.now() - startedMs);
      say(lineOf(result));
      resolve(result);
    });
  });
}

/** The set-up compiled everything just now and kept what the compiler complained about. */
function types(): FileResult {
  const errors = 'dist/.type-errors';
  const result = checkResult('types', existsSync(errors) ? readFileSync(errors, 'utf8') : null, 0);
  say(lineOf(result));
  return result;
}

function checkResult(name: string, complaint: string | null, durationMs: number): FileResult {
  const test: TestResult =
    complaint === null
      ? { name, outcome: 'passed', reason: '', details: [] }
      : failedTest(name, complaint.trimEnd());
  return { file: name, tests: [test], stderr: '', durationMs };
}

function withoutForbiddenSkips(result: FileResult): FileResult {
  const tests = result.tests.map((test) => {
    const isForbidden = test.outcome === 'skipped' && !allowedSkips.has(`${result.file} › ${test.name}`);
    return isForbidden ? failedTest(test.name, `it was skipped: ${test.reason}`) : test;
  });
  return { ...result, tests };
}

const withOutcome = ({ tests }: FileResult, outcome: TestResult['outcome']) =>
  tests.filter((test) => test.outcome === outcome);

function lineOf(result: FileResult): string {
  const failed = withOutcome(result, 'failed').length;
  const verdict = failed === 0 ? 'ok    ' : 'FAILED';
  return `${verdict} ${result.file}  ${result.tests.length} in ${secondsOf(result)}`;
}

const secondsOf = ({ durationMs }: FileResult) => `${(durationMs / 1_000).toFixed(1)} s`;

function report(results: readonly FileResult[], isStopped: boolean): void {
  for (const result of results) {
    const failed = withOutcome(result, 'failed');
    for (const { name, details } of failed) {
      say(`\n✗ ${result.file} › ${name}\n${indent(details.join('\n'))}`);
    }
    if (failed.length > 0 && result.stderr !== '') {
      say(`\n${result.file} wrote on standard error:\n${indent(result.stderr)}`);
    }
  }
  const slowest = [...results].sort((a, b) => b.durationMs - a.durationMs).slice(0, slowestShown);
  say(`\nslowest: ${slowest.map((result) => `${result.file} ${secondsOf(result)}`).join(', ')}`);
  for (const result of results) {
    for (const { name, reason } of withOutcome(result, 'skipped'))
      say(`skipped: ${result.file} › ${name}: ${reason}`);
  }
  if (isStopped) say('stopped before the end');
  const count = (outcome: TestResult['outcome']) =>
    results.reduce((sum, result) => sum + withOutcome(result, outcome).length, 0);
  const [passed, failed, skipped] = [count('passed'), count('failed'), count('skipped')];
  if (failed > 0 || isStopped || passed === 0) process.exitCode = 1;
  say(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
}

const indent = (text: string) => text.replaceAll(/^/gm, '    ');

await runProgram(import.meta.url, testCommand);
