import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../src/kernel/package-root.js';
import type { ScreenView } from '../../src/screen/view.js';
import { until } from './wait.js';

const program = fileURLToPath(new URL('dist/src/main.js', packageRoot));

/** A kiosk running as its own process, seen through its screen only. */
export interface KioskProcess {
  /** Waits until the screen shows what `isIt` looks for; `what` names it in the error. */
  sees(what: string, isIt: (view: ScreenView) => boolean, deadlineMs?: number): Promise<ScreenView>;
  /** Does what a finger on the screen does. */
  touch(intent: object): Promise<void>;
  /** Power cut as far as a process can have one. */
  kill(): Promise<void>;
  /** Ctrl-C; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Starts `lening --config FILE` and resolves when its screen answers. */
export async function startKioskProcess(configFile: string): Promise<KioskProcess> {
  const child = spawn(process.execPath, [program, '--config', configFile], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const screenUrl = await screenAddress(child);
  const live = followScreen(screenUrl);
  const ended = once(child, 'exit');
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const [code] = await ended;
    live.stop();
    return typeof code === 'number' ? code : null;
  };
  return {
    async sees(what, isIt, deadlineMs) {
      const look = () => (live.view && isIt(live.view) ? live.view : null);
      try {
        return await until(`the screen to show ${what}`, look, deadlineMs);
      } catch (error) {
        const { headline, notice } = live.view ?? { headline: null, notice: null };
        throw new Error(`it shows “${headline?.en}”, notice “${notice?.en}”`, { cause: error });
      }
    },
    async touch(intent) {
      const headers = { 'content-type': 'application/json', origin: new URL(screenUrl).origin };
      const answer = await fetch(new URL('intent', screenUrl), {
        method: 'POST',
        headers,
        body: JSON.stringify(intent),
      });
      if (!answer.ok) throw new Error(`the screen answered ${answer.status}`);
    },
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

/** Follows the screen's server-sent events; `view` is the newest. */
function followScreen(screenUrl: string): { readonly view: ScreenView | null; stop(): void } {
  const abort = new AbortController();
  let view: ScreenView | null = null;
  const follow = async () => {
    const answer = await fetch(new URL('live', screenUrl), { signal: abort.signal });
    if (!answer.body) throw new Error('the screen sends nothing');
    const decoder = new TextDecoder();
    let rest = '';
    const reader = answer.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const events = (rest + decoder.decode(part.value, { stream: true })).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) {
        // Named events (edition, beat) are for the page alone.
        const data = /^data: (.*)$/.exec(event)?.[1];
        if (data !== undefined) view = JSON.parse(data);
      }
    }
  };
  // A kiosk that is killed cuts the connection; the story notices by what it waits for next.
  follow().catch(() => (view = null));
  return {
    get view() {
      return view;
    },
    stop: () => abort.abort(),
  };
}
