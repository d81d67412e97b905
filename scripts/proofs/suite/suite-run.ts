import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** One run of `npm test`. */
export interface SuiteRun {
  /** Exit code 0, and the last line counts passed tests and no failed one. */
  readonly isGreen: boolean;
  readonly lastLine: string;
  readonly seconds: number;
  /** The steps of the set-up, and when each was announced. */
  readonly milestones: readonly { readonly line: string; readonly atSeconds: number }[];
  /** The names of the tests that failed. */
  readonly complaints: readonly string[];
}

const green = /^[1-9]\d* passed, 0 failed(, \d+ skipped)?$/;

/** Runs `npm test` in `folder` on the files that `words` select. */
export async function runSuite(folder: string, words: readonly string[]): Promise<SuiteRun> {
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
export function startBusyLoops(count: number): () => void {
  const loops = Array.from({ length: count }, () =>
    spawn(process.execPath, ['--eval', 'for (;;);'], { stdio: 'ignore' }),
  );
  const end = () => {
    for (const loop of loops) loop.kill('SIGKILL');
  };
  process.once('exit', end);
  return end;
}
