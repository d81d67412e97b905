import type { ServerResponse } from 'node:http';
import { limits } from '../kernel/limits.js';

/**
 * The pages that follow the screen over Server-Sent Events.
 * Each has at most one message on its way; a slow page skips views and gets the newest one when it has caught up.
 */
export class Followers {
  readonly #pages = new Map<ServerResponse, Follower>();

  get size(): number {
    return this.#pages.size;
  }

  /**
   * Starts a page with the edition of its files, so that a stale page can reload itself, and with `data`, where
   * there is any. False when there are `limits.screenClients` already.
   */
  add(response: ServerResponse, edition: string, data: string | null): boolean {
    if (this.#pages.size >= limits.screenClients) return false;
    if (response.destroyed) return true;
    const follower = new Follower(response);
    this.#pages.set(response, follower);
    response.once('close', () => this.#pages.delete(response));
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.flushHeaders();
    const first = `event: edition\ndata: ${edition}\n\n`;
    follower.offer(data === null ? first : first + messageOf(data));
    return true;
  }

  /** Sends `data` (one line) to every page. */
  publish(data: string): void {
    const message = messageOf(data);
    for (const follower of this.#pages.values()) follower.offer(message);
  }

  /** Lets pages notice a controller that hangs, and drops pages that have taken nothing since the last two beats. */
  beat(): void {
    for (const follower of this.#pages.values()) follower.beat();
  }

  /** Ends every page’s stream. */
  close(): void {
    for (const response of this.#pages.keys()) response.end();
  }
}

const messageOf = (data: string) => `data: ${data}\n\n`;
const beatMessage = 'event: beat\ndata: -\n\n';

class Follower {
  #blocked = false;
  #waiting: string | null = null;
  #missedBeats = 0;

  constructor(private readonly response: ServerResponse) {
    response.on('drain', () => this.#drained());
  }

  offer(message: string): void {
    if (this.#blocked) this.#waiting = message;
    else this.#blocked = !this.response.write(message);
  }

  beat(): void {
    if (!this.#blocked) this.offer(beatMessage);
    else if (++this.#missedBeats >= 2) this.response.destroy();
  }

  #drained(): void {
    this.#blocked = false;
    this.#missedBeats = 0;
    const message = this.#waiting;
    this.#waiting = null;
    if (message !== null) this.offer(message);
  }
}
