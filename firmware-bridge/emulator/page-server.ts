import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { streamSSE } from 'hono/streaming';
import { z } from 'zod';
import { Fault } from '../../src/kernel/faults.js';
import { limits } from '../../src/kernel/limits.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { Changes } from './changes.js';
import { scanText } from './props.js';
import type {
  BookRequest,
  CabinetSnapshot,
  DoorRequest,
  FaultRequest,
  HandResult,
  ScanRequest,
} from './snapshot.js';

/** What the page can see and do. */
export interface CabinetHands {
  snapshot(): CabinetSnapshot;
  door(request: DoorRequest): HandResult;
  book(request: BookRequest): HandResult;
  scan(request: ScanRequest): HandResult;
  fault(request: FaultRequest): HandResult;
}

/** The cabinet page's server. */
export interface PageServer {
  /** `http://127.0.0.1:port/`. */
  readonly address: string;
  /** Tells every open page to look again. */
  changed(): void;
  close(): Promise<void>;
}

const locker = z.number().int().min(1);
const doorRequest = z.strictObject({ locker, action: z.enum(['open', 'close']) });
const bookRequest = z.strictObject({ locker, action: z.enum(['take', 'put']), item: z.string() });
const scanRequest = z.strictObject({ text: z.string() });
const faultRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['reset', 'power-cut', 'unplug', 'plug']), board: z.string() }),
  z.strictObject({ kind: z.enum(['jam', 'free', 'force', 'quiet']), locker }),
  z.strictObject({ kind: z.literal('chatter'), locker, everyMs: z.number().min(1).max(10_000) }),
]);

const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/**
 * Serves the cabinet page and its API on loopback; `port` 0 takes any free one.
 * Rejects with `screen.port-taken` when the port is in use.
 */
export async function servePage(port: number, hands: CabinetHands): Promise<PageServer> {
  const changes = new Changes();
  let bound = port;
  const app = pageApp(hands, changes, () => bound);
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  bound = await listen(server, port);
  return {
    address: `http://127.0.0.1:${bound}/`,
    changed: () => changes.notify(),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function pageApp(hands: CabinetHands, changes: Changes, port: () => number): Hono {
  const app = new Hono();
  app.use(guard(port));
  app.use(bodyLimit({ maxSize: limits.screenPostBytes }));
  app.get('/api/cabinet', (context) => context.json(hands.snapshot()));
  app.get('/api/live', (context) => live(context, hands, changes));
  app.post('/api/door', (context) => act(context, doorRequest, (request) => hands.door(request)));
  app.post('/api/book', (context) => act(context, bookRequest, (request) => hands.book(request)));
  app.post('/api/scan', (context) =>
    act(context, scanRequest, (request) =>
      scanText.safeParse(request.text).success
        ? hands.scan(request)
        : { ok: false, reason: 'text-not-readable' },
    ),
  );
  app.post('/api/fault', (context) => act(context, faultRequest, (request) => hands.fault(request)));
  app.get('/', (context) => sendFile(context, 'index.html'));
  app.get('/:name{[a-z0-9-]+\\.(html|css|js|svg)}', (context) =>
    sendFile(context, context.req.param('name')),
  );
  return app;
}

/** Only this machine's own pages: another site's script could reach a loopback port by a name of its own. */
function guard(port: () => number): MiddlewareHandler {
  return async (context, next) => {
    const hosts = ['127.0.0.1', 'localhost'].map((name) => new URL(`http://${name}:${port()}`).host);
    if (!hosts.includes(context.req.header('host') ?? '')) return context.text('Misdirected request', 421);
    const origin = context.req.header('origin');
    if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`))
      return context.text('Forbidden', 403);
    context.header(
      'content-security-policy',
      "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
    );
    context.header('x-content-type-options', 'nosniff');
    context.header('cache-control', 'no-store');
    return next();
  };
}

/** A page that cannot keep up gets the newest state, not every state. */
function live(context: Context, hands: CabinetHands, changes: Changes): Response {
  if (changes.followers >= limits.screenClients) return context.text('Too many pages', 503);
  return streamSSE(context, async (stream) => {
    await changes.follow(
      (leave) => stream.onAbort(leave),
      () => stream.writeSSE({ data: JSON.stringify(hands.snapshot()) }),
    );
  });
}

async function act<Request>(
  context: Context,
  schema: z.ZodType<Request>,
  run: (request: Request) => HandResult,
) {
  const body: unknown = await context.req.json().catch(() => undefined);
  const request = schema.safeParse(body);
  return request.success ? context.json(run(request.data)) : context.text('Bad request', 400);
}

/** Pages and styles lie in the source tree, compiled scripts beside this file. */
async function sendFile(context: Context, name: string): Promise<Response> {
  const folder = name.endsWith('.js')
    ? new URL('page/', import.meta.url)
    : new URL('firmware-bridge/emulator/page/', packageRoot);
  const file = await readFile(new URL(name, folder)).catch(() => null);
  if (file === null) return context.text('Not found', 404);
  const type = types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  return context.body(new Uint8Array(file), 200, { 'content-type': type });
}

async function listen(server: Server, port: number): Promise<number> {
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    throw new Fault('screen.port-taken', `port ${port} of 127.0.0.1 cannot be opened`, { cause: error });
  }
  const address = server.address();
  return address && typeof address === 'object' ? address.port : port;
}
