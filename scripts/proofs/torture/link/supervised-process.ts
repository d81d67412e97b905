import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A program that does not end in so long is killed. */
const endMs = 5_000;
/** One that ended badly is started again so much later, as by the system. */
const againMs = 500;

/** A program that is started, killed and started again. */
export class SupervisedProcess {
  #child: ChildProcess | undefined;
  #isWanted = false;
  /** The last complete line of output since its last start. */
  lastLine = '';
  starts = 0;
  /** How often it ended by itself with another code than 0. */
  crashes = 0;

  constructor(
    private readonly program: 'kiosk' | 'catalogue',
    private readonly args: () => readonly string[],
  ) {}

  /** Starts it again whenever it ends by itself. Does nothing where it runs already: faults may overlap. */
  start(): void {
    this.#isWanted = true;
    if (this.#child) return;
    const file = fileURLToPath(new URL(`${this.program}.js`, import.meta.url));
    const child = spawn(process.execPath, [file, ...this.args()], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    this.lastLine = '';
    this.starts += 1;
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      if (this.#child === child) this.lastLine = lines.at(-1) ?? this.lastLine;
    });
    child.once('exit', (code) => {
      if (this.#child !== child) return;
      if (code !== 0) this.crashes += 1;
      this.#child = undefined;
      setTimeout(() => this.#isWanted && this.start(), code === 0 ? 0 : againMs);
    });
  }

  /** Signals a program that has printed a line; before that, it has no handler and the signal would kill it. */
  signal(signal: NodeJS.Signals): void {
    if (this.lastLine !== '') this.#child?.kill(signal);
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    this.#isWanted = false;
    this.lastLine = '';
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    const deadline = setTimeout(() => child.kill('SIGKILL'), endMs);
    child.kill(signal);
    await ended;
    clearTimeout(deadline);
  }
}
