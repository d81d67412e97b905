import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A program that is started, killed and started again. */
export class Life {
  #child: ChildProcess | undefined;
  /** The last whole line it has said in this life. */
  line = '';
  starts = 0;

  constructor(
    private readonly program: 'kiosk' | 'catalogue',
    private readonly args: () => readonly string[],
  ) {}

  get isOn(): boolean {
    return this.#child !== undefined;
  }

  /** Does nothing where it runs already: faults may overlap. */
  start(): void {
    if (this.#child) return;
    const file = fileURLToPath(new URL(`${this.program}.js`, import.meta.url));
    const child = spawn(process.execPath, [file, ...this.args()], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    this.line = '';
    this.starts += 1;
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      this.line = lines.at(-1) ?? this.line;
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Ends it and waits until it has; a program that hangs is killed. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    const deadline = setTimeout(() => child.kill('SIGKILL'), 5_000);
    child.kill(signal);
    await ended;
    clearTimeout(deadline);
  }
}
