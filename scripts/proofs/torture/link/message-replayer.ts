import { silentLog } from '../../../../src/kernel/log.js';
import { connectMqtt } from '../../../../src/mqtt/connection.js';
import type { Random } from '../../support/random.js';
import { street } from './street-setup.js';

/** Somebody on the broker who says again what others have said, late and out of order. */
export interface MessageReplayer {
  /** Repeats some of what it has heard. */
  replay(times: number): void;
  /** Repeats nothing any more, not even one message in ten as soon as it comes. */
  stop(): Promise<void>;
  readonly replayed: number;
}

/** What is heard in a minute or so; older messages give way by chance, so that some are very old. */
const heardAtMost = 2_000;
const twiceShare = 0.1;
/** The broker keeps some commands, which no kiosk may believe then. */
const keptShare = 0.1;

/** Connects to the broker by a way of its own. */
export function startMessageReplayer(url: string, random: Random): MessageReplayer {
  const heard: { topic: string; payload: Uint8Array }[] = [];
  let repeated = 0;
  let own = '';
  const again = (topic: string, payload: Uint8Array) => {
    own = nameOf(topic, payload);
    connection.publish(topic, payload, { retain: topic.endsWith('/command') && random.chance(keptShare) });
    repeated += 1;
  };
  const connection = connectMqtt({
    url,
    clientId: 'mischief',
    subscribe: [`lening/v1/${street}/#`],
    log: silentLog,
    onOnline: () => undefined,
    onMessage(topic, payload) {
      if (nameOf(topic, payload) === own) return;
      const message = { topic, payload: Uint8Array.from(payload) };
      if (heard.length < heardAtMost) heard.push(message);
      else heard[random.between(0, heardAtMost - 1)] = message;
      if (random.chance(twiceShare)) again(topic, message.payload);
    },
  });
  return {
    get replayed() {
      return repeated;
    },
    replay(times) {
      for (let n = 0; n < times && heard.length > 0; n += 1) {
        const { topic, payload } = random.pick(heard);
        again(topic, payload);
      }
    },
    stop: () => connection.close(),
  };
}

const nameOf = (topic: string, payload: Uint8Array) =>
  `${topic} ${payload.length} ${Buffer.from(payload.subarray(-16)).toString('hex')}`;
