import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import type { RunningEmulator } from '../../../firmware-bridge/emulator/client.js';
import { packageRoot } from '../../../src/kernel/package-root.js';
import { until } from '../../support/until.js';

/** The path of a cabinet description of this repository. */
export const cabinetPath = (name: string): string =>
  fileURLToPath(new URL(`hardware/${name}.yaml`, packageRoot));

/** A technician's tool as it was started from a shell. */
export interface RunningTool {
  /** All it has written so far. */
  out(): string;
  err(): string;
  type(line: string): void;
  kill(signal: NodeJS.Signals): void;
  /** Resolves with its exit code. */
  readonly ended: Promise<number | null>;
}

/** Starts `scripts/technician/<tool>/main.js` with arguments; it is killed with the test. */
export function runTool(t: Test, tool: string, args: readonly string[]): RunningTool {
  const main = fileURLToPath(new URL(`../../../scripts/technician/${tool}/main.js`, import.meta.url));
  const child = spawn(process.execPath, [main, ...args], { stdio: 'pipe' });
  t.teardown(() => child.kill('SIGKILL'));
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  return {
    out: () => out,
    err: () => err,
    type: (line) => void child.stdin.write(`${line}\n`),
    kill: (signal) => void child.kill(signal),
    ended: new Promise((resolve) => child.once('close', (code) => resolve(code))),
  };
}

/** A hand that pulls at a door until its lock lets go, and then shuts it. */
export async function openAndShut(emulator: RunningEmulator, locker: number, isSeenOpen: () => boolean) {
  await until(async () => (await emulator.door(locker, 'open')).ok, `the lock of door ${locker}`);
  await until(isSeenOpen, `door ${locker} being seen open`);
  await emulator.door(locker, 'close');
}
