import { connectMqtt } from '../../src/link/connect.js';
import type { Random } from '../random.js';
import { quiet, street } from './names.js';

/** Somebody on the broker who says again what others have said, late and out of order. */
export interface Mischief {
  /** Repeats some of what it has heard. */
  repeat(times: number): void;
  readonly repeated: number;
  close(): Promise<void>;
}

const heardAtMost = 400;

/** Connects to the broker by a way of its own. */
export function startMischief(url: string, random: Random): Mischief {
  let heard: { topic: string; payload: Uint8Array }[] = [];
  let repeated = 0;
  const connection = connectMqtt({
    url,
    clientId: 'mischief',
    subscribe: [`lening/v1/${street}/#`],
    log: quiet,
    onOnline: () => undefined,
    onMessage(topic, payload) {
      if (topic.endsWith('/state') || !random.chance(0.2)) return;
      heard.push({ topic, payload: Uint8Array.from(payload) });
      if (heard.length > heardAtMost) heard = heard.slice(heardAtMost / 2);
    },
  });
  return {
    get repeated() {
      return repeated;
    },
    repeat(times) {
      for (let n = 0; n < times && heard.length > 0; n += 1) {
        const { topic, payload } = random.pick(heard);
        connection.publish(topic, payload, { retain: topic.endsWith('/command') && random.chance(0.1) });
        repeated += 1;
      }
    },
    close: () => connection.close(),
  };
}
