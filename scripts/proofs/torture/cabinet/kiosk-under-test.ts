import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { packageRoot } from '../../../../src/kernel/package-root.js';
import type { ObservationLog, Seen } from './observation.js';

const program = fileURLToPath(new URL('dist/src/main.js', packageRoot));
/** What a kiosk that ends by itself may say last. */
const stderrKeptChars = 8_192;

/** The kiosk as a process that is started, killed and halted; what it says becomes observations. */
export class KioskUnderTest {
  /** Where its screen is, once it has said so. */
  screenUrl: string | null = null;
  #child: ChildProcessByStdio<null, Readable, Readable> | null = null;
  #halted = false;

  /** `onEnd` is called when the kiosk exits unasked, with its last output. */
  constructor(
    private readonly configFile: string,
    private readonly log: ObservationLog,
    private readonly onEnd: (words: string) => void,
  ) {}

  get running(): boolean {
    return this.#child !== null;
  }

  /** Does nothing while it runs. */
  start(): void {
    if (this.#child) return;
    const child = spawn(process.execPath, [program, '--config', this.configFile], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-stderrKeptChars);
    });
    createInterface({ input: child.stdout }).on('line', (line) => this.#read(line));
    // Not even a halted kiosk outlives its torture.
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', (code, signal) => {
      process.off('exit', kill);
      if (this.#child !== child) return;
      this.#child = null;
      this.log.add({ kind: 'kiosk', says: `ended by itself with ${code ?? signal}` });
      this.onEnd(stderr);
    });
    this.#child = child;
    this.screenUrl = null;
  }

  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Asks it to stop in order. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** SIGSTOP: it lives, and does nothing. */
  halt(): void {
    this.#halted = this.#child?.kill('SIGSTOP') ?? false;
  }

  goOn(): void {
    if (this.#halted) this.#child?.kill('SIGCONT');
    this.#halted = false;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.goOn();
    this.#child = null;
    const closed = once(child, 'close');
    child.kill(signal);
    await closed;
  }

  #read(line: string): void {
    const { atMs, seen, screenUrl } = readLogLine(line);
    for (const each of seen) this.log.add(each, atMs);
    if (screenUrl !== undefined) this.screenUrl = screenUrl;
  }
}

const door = z.enum(['open', 'closed', 'unknown']);

/** The lines of the kiosk's log that matter here; pino's levels. */
const lineSchema = z.object({
  level: z.number(),
  time: z.string(),
  msg: z.string().default(''),
  board: z.string().optional(),
  code: z.string().optional(),
  locker: z.number().optional(),
  door: door.optional(),
  doors: z.record(z.string(), door).optional(),
  screen: z.string().optional(),
  /** What became of a pulse. */
  kind: z.string().optional(),
  reason: z.string().optional(),
});

const WARN = 40;
/** The log line of a lost board, and why. */
const losses = /^(board\.(lost|foreign|disagrees)|port\.)/;

/** What a line of the kiosk's log contains: observations, their time, and perhaps the address of its screen. */
export interface LogLine {
  readonly atMs: number;
  readonly seen: readonly Seen[];
  readonly screenUrl?: string;
}

/** Reads one line; throws when it is none of the kiosk's. */
function readLogLine(line: string): LogLine {
  const entry = lineSchema.parse(JSON.parse(line));
  const atMs = Date.parse(entry.time);
  return { atMs, seen: seenIn(entry), ...(entry.screen === undefined ? {} : { screenUrl: entry.screen }) };
}

function seenIn({
  level,
  msg,
  board,
  code,
  locker,
  door,
  doors,
  kind,
  reason,
}: z.infer<typeof lineSchema>): Seen[] {
  if (msg === 'board ready') return [{ kind: 'ready' }];
  if (doors) {
    return Object.entries(doors).map(([at, state]) => ({ kind: 'door', locker: Number(at), door: state }));
  }
  if (locker !== undefined && door !== undefined) return [{ kind: 'door', locker, door }];
  if (board !== undefined && code !== undefined && level >= WARN && losses.test(code)) {
    return [{ kind: 'lost', why: msg }];
  }
  if (level < WARN && msg !== 'lock pulse') return [];
  const about = [code, locker === undefined ? undefined : `locker ${locker}`, msg, kind, reason];
  return [{ kind: 'kiosk', says: about.filter((word) => word !== undefined).join(' ') }];
}
