import { type FinalResults, Parser, type Result } from 'tap-parser';

/** How one test ended; `reason` says why it was skipped, `details` what failed, one text per failed assertion. */
export interface TestResult {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly reason: string;
  readonly details: readonly string[];
}

/**
 * Reads the TAP of one test file. What counts is what a file promises at its top level: each `t.test` there, and each bare
 * assertion beside them, is one test. A test that holds a skipped part counts once more, as skipped. A file that
 * promises nothing, or breaks off, has one failed test of its own.
 */
export function readTapResults(tap: string): TestResult[] {
  const tests: TestResult[] = [];
  const parser = new Parser();
  follow(parser, [], (path, result, inner) => {
    const name = path.join(' › ');
    if (isSkipped(result)) tests.push({ name, outcome: 'skipped', reason: reasonOf(result), details: [] });
    else if (path.length === 1) {
      tests.push({ name, outcome: result.ok ? 'passed' : 'failed', reason: '', details: inner });
    }
  });
  let isComplete = false;
  parser.on('complete', ({ failures }: FinalResults) => {
    isComplete = failures.every(({ tapError }) => !tapError);
  });
  parser.end(tap);
  if (tests.length === 0) tests.push(failedTest('the file', 'it ran no test'));
  else if (!isComplete) tests.push(failedTest('the file', 'it broke off before its end'));
  return tests;
}

/** A test that failed for one reason, `detail`. */
export function failedTest(name: string, detail: string): TestResult {
  return { name, outcome: 'failed', reason: '', details: [detail] };
}

type OnResult = (path: readonly string[], result: Result, details: readonly string[]) => void;

/** Calls back for each result at any depth, with the details of the failed assertions inside it. */
function follow(parser: Parser, above: readonly string[], onResult: OnResult): string[] {
  const failures: string[] = [];
  let inner: string[] = [];
  parser.on('child', (child: Parser) => {
    inner = follow(child, [...above, child.name], onResult);
  });
  parser.on('assert', (result: Result) => {
    const path = [...above, result.name];
    const isFailed = !result.ok && !result.skip && !result.todo;
    const details = isFailed && inner.length === 0 ? [detailOf(path, result)] : inner;
    inner = [];
    failures.push(...details);
    onResult(path, result, details);
  });
  return failures;
}

const isSkipped = ({ skip, todo }: Result) => skip !== false || todo !== false;

function reasonOf({ skip, todo }: Result): string {
  const reason = skip || todo;
  return typeof reason === 'string' && reason !== '' ? reason : 'no reason given';
}

/** What a reader needs of an assertion's diagnostics: the difference, and where. */
function detailOf(path: readonly string[], { diag }: Result): string {
  const lines = [path.slice(1).join(' › ')];
  if (diag && typeof diag === 'object') {
    const { diff, stack, at, source: _, ...other } = diag as Record<string, unknown>;
    if (typeof diff === 'string') lines.push(diff.trimEnd());
    else if (Object.keys(other).length > 0) lines.push(JSON.stringify(other, null, 2));
    if (typeof stack === 'string') lines.push(stack.trimEnd());
    else if (at !== undefined) lines.push(JSON.stringify(at));
  }
  return lines.filter((line) => line !== '').join('\n');
}
