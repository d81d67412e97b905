import type { TestResult } from './tap-results.js';
import type { FileResult } from './test-process.js';

const slowestShown = 5;

const say = (text: string) => void process.stdout.write(`${text}\n`);

/** Prints one line about a file that ran. */
export function reportFile(result: FileResult): void {
  const verdict = withOutcome(result, 'failed').length === 0 ? 'ok    ' : 'FAILED';
  say(`${verdict} ${result.file}  ${result.tests.length} in ${secondsOf(result)}`);
}

/**
 * Prints what failed and what was skipped, and on the last line how many tests passed, failed and were skipped.
 * Sets the exit code to 1 when one failed, none passed, or the run was stopped.
 */
export function reportRun(results: readonly FileResult[], isStopped: boolean): void {
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

const withOutcome = ({ tests }: FileResult, outcome: TestResult['outcome']) =>
  tests.filter((test) => test.outcome === outcome);

const secondsOf = ({ durationMs }: FileResult) => `${(durationMs / 1_000).toFixed(1)} s`;

const indent = (text: string) => text.replaceAll(/^/gm, '    ');
