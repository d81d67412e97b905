import { join } from 'node:path';
import mqtt from 'mqtt';
import { type Catalogue, createCatalogue } from '../../../../src/catalogue/catalogue.js';
import { topicsOf } from '../../../../src/contract/topics.js';
import { epoch, kioskId, lockerNo, patronId, staffId, visitNo } from '../../../../src/kernel/ids.js';
import type { Log } from '../../../../src/kernel/log.js';
import { epochMs } from '../../../../src/kernel/time.js';
import { startEmbeddedBroker } from '../../../../src/mqtt/embedded-broker.js';
import { fromBase45 } from '../../../../src/passes/base45.js';
import { type SigningKey, verifyingKeyOf, verifyingKeyPem } from '../../../../src/passes/keys.js';
import { issueReceipt, RECEIPT_PREFIX } from '../../../../src/passes/receipt.js';
import type { Random } from '../../support/random.js';
import {
  type AttackOutcome,
  count,
  forgeries,
  type GenuineMessage,
  sealMessage,
  total,
} from './forgeries.js';
import { makeKeys } from './kiosk-campaign.js';
import { books, kiosk, street } from './kiosk-target.js';

const neighbour = kioskId('jn-02');
const patron = patronId('7d1c3f0a9b2e4851');
const life = epoch('00000000000000a1');
const topics = topicsOf(street, kiosk);
const atOnce = 100;
const nothing = () => undefined;

/** A log that counts what the catalogue threw away. */
function dropLog(): Log & { dropped: number } {
  const log = {
    dropped: 0,
    debug: nothing,
    info: nothing,
    error: nothing,
    warn(fields: object) {
      if ('dropped' in fields) log.dropped += 1;
    },
  };
  return log;
}

/** Sends messages to a catalogue, over a broker, that pretend to come from a kiosk; looks what is stored in the end. */
export async function attackCatalogue(
  folder: string,
  messages: number,
  random: Random,
): Promise<AttackOutcome> {
  const log = dropLog();
  const broker = await startEmbeddedBroker({ port: 0, log });
  const catalogue = createCatalogue({ file: join(folder, 'catalogue.db'), url: broker.url, street, log });
  const client = await mqtt.connectAsync(broker.url, { reconnectPeriod: 0 });
  const publish = (topic: string, payload: Uint8Array) =>
    client.publishAsync(topic, Buffer.from(payload), { qos: 1 });
  try {
    const keys = makeKeys();
    enrol(catalogue, keys);
    await catalogue.start();
    const order = { kind: 'withhold', locker: lockerNo(2), by: staffId('5555555555555555') } as const;
    const command = catalogue.order(kiosk, order);
    const captured = [batchOf(kiosk, keys.kiosk, 1), batchOf(neighbour, keys.neighbour, 1)];
    for (const truth of captured) await publish(truth.topic, sealMessage(truth));
    const answer = JSON.stringify({ command, answer: 'refused', reason: 'no-such-locker' });
    const targets = [
      batchOf(kiosk, keys.kiosk, 3),
      { topic: topics.commandAnswer, text: answer, signer: keys.kiosk },
    ];
    const otherKeys = [keys.neighbour, keys.current];
    const otherSignatures = [receiptOf(keys.kiosk)];
    const sent = new Map<string, number>();
    const before = log.dropped;
    for (let n = 0; n < messages; n += atOnce) {
      const publishes = Array.from({ length: Math.min(atOnce, messages - n) }, () => {
        const [how, make] = random.pick(Object.entries(forgeries));
        const target = random.pick(targets);
        count(sent, how);
        return publish(target.topic, make({ target, captured, otherKeys, otherSignatures, random }));
      });
      await Promise.all(publishes);
    }
    const stored = () => catalogue.eventsOf(kiosk).length;
    const known = () => catalogue.orderStatus(command)?.answer !== null;
    // The messages of one client arrive in order.
    await waitFor(() => log.dropped - before >= total(sent) || stored() > 2 || known());
    const believed = [
      ...(stored() === 2 && catalogue.loansOf(patron).length === 0 ? [] : ['events were stored']),
      ...(known() ? ['an answer was believed'] : []),
    ];
    for (const truth of targets) await publish(truth.topic, sealMessage(truth));
    await waitFor(() => stored() > 2 && known());
    return {
      sent,
      crashes: [],
      believed,
      unlocks: 0,
      genuine: { sent: 2, believed: (stored() > 2 ? 1 : 0) + (known() ? 1 : 0) },
    };
  } finally {
    await client.endAsync(true);
    await catalogue.close();
    await broker.close();
  }
}

function enrol(catalogue: Catalogue, keys: { kiosk: SigningKey; neighbour: SigningKey }): void {
  catalogue.enrol(kiosk, verifyingKeyPem(verifyingKeyOf(keys.kiosk)));
  catalogue.enrol(neighbour, verifyingKeyPem(verifyingKeyOf(keys.neighbour)));
}

/** Two events from position `from` on: books that are put in, or, later, a loan. */
function batchOf(sender: typeof kiosk, signer: SigningKey, from: number): GenuineMessage {
  const at = { visit: visitNo(1), locker: lockerNo(1), item: books[0] };
  const stocked = books.map((item, index) => ({ type: 'item-stocked', locker: index + 1, item }));
  const lent = [
    { type: 'checkout-intended', ...at, patron },
    { type: 'item-lent', ...at, patron, dueAt: 9e12, dueProvisional: false },
  ];
  const events = (from === 1 ? stocked : lent).map((event, index) => ({
    position: from + index,
    at: 1_000 + index,
    trust: 'trusted',
    event,
  }));
  return {
    topic: topicsOf(street, sender).journal,
    text: JSON.stringify({ epoch: life, from, events }),
    signer,
  };
}

/** What the kiosk itself has signed, for a resident. */
function receiptOf(key: SigningKey): Uint8Array {
  const now = epochMs(Date.now());
  const proof = { kiosk, item: books[0], at: now, trust: 'trusted', epoch: life, visit: visitNo(1) } as const;
  return fromBase45(issueReceipt(proof, key).slice(RECEIPT_PREFIX.length)) ?? new Uint8Array(0);
}

/** Waits for what ought to come, a quarter of a minute at most. */
async function waitFor(condition: () => boolean): Promise<void> {
  const until = performance.now() + 15_000;
  while (!condition() && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
}
