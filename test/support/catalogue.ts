import type { Test } from 'tap';
import { type Catalogue, createCatalogue } from '../../src/catalogue/catalogue.js';
import { sampleData } from '../../src/catalogue/sample-data.js';
import type { Event, RecordedEvent } from '../../src/circulation/event.js';
import {
  type Document,
  documentNames,
  type Holdings,
  readDocument,
} from '../../src/contract/document-messages.js';
import { readPayload } from '../../src/contract/payload.js';
import { type Ack, ackSchema, topicsOf } from '../../src/contract/topics.js';
import { epoch, itemId, kioskId, lockerNo, passId, patronId, visitNo } from '../../src/kernel/ids.js';
import type { Log } from '../../src/kernel/log.js';
import { epochMs } from '../../src/kernel/time.js';
import { connectMqtt, type MqttConnection } from '../../src/mqtt/connection.js';
import { sealedText } from '../../src/passes/seal.js';
import { type BrokerKind, embedded } from './brokers.js';
import { kioskKey, kioskSeals, publicPem } from './keys.js';
import { until } from './until.js';

export const street = 'jiangning';
export const kiosk = kioskId('jn-01');
/** Another kiosk of the street. */
export const neighbour = kioskId('jn-02');
export const topics = topicsOf(street, kiosk);
export const firstEpoch = epoch('00000000000000a1');
export const wang = patronId('7d1c3f0a9b2e4851');
export const book = itemId('30106000000017');

/** A line of the log. */
export interface LogLine {
  readonly fields: object;
  readonly message: string;
}

/** A log that keeps everything it is told. */
export function recordingLog(): { readonly log: Log; readonly lines: LogLine[]; has(code: string): number } {
  const lines: LogLine[] = [];
  const keep = (fields: object, message: string) => void lines.push({ fields, message });
  const log = { debug: keep, info: keep, warn: keep, error: keep };
  return {
    log,
    lines,
    has: (code) => lines.filter(({ fields }) => 'code' in fields && fields.code === code).length,
  };
}

/** Events as a journal has them: the first at position `from`. */
export function recorded(events: readonly Event[], from = 1): RecordedEvent[] {
  return events.map((event, index) => ({
    position: from + index,
    at: epochMs(1_000 * (from + index)),
    trust: 'trusted',
    event,
  }));
}

export const stocked = (locker: number, item = book): Event => ({
  type: 'item-stocked',
  locker: lockerNo(locker),
  item,
});

/** One book's way: stocked in locker 1, lent to Mrs Wang, given back into locker 3. */
export const bookHistory: readonly Event[] = [
  stocked(1),
  {
    type: 'checkout-intended',
    visit: visitNo(1),
    locker: lockerNo(1),
    item: book,
    patron: wang,
    pass: passId('00000000000000ff'),
  },
  {
    type: 'item-lent',
    visit: visitNo(1),
    locker: lockerNo(1),
    item: book,
    patron: wang,
    dueAt: epochMs(9_000),
    dueProvisional: false,
  },
  { type: 'checkout-completed', visit: visitNo(1), locker: lockerNo(1), door: 'closed' },
  { type: 'checkin-intended', visit: visitNo(2), locker: lockerNo(3), item: book },
  { type: 'checkin-opened', visit: visitNo(2), locker: lockerNo(3) },
  { type: 'item-returned', visit: visitNo(2), locker: lockerNo(3), item: book, door: 'closed' },
];

/** A kiosk's end of the wire, played by hand. */
export interface TestKiosk {
  readonly acks: Ack[];
  readonly holdings: Holdings[];
  /** All documents that came, in their order. */
  readonly documents: Document[];
  /** Sends any payload on any topic, sealed; text goes as it is. */
  publish(topic: string, payload: unknown): void;
  sendBatch(events: readonly RecordedEvent[], of?: string): void;
  /** Sends, and waits for the answer to it. */
  sendAndAwaitAck(events: readonly RecordedEvent[], of?: string): Promise<Ack>;
}

/** Connects as the kiosk jn-01. */
export async function connectTestKiosk(test: Test, url: string): Promise<TestKiosk> {
  const acks: Ack[] = [];
  const holdings: Holdings[] = [];
  const documents: Document[] = [];
  let isOnline = false;
  const connection: MqttConnection = connectMqtt({
    url,
    clientId: `kiosk-${Math.random()}`,
    subscribe: [topics.journalAck, ...Object.values(topics.documents)],
    log: recordingLog().log,
    onOnline: (online) => {
      isOnline = online;
    },
    onMessage(topic, sealed) {
      const payload = sealedText(sealed);
      if (!payload) return;
      const ack = topic === topics.journalAck ? readPayload(ackSchema, payload) : undefined;
      if (ack) acks.push(ack);
      const name = documentNames.find((each) => topics.documents[each] === topic);
      const document = name && readDocument(name, payload);
      if (document) documents.push(document);
      if (document?.name === 'holdings') holdings.push(document.body);
    },
  });
  test.teardown(() => connection.close());
  await until(() => isOnline, 'the played kiosk to be online');
  const publish = (topic: string, payload: unknown) => {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    connection.publish(topic, kioskSeals.seal(topic, text));
  };
  const sendBatch: TestKiosk['sendBatch'] = (events, of = firstEpoch) =>
    publish(topics.journal, { epoch: of, from: events[0]?.position, events });
  return {
    acks,
    holdings,
    documents,
    publish,
    sendBatch,
    async sendAndAwaitAck(events, of) {
      const before = acks.length;
      sendBatch(events, of);
      await until(() => acks.length > before, 'an answer');
      const answer = acks.at(-1);
      if (!answer) throw new Error('unreachable');
      return answer;
    },
  };
}

/** A broker and a started catalogue with the sample books, and what it logs. */
export async function startCatalogue(test: Test, kind: BrokerKind = embedded) {
  const folder = test.testdir();
  const file = `${folder}/catalogue.db`;
  const kept = recordingLog();
  const broker = await kind.start(folder, test);
  test.teardown(() => broker.kill());
  const way = broker.addressOf('catalogue');
  const start = async (): Promise<Catalogue> => {
    const catalogue = createCatalogue({ file, ...way, street, log: kept.log, sample: sampleData });
    test.teardown(() => catalogue.close());
    for (const each of [kiosk, neighbour]) catalogue.enrol(each, publicPem(kioskKey));
    await catalogue.start();
    return catalogue;
  };
  return { file, broker, kept, start, catalogue: await start() };
}
