import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Fault } from '../../src/kernel/faults.js';
import { limits } from '../../src/kernel/limits.js';
import type { Props } from './props.js';
import type { BookRequest, CabinetSnapshot, DoorRequest, FaultRequest, HandResult } from './snapshot.js';

export interface StartOptions {
  readonly cabinetFile: string;
  /** `pty` (the default) or `tcp:PORT`; port 0 takes any free one, and several boards take the ports from PORT on. */
  readonly boards?: string;
  readonly reader?: string;
  /** 0 (the default) takes any free port. */
  readonly pagePort?: number;
  readonly props?: Props;
  /** Another Intel hex file than the released firmware. */
  readonly firmwareFile?: string;
}

/** A running emulator program and the actions on its cabinet. A refusal is a value; a call to an ended program rejects. */
export interface RunningEmulator {
  readonly pid: number;
  /** The port of each board, by the board's name. It stays the same when the board is unplugged and plugged in again. */
  readonly boards: Readonly<Record<string, string>>;
  readonly reader: string;
  readonly page: string;
  door(locker: number, action: DoorRequest['action']): Promise<HandResult>;
  book(action: BookRequest['action'], locker: number, item: string): Promise<HandResult>;
  /** Injects or removes a fault. */
  fault(request: FaultRequest): Promise<HandResult>;
  /** Holds a code to the reader. */
  scan(text: string): Promise<HandResult>;
  snapshot(): Promise<CabinetSnapshot>;
  /** Resolves when the program has ended. */
  stop(): Promise<void>;
}

type Program = ChildProcessByStdio<Writable, Readable, Readable>;

const readyLine = z.object({
  boards: z.record(z.string(), z.string()),
  reader: z.string(),
  page: z.string(),
});
const stderrKeptChars = 4_096;

/**
 * Starts the emulator as a process of its own, which ends when this one does.
 * Rejects with `emulator.start` and the program's own message when it does not start.
 */
export async function startEmulator(options: StartOptions): Promise<RunningEmulator> {
  const folder = await mkdtemp(join(tmpdir(), 'lening-emulator-'));
  try {
    const propsFile = join(folder, 'props.json');
    if (options.props) await writeFile(propsFile, JSON.stringify(options.props), { mode: 0o600 });
    // A group of its own: Ctrl-C ends the kiosk, which closes its board before it stops this program.
    const program = spawn(process.execPath, commandLine(options, propsFile), {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const ready = await readyOf(program);
    return { pid: program.pid ?? 0, ...ready, ...handsAt(ready.page), stop: () => stop(program) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function commandLine(options: StartOptions, propsFile: string): string[] {
  const main = fileURLToPath(new URL('main.js', import.meta.url));
  const { cabinetFile, boards = 'pty', reader = 'pty', pagePort = 0, props, firmwareFile } = options;
  const required = [
    '--cabinet',
    cabinetFile,
    '--boards',
    boards,
    '--reader',
    reader,
    '--page',
    `${pagePort}`,
  ];
  return [
    main,
    ...required,
    ...(props ? ['--props', propsFile] : []),
    ...(firmwareFile === undefined ? [] : ['--firmware', firmwareFile]),
  ];
}

async function readyOf(program: Program): Promise<z.infer<typeof readyLine>> {
  let said = '';
  program.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-stderrKeptChars);
  });
  program.stdin.on('error', () => program.kill());
  const deadline = AbortSignal.timeout(limits.emulatorReadyMs);
  const lines = createInterface({ input: program.stdout });
  try {
    const line = await Promise.race([
      once(lines, 'line', { signal: deadline }),
      once(program, 'close', { signal: deadline }).then(() => null),
    ]);
    if (line === null) throw new Error('it ended at once');
    return readyLine.parse(JSON.parse(String(line[0])));
  } catch (error) {
    program.kill('SIGKILL');
    throw new Fault('emulator.start', said.trim() || 'it printed no addresses', { cause: error });
  } finally {
    lines.close();
    program.stdout.resume();
  }
}

function handsAt(page: string) {
  const post = async (path: string, body: object): Promise<HandResult> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(new URL(path, page), {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return (await response.json()) as HandResult;
  };
  return {
    door: (locker: number, action: DoorRequest['action']) => post('api/door', { locker, action }),
    book: (action: BookRequest['action'], locker: number, item: string) =>
      post('api/book', { action, locker, item }),
    fault: (request: FaultRequest) => post('api/fault', request),
    scan: (text: string) => post('api/scan', { text }),
    snapshot: async () => (await (await fetch(new URL('api/cabinet', page))).json()) as CabinetSnapshot,
  };
}

async function stop(program: Program): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const ended = once(program, 'exit');
  const hurry = setTimeout(() => program.kill('SIGKILL'), limits.stopMs);
  program.kill('SIGTERM');
  await ended;
  clearTimeout(hurry);
}
