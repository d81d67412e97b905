import { availableParallelism } from 'node:os';
import type { TestFile } from './test-kinds.js';
import { type FileResult, TestProcess } from './test-process.js';

export interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Kills every test process. */
  readonly signal: AbortSignal;
  readonly onResult: (result: FileResult) => void;
}

/** More processors are not used: boards and browsers of too many files at once would starve one another. */
const processors = Math.min(availableParallelism(), 4);

/**
 * Runs test files in parallel lanes. Some lanes start with the files that share processes; all go on with those that need
 * a process of their own. These often wait for a foreign process, so there is one lane more than there are processors.
 */
export async function runFiles(files: readonly TestFile[], options: RunOptions): Promise<void> {
  const shared = files.filter(({ isShared }) => isShared);
  // From the end: the folders of the longest files, scripts and screen, come late in the alphabet.
  const own = files.filter(({ isShared }) => !isShared).reverse();
  const sharedLanes = own.length === 0 ? processors : Math.max(1, processors - 1);
  const lane = async (_: unknown, index: number) => {
    if (index < sharedLanes) await runShared(shared, options);
    await runOwn(own, options);
  };
  await Promise.all(Array.from({ length: processors + 1 }, lane));
}

async function runShared(waiting: TestFile[], options: RunOptions): Promise<void> {
  let host: TestProcess | undefined;
  for (let file = waiting.shift(); file && !options.signal.aborted; file = waiting.shift()) {
    host ??= new TestProcess(options.env, options.signal);
    options.onResult(await host.run(file.path));
    if (host.isReusable && waiting.length > 0) continue;
    const failures = await host.exit();
    if (failures.length > 0) {
      options.onResult({ file: 'the process of many files', tests: failures, stderr: '', durationMs: 0 });
    }
    host = undefined;
  }
  await host?.exit();
}

async function runOwn(waiting: TestFile[], options: RunOptions): Promise<void> {
  for (let file = waiting.shift(); file && !options.signal.aborted; file = waiting.shift()) {
    const host = new TestProcess(options.env, options.signal);
    const result = await host.run(file.path);
    options.onResult({ ...result, tests: [...result.tests, ...(await host.exit())] });
  }
}
