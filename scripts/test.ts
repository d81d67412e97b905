/**
 * `npm test [-- unit | WORD…]`: lint, types and every test; or the unit tests, or the test files whose path contains a word.
 * Its last line is `N passed, N failed`, followed by `, N skipped` when there are any.
 *
 * The tests use tap; this runner stands in for `tap run`, which cannot do four things that these tests need:
 * - many files in one process: `tap run` starts one for each, and needs 1.7 s of processor time for it, where a file
 *   in a shared process needs some milliseconds (and it compiles itself anew for 20 s in a fresh clone);
 * - process groups: a broker or browser that a broken test leaves behind is killed with it;
 * - skipped tests count as failed, unless they are listed here;
 * - the counts of tests, not of files or assertions, on the last line.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../src/kernel/package-root.js';
import { type Command, createCommand, runProgram } from '../src/terminal/command.js';
import { startSharedBrowser } from './test/browser.js';
import { reportFile, reportRun } from './test/report.js';
import { runFiles } from './test/run-files.js';
import { failedTest, type TestResult } from './test/tap-results.js';
import { classifyTestFiles, type TestFile } from './test/test-kinds.js';
import type { FileResult } from './test/test-process.js';

/** Tests that may be skipped, as `path › name`; any other skipped test counts as failed. */
const allowedSkips: ReadonlySet<string> = new Set([]);

/** The command line of `npm test` and `npm run test:hardware`. */
export function testCommand(): Command {
  return createCommand(
    'npm test --',
    'Runs lint, types and every test; or the unit tests, or only tests whose path has a word.',
    ['npm test', 'npm test -- unit', 'npm test -- circulation journal'],
  )
    .argument(
      '[words...]',
      '`unit` (tests without process, socket, database or board) or parts of paths of test files',
    )
    .action(runTests);
}

async function runTests(words: readonly string[]): Promise<void> {
  process.chdir(fileURLToPath(packageRoot));
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  const results: FileResult[] = [];
  const onResult = (result: FileResult) => {
    const checked = withoutForbiddenSkips(result);
    results.push(checked);
    reportFile(checked);
  };
  if (words.length === 0) {
    onResult(await lint());
    onResult(types());
  }
  const files = testFiles(words);
  const browser = await startSharedBrowser(files.some(({ usesBrowser }) => usesBrowser));
  await runFiles(files, { env: browser.env, signal: stop.signal, onResult });
  await browser.close();
  reportRun(results, stop.signal.aborted);
}

function testFiles(words: readonly string[]): TestFile[] {
  const paths = readdirSync('dist/test', { recursive: true, encoding: 'utf8' })
    .map((file) => `dist/test/${file}`)
    .filter((file) => file.endsWith('.test.js'))
    .sort();
  const isWanted = ({ path, isUnit }: TestFile) =>
    words.length === 0 || words.some((word) => (word === 'unit' ? isUnit : path.includes(word)));
  return classifyTestFiles(paths).filter(isWanted);
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
    child.on('close', (code) =>
      resolve(checkResult('lint', code === 0 ? null : output, performance.now() - startedMs)),
    );
  });
}

/** The set-up compiled everything just now and kept what the compiler complained about. */
function types(): FileResult {
  const errors = 'dist/.type-errors';
  return checkResult('types', existsSync(errors) ? readFileSync(errors, 'utf8') : null, 0);
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

await runProgram(import.meta.url, testCommand);
