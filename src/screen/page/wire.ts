import type { ScreenIntent } from '../intent.js';
import type { ScreenView } from '../view.js';

/** What the page hears from its controller. */
export interface WireListener {
  onView(view: ScreenView): void;
  /** The controller has been silent for too long, or is back. */
  onLost(lost: boolean): void;
}

const retryMs = 1_000;
/** A short interruption is not worth a word. */
const graceMs = 2_000;
/** The controller beats every five seconds; twice missed is lost. */
const silenceMs = 12_000;

/** Follows the controller for ever: whatever happens to a connection, a new one is tried. */
export function follow(listener: WireListener): void {
  let source: EventSource | null = null;
  let edition: string | null = null;
  let silence = 0;
  let grace = 0;

  function connect(): void {
    const opened = new EventSource('/live');
    source = opened;
    opened.addEventListener('edition', (event: MessageEvent<string>) => {
      heard();
      if (edition !== null && edition !== event.data) location.reload();
      edition = event.data;
    });
    opened.addEventListener('beat', heard);
    opened.addEventListener('message', (event: MessageEvent<string>) => {
      heard();
      listener.onView(JSON.parse(event.data) as ScreenView);
    });
    opened.addEventListener('error', () => drop(opened));
    watch();
  }

  function heard(): void {
    clearTimeout(grace);
    grace = 0;
    listener.onLost(false);
    watch();
  }

  function watch(): void {
    clearTimeout(silence);
    const watched = source;
    silence = window.setTimeout(() => watched && drop(watched), silenceMs);
  }

  function drop(dropped: EventSource): void {
    dropped.close();
    if (dropped !== source) return;
    source = null;
    clearTimeout(silence);
    if (grace === 0) grace = window.setTimeout(() => listener.onLost(true), graceMs);
    window.setTimeout(connect, retryMs);
  }

  connect();
}

/** Tells the controller what the resident touched. A lost post needs no word: the lost connection has its own. */
export function post(intent: ScreenIntent): void {
  fetch('/intent', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(intent),
  }).catch(() => undefined);
}
