import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../../../src/kernel/package-root.js';
import { readLogLine } from './log-line.js';
import type { ObservationLog } from './observation.js';

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
