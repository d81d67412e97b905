import { createServer, type Server, type Socket } from 'node:net';
import { Aedes, type AedesOptions } from 'aedes';
import { Fault } from '../kernel/faults.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';

/** An MQTT 3.1.1 broker in this process, for the demo and tests. It keeps nothing when it is closed. */
export interface EmbeddedBroker {
  readonly url: string;
  /** Drops every client at once and stops listening. */
  close(): Promise<void>;
}

/** Options of an embedded broker. It listens on the loopback address; port 0 takes any free one. */
export interface BrokerOptions {
  readonly port: number;
  readonly log: Log;
  /** Overrides `limits.brokerRetainedBytes`; for tests. */
  readonly retainedBytes?: number;
  /** Called for every published message; for tests. */
  onMessage?(message: PassingMessage): void;
}

/** A published message and the id of its sender. */
export interface PassingMessage {
  readonly clientId: string;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly retained: boolean;
}

/** Starts a broker. Rejects with Fault `broker.port-taken` when the port is in use. */
export async function startEmbeddedBroker({
  port,
  log,
  retainedBytes,
  onMessage,
}: BrokerOptions): Promise<EmbeddedBroker> {
  const aedes = await Aedes.createBroker(boundedOptions(retainedBytes));
  const failed = (_client: unknown, error: Error) =>
    log.debug({ err: error.message }, 'broker client failed');
  aedes.on('clientError', failed);
  aedes.on('connectionError', failed);
  aedes.on('publish', ({ topic, payload, retain }, client) => {
    if (client) onMessage?.({ clientId: client.id, topic, payload: Buffer.from(payload), retained: retain });
  });
  const sockets = new Set<Socket>();
  // Nagle's algorithm would delay each small message by 40 ms.
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
  server.maxConnections = limits.brokerClients;
  try {
    await listen(server, port);
  } catch (error) {
    await closed(aedes);
    throw error;
  }
  return {
    url: `mqtt://127.0.0.1:${portOf(server)}`,
    async close() {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await stopped;
      await closed(aedes);
    },
  };
}

/**
 * Options that bound the broker's memory: no stored sessions, a bounded number and size of retained messages, and no message
 * that is larger than the link accepts.
 */
function boundedOptions(retainedBytesMax: number = limits.brokerRetainedBytes): AedesOptions {
  const retained = new Map<string, number>();
  let retainedBytes = 0;
  const keep = (topic: string, bytes: number) => {
    retainedBytes += bytes - (retained.get(topic) ?? 0);
    // An empty retained message deletes the one before it.
    if (bytes === 0) retained.delete(topic);
    else retained.set(topic, bytes);
  };
  const hasRoom = (topic: string, bytes: number) =>
    (retained.has(topic) || retained.size < limits.brokerRetainedLength) &&
    retainedBytes + bytes - (retained.get(topic) ?? 0) <= retainedBytesMax;
  return {
    queueLimit: limits.brokerQueueLength,
    connectTimeout: limits.brokerConnectMs,
    preConnect: (_client, { clean }, done) =>
      clean === false ? done(new Error('stored sessions are not kept'), false) : done(null, true),
    authorizePublish(_client, { topic, payload, retain }, done) {
      if (payload.length > limits.linkMessageBytes) return done(new Error('the message is too long'));
      if (topic.startsWith('$SYS/')) return done(new Error('$SYS belongs to the broker'));
      if (!retain) return done();
      if (payload.length > 0 && !hasRoom(topic, payload.length))
        return done(new Error('too many retained messages'));
      keep(topic, payload.length);
      return done();
    },
  };
}

const closed = (aedes: Aedes) => new Promise<void>((resolve) => aedes.close(() => resolve()));

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(taken ? new Fault('broker.port-taken', `port ${port} is in use`, { cause: error }) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}
