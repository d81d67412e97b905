import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import type { Sentence } from '../display/phrases.js';
import { guard } from '../http/guard.js';
import { closeServer, listen } from '../http/listen.js';
import { readPageFiles, servePageFiles } from '../http/page-files.js';
import { assert } from '../kernel/assert.js';
import type { KioskId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import { type EpochMs, epochMs } from '../kernel/time.js';
import { createDesk, type PhoneCatalogue, type PhoneDemo } from './desk.js';
import { frame } from './layout.js';
import { saying } from './pages.js';
import type { SignIn } from './sign-in.js';
import { createTickets, type Tickets } from './tickets.js';
import { messages } from './words.js';

/** What the service for residents’ telephones is made of. */
export interface PhoneOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Where it listens: on loopback, unless it is told otherwise; telephones come through a proxy that speaks TLS. */
  readonly host?: string;
  /** What telephones call it (`https://…`), where that is not its own address. The proxy hands the Host header on. */
  readonly publicUrl?: string;
  readonly catalogue: PhoneCatalogue;
  /** The kiosks of the street, and what residents call them. */
  readonly kiosks: ReadonlyMap<KioskId, Sentence>;
  readonly signIn: (tickets: Tickets, nowMs: () => EpochMs) => SignIn;
  /** Only in a demonstration. */
  readonly demo?: PhoneDemo;
  readonly log: Log;
  readonly nowMs?: () => EpochMs;
}

/** The service for residents’ telephones. */
export interface Phone {
  /** Listens: what telephones call it, and the port where the proxy finds it. Rejects with `screen.port-taken`. */
  start(): Promise<{ readonly url: string; readonly port: number }>;
  close(): Promise<void>;
}

/** Makes the service; nothing is opened before `start`. Tickets it has given end with it. */
export function createPhone(options: PhoneOptions): Phone {
  const { port, host = '127.0.0.1' } = options;
  let server: Server | null = null;
  let bound = port;
  const origin = () => new URL(options.publicUrl ?? `http://${host}:${bound}`);
  return {
    async start() {
      assert(server === null, 'the service is started once');
      const app = await phoneApp(options, origin);
      server = createAdaptorServer({ fetch: app.fetch }) as Server;
      server.requestTimeout = limits.phoneRequestMs;
      server.maxConnections = limits.phoneClients;
      bound = await listen(server, port, host);
      server.on('error', (error) => options.log.error({ err: error }, 'phone server failed'));
      return { url: origin().href, port: bound };
    },
    close: async () => {
      if (server) await closeServer(server);
    },
  };
}

async function phoneApp(options: PhoneOptions, origin: () => URL): Promise<Hono> {
  const { catalogue, kiosks, demo, log, nowMs = () => epochMs(Date.now()) } = options;
  const tickets = createTickets(randomBytes(32), () => origin().protocol === 'https:');
  const signIn = options.signIn(tickets, nowMs);
  const app = new Hono();
  app.onError((error, context) => {
    if (error instanceof HTTPException) return error.getResponse();
    log.error({ err: error, path: context.req.path }, 'phone request failed');
    return say(context, 'gone', 500);
  });
  app.notFound((context) => say(context, 'noKiosk', 404));
  app.use(guard({ origins: () => [origin()], hasForms: true }));
  app.use(bodyLimit({ maxSize: limits.screenPostBytes }));
  servePageFiles(app, await readPageFiles('src/phone/page'));
  if (demo) app.get('/scan', (context) => context.redirect(demo.invitation(), 303));
  app.get('/stations.json', (context) => {
    // For maps, and whoever makes them.
    context.header('access-control-allow-origin', '*');
    context.header('cross-origin-resource-policy', 'cross-origin');
    return context.json({ lastUpdated: nowMs(), ttlS: limits.stationsTtlS, stations: catalogue.stations() });
  });
  app.route('/sign-in', signIn.routes());
  app.route('/k', createDesk({ catalogue, kiosks, tickets, signIn, nowMs, demo }));
  return app;
}

function say(context: Context, name: keyof typeof messages, status: 404 | 500): Response | Promise<Response> {
  return context.html(frame({ place: null }, saying(messages[name])), status);
}
