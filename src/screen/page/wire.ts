import type { ScreenIntent } from '../intent.js';
import type { ScreenView } from '../view.js';

/** What the page receives from its controller. */
export interface WireListener {
  onView(view: ScreenView): void;
  /** The connection is lost for longer than `graceMs`, or is back. */
  onLost(isLost: boolean): void;
}

const retryMs = 1_000;
/** A shorter interruption is not shown. */
const graceMs = 2_000;
/** The controller sends a beat every five seconds; two missed ones mean that it is lost. */
const silenceMs = 12_000;

/** Follows the controller, and reconnects for ever. */
export function follow(listener: WireListener): void {
  let source: EventSource | null = null;
  let edition: string | null = null;
  let silenceTimer = 0;
  let graceTimer = 0;

  function connect(): void {
    const opened = new EventSource('/live');
    source = opened;
    opened.addEventListener('edition', (event: MessageEvent<string>) => {
      onMessage();
      if (edition !== null && edition !== event.data) location.reload();
      edition = event.data;
    });
    opened.addEventListener('beat', onMessage);
    opened.addEventListener('message', (event: MessageEvent<string>) => {
      onMessage();
      listener.onView(JSON.parse(event.data) as ScreenView);
    });
    opened.addEventListener('error', () => drop(opened));
    watchSilence();
  }

  function onMessage(): void {
    clearTimeout(graceTimer);
    graceTimer = 0;
    listener.onLost(false);
    watchSilence();
  }

  function watchSilence(): void {
    clearTimeout(silenceTimer);
    const watched = source;
    silenceTimer = window.setTimeout(() => watched && drop(watched), silenceMs);
  }

  function drop(dropped: EventSource): void {
    dropped.close();
    if (dropped !== source) return;
    source = null;
    clearTimeout(silenceTimer);
    if (graceTimer === 0) graceTimer = window.setTimeout(() => listener.onLost(true), graceMs);
    window.setTimeout(connect, retryMs);
  }

  connect();
}

/** Posts what the resident touched. A failed post is not reported: the lost connection is. */
export function post(intent: ScreenIntent): void {
  fetch('/intent', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(intent),
  }).catch(() => undefined);
}
