import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { topicsOf } from '../../../../src/contract/topics.js';
import { silentLog } from '../../../../src/kernel/log.js';
import { connectMqtt } from '../../../../src/mqtt/connection.js';
import { createKeyRing, type SigningKey, type VerifyingKey } from '../../../../src/passes/keys.js';
import { createSeals } from '../../../../src/passes/seal.js';
import { startFaultProxy } from '../../support/fault-proxy.js';
import { freePort, type Mosquitto, runMosquitto } from '../../support/mosquitto.js';
import { kiosk, street } from '../journal-past.js';

/** What came, on the receiver's own clock. */
export interface Received {
  /** Positions that came at least once, and how often one came again. */
  readonly different: number;
  readonly repeated: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** The catalogue's end of the wire, which stores nothing: it counts, and answers as the catalogue does. */
export interface Receiver {
  readonly received: Received;
  close(): Promise<void>;
}

/** Connects; resolves once it listens. `answers`: false for one that only looks at what kiosk and catalogue say. */
export function startReceiver(
  url: string,
  own: SigningKey,
  of: VerifyingKey,
  answers = true,
): Promise<Receiver> {
  const { journal, journalAck } = topicsOf(street, kiosk);
  const ring = createKeyRing([of]);
  const seals = createSeals(
    () => own,
    () => ring,
  );
  const count = new Count();
  return new Promise((resolve) => {
    const connection = connectMqtt({
      url,
      clientId: 'bench-receiver',
      subscribe: [journal],
      log: silentLog,
      onOnline(online) {
        if (online) resolve({ received: count, close: () => connection.close() });
      },
      onMessage(topic, payload) {
        const text = seals.open(topic, payload);
        if (!text) return;
        const batch: { epoch: string; from: number; events: unknown[] } = JSON.parse(
          Buffer.from(text).toString('utf8'),
        );
        const { epoch, from, events } = batch;
        const to = from + events.length - 1;
        count.add(from, to);
        if (!answers) return;
        const ack = JSON.stringify({ epoch, upTo: count.upTo, from, to });
        connection.publish(journalAck, seals.seal(journalAck, ack), { qos: 0 });
      },
    });
  });
}

const positionsAtMost = 2_000_000;

/** Counts positions as they come, in whatever order. */
class Count implements Received {
  different = 0;
  repeated = 0;
  firstMs = 0;
  lastMs = 0;
  readonly #seen = new Uint8Array(positionsAtMost);
  #upTo = 0;

  /** Up to where everything has come. */
  get upTo(): number {
    while (this.#seen[this.#upTo + 1] === 1) this.#upTo += 1;
    return this.#upTo;
  }

  add(from: number, to: number): void {
    const nowMs = performance.now();
    if (this.firstMs === 0) this.firstMs = nowMs;
    for (let position = from; position <= to; position += 1) {
      if (this.#seen[position] === 1) this.repeated += 1;
      else {
        this.#seen[position] = 1;
        this.different += 1;
        this.lastMs = nowMs;
      }
    }
  }
}

/** Events per second from the first that came to the last. */
export const perSecond = ({ different, firstMs, lastMs }: Received): number =>
  different / ((lastMs - firstMs) / 1_000);

/** How the bridge queues: as Mosquitto does by itself (1,000 messages), or without an end. */
export type BridgeQueue = 'default' | 'endless';

const topic = 'events/bench-01';

/**
 * The same events through a Mosquitto bridge with persistence, one message each: published to the local broker while the
 * way to the remote one is shut, which is then opened. With `killed`, the local broker dies (SIGKILL) during the outage.
 */
export async function drainBridge(
  folder: string,
  events: readonly string[],
  queue: BridgeQueue,
  killed: boolean,
): Promise<Received> {
  mkdirSync(folder, { recursive: true });
  const remote = await broker(join(folder, 'remote'), 'max_queued_messages 0\n');
  const way = await startFaultProxy(Number(new URL(remote.url).port), () => 0);
  way.open(false);
  const local = await broker(
    join(folder, 'local'),
    `persistence true\npersistence_location ${join(folder, 'local')}/\n${queue === 'endless' ? 'max_queued_messages 0\n' : ''}` +
      `connection bench\naddress 127.0.0.1:${way.port}\ntopic events/# out 1\ncleansession false\nrestart_timeout 1\n`,
  );
  try {
    const count = new Count();
    const receiver = await mqtt.connectAsync(remote.url, { clientId: 'bridge-receiver', reconnectPeriod: 0 });
    receiver.on('message', (_topic, payload) => {
      const { position } = JSON.parse(payload.toString('utf8'));
      count.add(position, position);
    });
    await receiver.subscribeAsync('events/#', { qos: 1 });
    await publishAll(local.url, events);
    if (killed) {
      await local.kill();
      await local.start();
    }
    way.open(true);
    await settled(count, events.length);
    await receiver.endAsync(true);
    return count;
  } finally {
    await local.kill();
    await way.close();
    await remote.kill();
  }
}

async function broker(folder: string, more: string): Promise<Mosquitto> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\n${more}`);
  return runMosquitto(file, port, 'mqtt');
}

/** Resolves once the broker has confirmed every one. */
async function publishAll(url: string, events: readonly string[]): Promise<void> {
  const mouth = await mqtt.connectAsync(url, { clientId: 'mouth', reconnectPeriod: 0 });
  const inFlight = 500;
  for (let at = 0; at < events.length; at += inFlight) {
    await Promise.all(
      events.slice(at, at + inFlight).map((event) => mouth.publishAsync(topic, event, { qos: 1 })),
    );
  }
  await mouth.endAsync(true);
}

/** Waits until all have come, or nothing has for long: a bridge takes its time to look again whether its way is open. */
async function settled(count: Count, all: number): Promise<void> {
  let before = -1;
  let quietSinceMs = performance.now();
  while (
    count.different < all &&
    performance.now() - quietSinceMs < (count.different === 0 ? 25_000 : 5_000)
  ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (count.different !== before) quietSinceMs = performance.now();
    before = count.different;
  }
}
