import { silentLog } from '../../../../src/kernel/log.js';
import { connectMqtt } from '../../../../src/mqtt/connection.js';
import type { Random } from '../../support/random.js';
import { street } from './street-setup.js';

/** A client that publishes messages of other clients again, late and out of order. */
export interface MessageReplayer {
  /** Publishes `times` received messages again. */
  replay(times: number): void;
  /** Stops all replays, also the immediate ones. */
  stop(): Promise<void>;
  readonly replayed: number;
}

/** Messages kept, about a minute of them; new ones replace random ones, so that some are very old. */
const receivedLength = 2_000;
/** Share of messages that are published again at once. */
const twiceShare = 0.1;
/** Share of commands that are retained; a kiosk has to drop those. */
const retainedShare = 0.1;

/** Connects to the broker directly, without the fault proxy. */
export function startMessageReplayer(url: string, random: Random): MessageReplayer {
  const received: { topic: string; payload: Uint8Array }[] = [];
  let repeated = 0;
  let own = '';
  const again = (topic: string, payload: Uint8Array) => {
    own = nameOf(topic, payload);
    connection.publish(topic, payload, {
      retain: topic.endsWith('/command') && random.chance(retainedShare),
    });
    repeated += 1;
  };
  const connection = connectMqtt({
    url,
    clientId: 'replayer',
    subscribe: [`lening/v1/${street}/#`],
    log: silentLog,
    onOnline: () => undefined,
    onMessage(topic, payload) {
      if (nameOf(topic, payload) === own) return;
      const message = { topic, payload: Uint8Array.from(payload) };
      if (received.length < receivedLength) received.push(message);
      else received[random.between(0, receivedLength - 1)] = message;
      if (random.chance(twiceShare)) again(topic, message.payload);
    },
  });
  return {
    get replayed() {
      return repeated;
    },
    replay(times) {
      for (let n = 0; n < times && received.length > 0; n += 1) {
        const { topic, payload } = random.pick(received);
        again(topic, payload);
      }
    },
    stop: () => connection.close(),
  };
}

const nameOf = (topic: string, payload: Uint8Array) =>
  `${topic} ${payload.length} ${Buffer.from(payload.subarray(-16)).toString('hex')}`;
