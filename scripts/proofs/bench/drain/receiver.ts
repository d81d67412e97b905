import { topicsOf } from '../../../../src/contract/topics.js';
import { silentLog } from '../../../../src/kernel/log.js';
import { connectMqtt } from '../../../../src/mqtt/connection.js';
import { createKeyRing, type SigningKey, type VerifyingKey } from '../../../../src/passes/keys.js';
import { createSeals } from '../../../../src/passes/seal.js';
import { kiosk, street } from './topics.js';

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

/** More positions than any run has. */
const positionsAtMost = 2_000_000;

/** Counts positions as they come, in whatever order. */
export class Count implements Received {
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
