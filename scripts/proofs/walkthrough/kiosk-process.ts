import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../../src/kernel/package-root.js';
import { followScreen, type ScreenFollower } from '../support/screen-follower.js';

const program = fileURLToPath(new URL('dist/src/main.js', packageRoot));

/** A kiosk running as its own process, seen through its screen only. */
export interface KioskProcess extends Pick<ScreenFollower, 'sees' | 'touch'> {
  readonly screenUrl: string;
  /** Power cut as far as a process can have one. */
  kill(): Promise<void>;
  /** Ctrl-C; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Starts `lening --config FILE` (`main`: its compiled entry) and resolves when its screen answers. */
export async function startKioskProcess(configFile: string, main = program): Promise<KioskProcess> {
  const child = spawn(process.execPath, [main, '--config', configFile], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const screenUrl = await screenAddress(child);
  const { sees, touch, stop: lookAway } = await followScreen(screenUrl);
  const ended = once(child, 'exit');
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const [code] = await ended;
    lookAway();
    return typeof code === 'number' ? code : null;
  };
  return {
    screenUrl,
    sees,
    touch,
    async kill() {
      await end('SIGKILL');
    },
    stop: () => end('SIGINT'),
  };
}

/** Reads the kiosk's log until it names the address of its screen. */
async function screenAddress(child: ChildProcess): Promise<string> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('the kiosk has no output');
  const complaints: string[] = [];
  stderr.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
  for await (const line of createInterface({ input: stdout })) {
    const entry: { screen?: string } = JSON.parse(line);
    if (entry.screen !== undefined) {
      stdout.resume();
      return entry.screen;
    }
  }
  throw new Error(`the kiosk did not start: ${complaints.join('')}`);
}
