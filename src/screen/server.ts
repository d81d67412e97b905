import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import QRCode from 'qrcode';
import { closeServer, listen } from '../http/listen.js';
import { AssertionError, assert } from '../kernel/assert.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import { packageRoot } from '../kernel/package-root.js';
import { Followers } from './followers.js';
import { guard } from './guard.js';
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
  readonly #followers = new Followers();
  #server: Server | null = null;
  #beats: NodeJS.Timeout | null = null;
  #view: ScreenView | null = null;
  #due: NodeJS.Immediate | null = null;
  #shownAt = 0;
  #bound = 0;

  constructor(private readonly options: ScreenOptions) {}

  async start(): Promise<{ readonly url: string }> {
    assert(this.#server === null, 'a screen is started once');
    const app = await this.#app();
    const server = createAdaptorServer({ fetch: app.fetch }) as Server;
    this.#server = server;
    this.#bound = await listen(server, this.options.port, this.options.host);
    server.on('error', (error) => this.options.log.error({ err: error }, 'screen server failed'));
    this.#beats = setInterval(() => this.#followers.beat(), limits.screenHeartbeatMs).unref();
    return { url: `http://${this.options.host}:${this.#bound}/` };
  }

  show(view: ScreenView): void {
    this.#view = view;
    this.#shownAt = performance.now();
    if (this.#followers.size > 0) this.#due ??= setImmediate(() => this.#send());
  }

  get pages(): number {
    return this.#followers.size;
  }

  async close(): Promise<void> {
    if (this.#beats) clearInterval(this.#beats);
    if (this.#due) clearImmediate(this.#due);
    this.#followers.close();
    if (this.#server) await closeServer(this.#server);
  }

  #send(): void {
    this.#due = null;
    const data = this.#data();
    if (data !== null) this.#followers.publish(data);
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
    app.use(guard(() => this.#bound));
    const files = await pageFiles();
    const edition = createHash('sha256')
      .update(files.map(({ text }) => text).join())
      .digest('hex');
    for (const file of files) {
      app.get(file.path, (context) => context.body(file.text, 200, { 'content-type': file.type }));
    }
    app.get('/wechat.svg', async (context) => {
      if (!this.#view) return context.text('Nothing is shown yet', 503);
      const code = await codeOf(this.#view.invitation);
      return context.body(code, 200, { 'content-type': 'image/svg+xml' });
    });
    app.get('/live', (context) => {
      const added = this.#followers.add(context.env.outgoing, edition, this.#data());
      return added ? RESPONSE_ALREADY_SENT : context.text('Too many pages', 503);
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

/** The QR that WeChat's scanner reads. */
function codeOf(address: string): Promise<string> {
  return QRCode.toString(address, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 });
}

interface PageFile {
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

const styles = ['style.css', 'books.css', 'panels.css', 'staff.css', 'stage.css', 'sizes.css'];
const scripts = [
  'app',
  'choices',
  'keypad',
  'labels',
  'loans',
  'make',
  'receipt',
  'shelves',
  'staff',
  'voice',
  'wire',
].map((name) => `${name}.js`);

/** The page's fixed files: markup and style from the source tree, scripts as compiled beside this file. */
function pageFiles(): Promise<PageFile[]> {
  const source = new URL('src/screen/page/', packageRoot);
  const compiled = new URL('./page/', import.meta.url);
  const files = [
    { path: '/', at: new URL('index.html', source), type: 'text/html; charset=utf-8' },
    ...styles.map((name) => ({
      path: `/${name}`,
      at: new URL(name, source),
      type: 'text/css; charset=utf-8',
    })),
    { path: '/icon.svg', at: new URL('icon.svg', source), type: 'image/svg+xml' },
    ...scripts.map((name) => ({
      path: `/${name}`,
      at: new URL(name, compiled),
      type: 'text/javascript; charset=utf-8',
    })),
  ];
  return Promise.all(
    files.map(async ({ path, at, type }) => ({ path, type, text: await readFile(at, 'utf8') })),
  );
}
