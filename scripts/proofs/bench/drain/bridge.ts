import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { startFaultProxy } from '../../support/fault-proxy.js';
import { freePort, type Mosquitto, runMosquitto } from '../../support/mosquitto.js';
import { Count, type Received } from './receiver.js';

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
