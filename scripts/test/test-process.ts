import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { failedTest, noMoreFiles, TapReader, type TestResult } from './tap-results.js';

/** A file that runs this long hangs: tap fails the test that runs just then. A busy machine needs far less. */
const fileTimeoutSeconds = 300;
/** A file that tap could not stop, or a process that does not exit after its last file, is killed after this. */
const killAfterMs = 320_000;
const exitWithinMs = 30_000;

/** One test file that ran. */
export interface FileResult {
  readonly file: string;
  readonly tests: readonly TestResult[];
  readonly stderr: string;
  readonly durationMs: number;
}

/**
 * One Node process that runs test files, one after another. It leads a process group of its own, so whatever a broken
 * test leaves behind is killed with it.
 */
export class TestProcess {
  readonly #child: ChildProcess;
  readonly #reader = new TapReader((tests) => this.#onFileEnd?.(tests));
  readonly #closed: Promise<number | string>;
  #onFileEnd: ((tests: TestResult[]) => void) | undefined;
  #stderr = '';
  /** False after a failed test, whose remains could disturb other files, and after the process ended. */
  isReusable = true;

  constructor(env: NodeJS.ProcessEnv, signal: AbortSignal) {
    const host = fileURLToPath(new URL('test-host.js', import.meta.url));
    const child = spawn(process.execPath, ['--enable-source-maps', host], {
      detached: true,
      env: { ...process.env, ...env, TAP_TIMEOUT: String(fileTimeoutSeconds) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#reader.write(text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    const kill = () => this.#kill();
    signal.addEventListener('abort', kill);
    // A process of the test that keeps the pipes open must not keep the run waiting: hence at exit.
    child.on('exit', kill);
    this.#closed = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signalName) => {
        signal.removeEventListener('abort', kill);
        this.isReusable = false;
        resolve(code ?? signalName ?? 'no exit code');
      });
    });
  }

  /** Runs one file to its end; a file that ends the process or hangs has a failed test that says so. */
  async run(file: string): Promise<FileResult> {
    const startedMs = performance.now();
    this.#stderr = '';
    let isKilled = false;
    const deadline = setTimeout(() => {
      isKilled = true;
      this.#kill();
    }, killAfterMs);
    const ended = new Promise<TestResult[]>((resolve) => {
      this.#onFileEnd = resolve;
    });
    this.#child.send(file);
    const broken = this.#closed.then((code) => [
      ...this.#reader.end(),
      failedTest(
        'the file',
        isKilled ? `it was killed after ${killAfterMs} ms` : `it ended the process: ${code}`,
      ),
    ]);
    const tests = await Promise.race([ended, broken]);
    clearTimeout(deadline);
    if (tests.some(({ outcome }) => outcome === 'failed')) this.isReusable = false;
    return { file, tests, stderr: this.#stderr.trim(), durationMs: performance.now() - startedMs };
  }

  /** Lets the process exit; the failed test it returns says that something kept it alive. */
  async exit(): Promise<TestResult[]> {
    const failures: TestResult[] = [];
    const deadline = setTimeout(() => {
      failures.push(failedTest('the process exits', 'a timer, socket or process was left open'));
      this.#kill();
    }, exitWithinMs);
    if (this.#child.connected) this.#child.send(noMoreFiles);
    await this.#closed;
    clearTimeout(deadline);
    return failures;
  }

  #kill(): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, 'SIGKILL');
    } catch (error) {
      const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
      if (!isGone) throw error;
    }
  }
}
