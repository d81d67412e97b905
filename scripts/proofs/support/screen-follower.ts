import { setTimeout as wait } from 'node:timers/promises';
import type { ScreenView } from '../../../src/screen/view.js';

/** A page that looks at a kiosk's screen, and a finger on it. */
export interface ScreenFollower {
  /** Waits until the screen shows what `isIt` looks for; rejects after `deadlineMs`, saying what it shows instead. */
  sees(what: string, isIt: (view: ScreenView) => boolean, deadlineMs?: number): Promise<ScreenView>;
  /** Does what a finger on the screen does. */
  touch(intent: object): Promise<void>;
  stop(): void;
}

/** Opens the stream of views of the screen at `url`, as its page does. */
export async function followScreen(url: string): Promise<ScreenFollower> {
  const abort = new AbortController();
  const answer = await fetch(new URL('live', url), { signal: abort.signal });
  if (!answer.body) throw new Error('the screen sends nothing');
  let view: ScreenView | null = null;
  let onChange: () => void = () => undefined;
  const take = (next: ScreenView | null) => {
    view = next;
    onChange();
  };
  // The stream ends with the kiosk; whoever waits for a view then notices by the time it takes.
  readViews(answer.body, take).catch(() => take(null));

  return {
    async sees(what, isIt, deadlineMs = 10_000) {
      const shown = new Promise<ScreenView>((resolve) => {
        onChange = () => {
          if (view && isIt(view)) resolve(view);
        };
      });
      onChange();
      const timer = new AbortController();
      const late = wait(deadlineMs, undefined, { signal: timer.signal }).then(() => {
        const now = view ? `“${view.headline.en}”, notice “${view.notice?.en}”` : 'nothing';
        throw new Error(`waited ${deadlineMs / 1_000} s for the screen to show ${what}; it shows ${now}`);
      });
      // Called off once the view has come.
      late.catch(() => undefined);
      try {
        return await Promise.race([shown, late]);
      } finally {
        timer.abort();
      }
    },
    touch: (intent) => touchScreen(url, intent),
    stop: () => abort.abort(),
  };
}

/** Does what a finger on the screen at `url` does; rejects when the screen does not take it. */
export async function touchScreen(url: string, intent: object): Promise<void> {
  const headers = { 'content-type': 'application/json', origin: new URL(url).origin };
  const body = JSON.stringify(intent);
  const { ok, status } = await fetch(new URL('intent', url), { method: 'POST', headers, body });
  if (!ok) throw new Error(`the screen answered ${status}`);
}

async function readViews(
  stream: ReadableStream<Uint8Array>,
  take: (view: ScreenView) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  let rest = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const events = (rest + decoder.decode(part.value, { stream: true })).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      // Named events (edition, beat) are for the page alone.
      const data = /^data: (.*)$/.exec(event)?.[1];
      if (data !== undefined) take(JSON.parse(data));
    }
  }
}
