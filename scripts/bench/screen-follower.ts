import { once } from 'node:events';
import { createServer } from 'node:net';
import { within } from './rig.js';

/** A page that looks at a kiosk's screen. */
export interface ScreenFollower {
  /** Resolves when the screen shows this phase, now or later. */
  shows(phase: string): Promise<void>;
  /** Does what a finger on the book behind `locker` does. */
  choose(locker: number): Promise<void>;
  stop(): void;
}

/** Opens the screen's stream of views, as its page does. */
export async function followScreen(url: string): Promise<ScreenFollower> {
  const abort = new AbortController();
  const answer = await fetch(new URL('live', url), { signal: abort.signal });
  if (!answer.body) throw new Error('the screen sends nothing');
  let phase = '';
  let onChange: () => void = () => undefined;
  const follow = async (body: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    let rest = '';
    const reader = body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const events = (rest + decoder.decode(part.value, { stream: true })).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) phase = phaseIn(event) ?? phase;
      onChange();
    }
  };
  let failure: unknown;
  follow(answer.body).catch((error: unknown) => {
    failure = error;
  });
  return {
    async shows(wanted) {
      if (failure) throw failure;
      if (phase === wanted) return;
      const shown = new Promise<void>((resolve) => {
        onChange = () => {
          if (phase === wanted) resolve();
        };
      });
      await within(`the screen shows ${wanted}, not ${phase}`, shown);
    },
    async choose(locker) {
      const headers = { 'content-type': 'application/json', origin: new URL(url).origin };
      const body = JSON.stringify({ kind: 'choose-locker', locker });
      const { ok, status } = await fetch(new URL('intent', url), { method: 'POST', headers, body });
      if (!ok) throw new Error(`the screen answered ${status}`);
    },
    stop: () => abort.abort(),
  };
}

/** Views are the stream's events without a name. */
function phaseIn(event: string): string | undefined {
  if (/^event:/m.test(event)) return undefined;
  const data = /^data: ?(.*)$/m.exec(event)?.[1];
  if (data === undefined) return undefined;
  const view: { phase?: string } = JSON.parse(data);
  return view.phase;
}

/** A TCP port of this machine that nobody uses at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
