import { spawn } from 'node:child_process';
import { failedTest, readTapResults, type TestResult } from './tap-results.js';

/** A test inside a file may take this long; tap then fails it and says which. */
const testDeadlineSeconds = 60;
/** A file may take this long; then it is ended with everything it started. */
const fileDeadlineMs = 120_000;

/** One test file that ran. */
export interface FileResult {
  readonly file: string;
  readonly tests: readonly TestResult[];
  readonly stderr: string;
  readonly durationMs: number;
}

/** Runs one compiled test file; `signal` ends it early. */
export async function runFile(file: string, signal: AbortSignal): Promise<FileResult> {
  const startedMs = performance.now();
  const { code, stdout, stderr, isTimedOut } = await runToEnd(file, signal);
  const tests = readTapResults(stdout);
  if (isTimedOut) tests.push(failedTest('the file', `it was still running after ${fileDeadlineMs} ms`));
  const isFailed = tests.some(({ outcome }) => outcome === 'failed');
  if (code !== 0 && !isFailed) tests.push(failedTest('the file', `it ended with ${code}`));
  return { file, tests, stderr: stderr.trim(), durationMs: performance.now() - startedMs };
}

interface Ended {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
  readonly isTimedOut: boolean;
}

function runToEnd(file: string, signal: AbortSignal): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // A group of its own: whatever a broken test leaves behind ends with it.
    const child = spawn(process.execPath, ['--enable-source-maps', file], {
      detached: true,
      env: { ...process.env, TAP_TIMEOUT: String(testDeadlineSeconds) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    let isTimedOut = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const endAll = () => endGroup(child.pid);
    const deadline = setTimeout(() => {
      isTimedOut = true;
      endAll();
    }, fileDeadlineMs);
    signal.addEventListener('abort', endAll);
    child.on('error', reject);
    // A child of the test that keeps the pipes open must not keep the run waiting: hence at exit.
    child.on('exit', endAll);
    child.on('close', (code, signalName) => {
      clearTimeout(deadline);
      signal.removeEventListener('abort', endAll);
      resolve({ code: code ?? signalName ?? 'no exit code', stdout, stderr, isTimedOut });
    });
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!isGone) throw error;
  }
}
