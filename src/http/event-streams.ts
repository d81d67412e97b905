import type { ServerResponse } from 'node:http';
import { limits } from '../kernel/limits.js';

/** What is streamed to pages. */
export interface EventSourceOptions {
  /** The newest state as one line of text, or null while there is none. Called once for each message. */
  readonly data: () => string | null;
  /** Identifies the version of the page's files, so that a stale page can reload itself. */
  readonly edition?: string;
}

/**
 * The pages that follow a state over Server-Sent Events, at most `limits.screenClients`.
 * Each has at most one message on its way; a slow page skips states and gets the newest one when it has caught up.
 */
export class EventStreams {
  readonly #streams = new Map<ServerResponse, EventStream>();
  #scheduled: NodeJS.Immediate | null = null;
  #beats: NodeJS.Timeout | null = null;

  constructor(private readonly options: EventSourceOptions) {}

  get size(): number {
    return this.#streams.size;
  }

  /** Begins a page's stream with the edition and the current state; false when there are too many streams. */
  add(response: ServerResponse): boolean {
    if (this.#streams.size >= limits.screenClients) return false;
    if (response.destroyed) return true;
    const stream = new EventStream(response);
    this.#streams.set(response, stream);
    response.once('close', () => this.#streams.delete(response));
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.flushHeaders();
    const { edition, data } = this.options;
    const state = data();
    const first = edition === undefined ? '' : `event: edition\ndata: ${edition}\n\n`;
    stream.offer(state === null ? first : first + messageOf(state));
    this.#beats ??= setInterval(() => this.beat(), limits.screenHeartbeatMs).unref();
    return true;
  }

  /** Sends the state to every page at the end of the current turn, once however often it changes until then. */
  changed(): void {
    if (this.#streams.size > 0) this.#scheduled ??= setImmediate(() => this.#publish());
  }

  /** Lets pages notice a program that hangs, and drops pages that have read nothing since the last two beats. */
  beat(): void {
    for (const stream of this.#streams.values()) stream.beat();
  }

  /** Ends every stream. */
  close(): void {
    if (this.#beats) clearInterval(this.#beats);
    if (this.#scheduled) clearImmediate(this.#scheduled);
    for (const response of this.#streams.keys()) response.end();
  }

  #publish(): void {
    this.#scheduled = null;
    const state = this.options.data();
    if (state === null) return;
    for (const stream of this.#streams.values()) stream.offer(messageOf(state));
  }
}

const messageOf = (data: string) => `data: ${data}\n\n`;
const beatMessage = 'event: beat\ndata: -\n\n';

class EventStream {
  #isBlocked = false;
  #waiting: string | null = null;
  #missedBeats = 0;

  constructor(private readonly response: ServerResponse) {
    response.on('drain', () => this.#onDrain());
  }

  offer(message: string): void {
    if (this.#isBlocked) this.#waiting = message;
    else this.#isBlocked = !this.response.write(message);
  }

  beat(): void {
    if (!this.#isBlocked) this.offer(beatMessage);
    else if (++this.#missedBeats >= 2) this.response.destroy();
  }

  #onDrain(): void {
    this.#isBlocked = false;
    this.#missedBeats = 0;
    const message = this.#waiting;
    this.#waiting = null;
    if (message !== null) this.offer(message);
  }
}
