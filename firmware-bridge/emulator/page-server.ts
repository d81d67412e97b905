import type { Server } from 'node:http';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { EventStreams } from '../../src/http/event-streams.js';
import { guard, loopbackOrigins } from '../../src/http/guard.js';
import { closeServer, listen } from '../../src/http/listen.js';
import { readPageFiles, servePageFiles } from '../../src/http/page-files.js';
import { limits } from '../../src/kernel/limits.js';
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

/**
 * Serves the cabinet page and its API on loopback; `port` 0 takes any free one.
 * Rejects with `screen.port-taken` when the port is in use.
 */
export async function servePage(port: number, hands: CabinetHands): Promise<PageServer> {
  const streams = new EventStreams({ data: () => JSON.stringify(hands.snapshot()) });
  let bound = port;
  const app = await pageApp(hands, streams, () => bound);
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  bound = await listen(server, port, '127.0.0.1');
  return {
    address: `http://127.0.0.1:${bound}/`,
    changed: () => streams.changed(),
    close: async () => {
      streams.close();
      await closeServer(server);
    },
  };
}

async function pageApp(
  hands: CabinetHands,
  streams: EventStreams,
  port: () => number,
): Promise<Hono<{ Bindings: HttpBindings }>> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(guard({ origins: () => loopbackOrigins(port()), acceptsPrograms: true }));
  app.use(bodyLimit({ maxSize: limits.screenPostBytes }));
  servePageFiles(app, await readPageFiles('firmware-bridge/emulator/page'));
  app.get('/api/cabinet', (context) => context.json(hands.snapshot()));
  app.get('/api/live', (context) =>
    streams.add(context.env.outgoing) ? RESPONSE_ALREADY_SENT : context.text('Too many pages', 503),
  );
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
  return app;
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
