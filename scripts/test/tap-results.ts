import { Parser, type Result } from 'tap-parser';

/** How one test ended; `reason` says why it was skipped, `details` what failed, one text per failed assertion. */
export interface TestResult {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly reason: string;
  readonly details: readonly string[];
}

/** Name of the test, with one assertion in it, that ends the results of one file in the TAP of a process that runs several. */
export const endOfFile = 'end of the test file';

/** Message that lets such a process exit: it closes the channel by itself, else Node never reports its child closed. */
export const noMoreFiles = 'no more files';

/**
 * Reads the TAP of one process as it arrives and calls `onFileEnd` with the tests of each file that ended. What counts is
 * what a file promises at its top level: each `t.test` there, and each bare assertion beside them, is one test. A test that
 * holds a skipped part counts once more, as skipped. A file that promises nothing has one failed test of its own.
 */
export class TapReader {
  readonly #parser = new Parser();
  #tests: TestResult[] = [];

  constructor(onFileEnd: (tests: TestResult[]) => void) {
    follow(this.#parser, [], (path, result, details) => {
      // The parser reports the assertion in that test at once, the test itself only when the next one arrives.
      if (path[0] === endOfFile) {
        if (path.length === 1) return;
        if (!result.ok) this.#tests.push({ ...failedTest('the file', ''), details });
        onFileEnd(this.#take());
      } else this.#add(path.join(' › '), path.length === 1, result, details);
    });
  }

  write(tap: string): void {
    this.#parser.write(tap);
  }

  /** Returns the tests of the file that had not ended when the TAP ended. */
  end(): TestResult[] {
    this.#parser.end();
    return this.#take();
  }

  #add(name: string, isTopLevel: boolean, result: Result, details: readonly string[]): void {
    if (isSkipped(result)) {
      this.#tests.push({ name, outcome: 'skipped', reason: reasonOf(result), details: [] });
    } else if (isTopLevel) {
      this.#tests.push({ name, outcome: result.ok ? 'passed' : 'failed', reason: '', details });
    }
  }

  #take(): TestResult[] {
    const tests = this.#tests;
    this.#tests = [];
    return tests.length > 0 ? tests : [failedTest('the file', 'it ran no test')];
  }
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
