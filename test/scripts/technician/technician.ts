import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import { type Cabinet, megasOf, parseCabinet } from '../../../hardware/cabinet.js';
import {
  createLockerTest,
  type LockerTest,
  type LockerTestOptions,
} from '../../../scripts/technician/locker-test/locker-test.js';
import type { Finding } from '../../../scripts/technician/locker-test/trial.js';
import { summary } from '../../../scripts/technician/locker-test/words.js';
import { type BoardId, lockerNo } from '../../../src/kernel/ids.js';
import { packageRoot } from '../../../src/kernel/package-root.js';
import { PluggedBoard } from '../../support/plugged-board.js';
import { type VirtualHost, virtualHost } from '../../support/virtual-host.js';

/** The path of a cabinet description of this repository. */
export const cabinetPath = (name: string): string =>
  fileURLToPath(new URL(`hardware/${name}.yaml`, packageRoot));

/** A cabinet of this repository, with `change` made to its text. */
export const cabinetNamed = (name: string, change = (yaml: string) => yaml): Cabinet =>
  parseCabinet(change(readFileSync(cabinetPath(name), 'utf8')), name);

/** Each board has its name as its path. */
export const portsOf = ({ boards }: Cabinet): ReadonlyMap<BoardId, string> =>
  new Map(boards.map(({ board }) => [board, board]));

/** The boards of a cabinet of Megas, on the ports of a test's computer. */
export function plugCabinet(t: Test, name: string) {
  const host = virtualHost(t);
  const cabinet = cabinetNamed(name);
  const boards = megasOf(cabinet).map((description) => new PluggedBoard(host, description));
  return { host, cabinet, boards, ports: portsOf(cabinet) };
}

/** `locker-test` as it goes on in a test's time. */
export interface RunningLockerTest extends LockerTest {
  /** All it has shown so far. */
  out(): string;
  readonly ended: Promise<readonly Finding[]>;
}

/** Starts `locker-test` for some lockers of a cabinet, in this process. */
export function startLockerTest(
  { host, cabinet, ports }: { host: VirtualHost; cabinet: Cabinet; ports: ReadonlyMap<BoardId, string> },
  lockers: readonly number[],
  options: Partial<LockerTestOptions> = {},
): RunningLockerTest {
  let out = '';
  const lockerTest = createLockerTest({
    host,
    cabinet,
    ports,
    lockers: lockers.map(lockerNo),
    waitMs: 20_000,
    strength: 'normal',
    restorer: null,
    say: (text) => {
      out += `${text}\n`;
    },
    ...options,
  });
  const ended = lockerTest.run().then((findings) => {
    out += summary(findings);
    return findings;
  });
  return { ...lockerTest, out: () => out, ended };
}

/** A hand that pulls at a door until its lock lets go, and shuts it once `lockerTest` has seen it open. */
export async function openAndShut(
  { at, act, cabinet }: PluggedBoard,
  locker: number,
  lockerTest: RunningLockerTest,
) {
  const { until } = at.host.timers;
  const opened = () => lockerTest.out().split('开门 opened').length;
  const before = opened();
  await until(() => act(() => cabinet.openDoor(locker)).ok, `the lock of door ${locker}`);
  await until(() => opened() > before, `door ${locker} being seen open`);
  act(() => cabinet.closeDoor(locker));
}

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
