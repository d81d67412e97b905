import type { Server } from 'node:http';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { qrSvg } from '../display/qr.js';
import { EventStreams } from '../http/event-streams.js';
import { guard, loopbackOrigins } from '../http/guard.js';
import { closeServer, listen } from '../http/listen.js';
import { editionOf, readPageFiles, servePageFiles } from '../http/page-files.js';
import { AssertionError, assert } from '../kernel/assert.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import { intentSchema, type ScreenIntent } from './intent.js';
import type { ScreenView } from './view.js';

/** What a screen is made of. */
export interface ScreenOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** The screen is for this machine's own display and listens nowhere else. */
  readonly host: '127.0.0.1';
  readonly log: Log;
  /** Called for each valid intent; what it leads to comes back through `show`. */
  readonly onIntent: (intent: ScreenIntent) => void;
}

/** The touch page's server. */
export interface Screen {
  /** Listens. Rejects with Fault `screen.port-taken` when the address is in use. */
  start(): Promise<{ readonly url: string }>;
  /** What every page shows from now on. Cheap: only the newest view is kept, and sent once the current turn is over. */
  show(view: ScreenView): void;
  /** How many pages show it. */
  readonly pages: number;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

/** Makes the touch page's server; nothing is opened before `start`. */
export function createScreen(options: ScreenOptions): Screen {
  return new ScreenServer(options);
}

class ScreenServer implements Screen {
  #server: Server | null = null;
  #streams: EventStreams | null = null;
  #view: ScreenView | null = null;
  #shownAt = 0;
  #port = 0;

  constructor(private readonly options: ScreenOptions) {}

  async start(): Promise<{ readonly url: string }> {
    assert(this.#server === null, 'a screen is started once');
    const app = await this.#app();
    const server = createAdaptorServer({ fetch: app.fetch }) as Server;
    this.#server = server;
    this.#port = await listen(server, this.options.port, this.options.host);
    server.on('error', (error) => this.options.log.error({ err: error }, 'screen server failed'));
    return { url: `http://${this.options.host}:${this.#port}/` };
  }

  show(view: ScreenView): void {
    this.#view = view;
    this.#shownAt = performance.now();
    this.#streams?.changed();
  }

  get pages(): number {
    return this.#streams?.size ?? 0;
  }

  async close(): Promise<void> {
    this.#streams?.close();
    if (this.#server) await closeServer(this.#server);
  }

  /** The view as JSON; its countdown goes on for pages that come late. */
  #data(): string | null {
    const view = this.#view;
    if (!view) return null;
    if (view.secondsLeft === null) return JSON.stringify(view);
    const ageSeconds = Math.floor((performance.now() - this.#shownAt) / 1_000);
    return JSON.stringify({ ...view, secondsLeft: Math.max(0, view.secondsLeft - ageSeconds) });
  }

  async #app(): Promise<Hono<{ Bindings: HttpBindings }>> {
    const app = new Hono<{ Bindings: HttpBindings }>();
    app.onError((error, context) => this.#failed(error, context));
    app.use(guard({ origins: () => loopbackOrigins(this.#port) }));
    const files = await readPageFiles('src/screen/page');
    servePageFiles(app, files);
    const streams = new EventStreams({ data: () => this.#data(), edition: editionOf(files) });
    this.#streams = streams;
    app.get('/wechat.svg', async (context) => {
      if (!this.#view) return context.text('Nothing is shown yet', 503);
      const code = await qrSvg(this.#view.invitation);
      return context.body(code, 200, { 'content-type': 'image/svg+xml' });
    });
    app.get('/live', (context) => {
      return streams.add(context.env.outgoing) ? RESPONSE_ALREADY_SENT : context.text('Too many pages', 503);
    });
    const bounded = bodyLimit({
      maxSize: limits.screenPostBytes,
      onError: (context) => context.json({ ok: false, reason: 'too-large' }, 413),
    });
    app.post('/intent', bounded, async (context) => {
      const intent = intentSchema.safeParse(await bodyOf(context));
      if (!intent.success) return context.json({ ok: false, reason: 'not-an-intent' }, 400);
      this.options.onIntent(intent.data);
      return context.json({ ok: true }, 202);
    });
    return app;
  }

  /** A bug of ours must not end as a mere answer 500: it ends the process, which is safe and starts again. */
  #failed(error: Error, context: Context): Response {
    if (error instanceof AssertionError) {
      setImmediate(() => {
        throw error;
      });
    }
    this.options.log.error({ err: error, path: context.req.path }, 'screen request failed');
    return context.text('Internal error', 500);
  }
}

async function bodyOf(context: Context): Promise<unknown> {
  const text = await context.req.text();
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
