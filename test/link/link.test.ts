import fc from 'fast-check';
import t, { type Test } from 'tap';
import { freePort } from '../../scripts/proofs/support/mosquitto.js';
import { createRandom } from '../../scripts/proofs/support/random.js';
import type { Event } from '../../src/circulation/event.js';
import { ledgerRules } from '../../src/circulation/ledger-rules.js';
import { type DocumentName, documentNames, type Holdings } from '../../src/contract/document-messages.js';
import { readPayload } from '../../src/contract/payload.js';
import {
  type Batch,
  batchSchema,
  catalogueStateTopic,
  type OnlineState,
  stateSchema,
  topicsOf,
} from '../../src/contract/topics.js';
import { openJournal } from '../../src/journal/open.js';
import { epoch, itemId, kioskId, lockerNo } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { silentLog } from '../../src/kernel/log.js';
import { VirtualTime } from '../../src/kernel/virtual-time.js';
import { createLink, type EpochEnd, type LinkOptions } from '../../src/link/link.js';
import { type BrokerAddress, connectMqtt, type MqttOptions } from '../../src/mqtt/connection.js';
import { embedded, openBrokers } from '../support/brokers.js';
import { momentAt } from '../support/clocks.js';
import { holdToContract } from '../support/contract.js';
import { catalogueKey, catalogueSeals, isCatalogueTopic, kioskSeals, publicPem } from '../support/keys.js';
import { MemoryBroker } from '../support/memory-broker.js';
import { until } from '../support/until.js';
import { TestTime } from '../support/virtual-host.js';

const street = 'jiangning';
const kiosk = kioskId('jn-01');
const topics = topicsOf(street, kiosk);
const moment = momentAt(1_000);
const stocking: Event = { type: 'item-stocked', locker: lockerNo(1), item: itemId('30106000000017') };

type Connect = typeof connectMqtt;

/** A link on a journal of its own, not started, and everything it has handed on. */
function createTestLink(t: Test, address: BrokerAddress, more: Pick<LinkOptions, 'connect' | 'wait'> = {}) {
  const journal = openJournal({ file: `${t.testdir()}/journal.db`, ...ledgerRules });
  const holdings: Holdings[] = [];
  const documents: DocumentName[] = [];
  const reached: boolean[] = [];
  const online: boolean[] = [];
  const epochEnds: { readonly why: EpochEnd; readonly known: number }[] = [];
  const state = { canBeginEpoch: true };
  const link = createLink({
    ...address,
    ...more,
    street,
    kiosk,
    journal,
    seals: kioskSeals,
    log: silentLog,
    onCommand: () => null,
    onRequest: () => null,
    onDocument({ name, body }) {
      documents.push(name);
      if (name === 'holdings') holdings.push(body);
    },
    onReached: (isReached) => reached.push(isReached),
    onOnline: (isOnline) => online.push(isOnline),
    onEpochOver(why, known) {
      epochEnds.push({ why, known });
      if (state.canBeginEpoch) journal.beginEpoch(moment, known);
    },
  });
  t.teardown(async () => {
    await link.close();
    journal.close();
  });
  const append = (count: number) => {
    journal.append(moment, Array<Event>(count).fill(stocking));
    link.journalGrew();
  };
  return { journal, link, holdings, documents, reached, online, epochEnds, state, append };
}

/** The catalogue's end of the link, played by hand. */
async function connectTestCatalogue(t: Test, address: BrokerAddress, connect: Connect, wait: typeof until) {
  const batches: Batch[] = [];
  const states: OnlineState[] = [];
  let isOnline = false;
  const connection = connect({
    ...address,
    clientId: 'test-catalogue',
    subscribe: [topics.journal, topics.state],
    log: silentLog,
    onOnline(online) {
      isOnline = online;
    },
    onMessage(topic, payload) {
      const text = topic === topics.journal ? catalogueSeals.open(topic, payload) : undefined;
      const batch = text && readPayload(batchSchema, text);
      if (batch) batches.push(batch);
      const state = topic === topics.state ? readPayload(stateSchema, payload) : undefined;
      if (state) states.push(state);
    },
  });
  t.teardown(() => connection.close());
  await wait(() => isOnline, 'the catalogue to be connected');
  const publish = (topic: string, payload: unknown) => {
    const text = JSON.stringify(payload);
    const isSealed = isCatalogueTopic(street, kiosk, topic);
    connection.publish(topic, isSealed ? catalogueSeals.seal(topic, text) : text);
  };
  /** Acknowledges a batch, the last one unless another is named, as a catalogue that has stored so much. */
  const acknowledge = (upTo: number, batch = batches.at(-1)) => {
    if (!batch) throw new Error('there is no batch to acknowledge');
    const { epoch: of, from, events } = batch;
    publish(topics.journalAck, { epoch: of, upTo, from, to: from + events.length - 1 });
  };
  return { batches, states, publish, acknowledge, lastPosition: () => lastPositionOf(batches.at(-1)) };
}

const lastPositionOf = (batch: Batch | undefined) => batch?.events.at(-1)?.position ?? 0;

/** A link and a catalogue on a broker in this process, in virtual time. */
async function startInMemory(t: Test) {
  const time = new TestTime(createRandom(1, t.name));
  t.teardown(() => time.stop());
  const broker = new MemoryBroker(time.wait, holdToContract(t));
  const address = { url: 'mqtt://127.0.0.1' };
  const { connect } = broker;
  const end = createTestLink(t, address, { connect, wait: time.wait });
  const catalogue = await connectTestCatalogue(t, address, connect, (condition, what) =>
    time.until(() => condition() === true, what),
  );
  return { ...end, time, broker, catalogue };
}

/** Reconnects at once, so that a test on a real broker need not wait for it. */
const eager = {
  connect: (options) => connectMqtt({ ...options, reconnectMaxMs: 50 }),
} as const satisfies Pick<LinkOptions, 'connect'>;

for (const kind of openBrokers) {
  t.test(`a journal reaches the catalogue over ${kind.name}`, async (t) => {
    const broker = await kind.start(t.testdir(), t);
    t.teardown(() => broker.kill());
    const { link, journal, append, holdings } = createTestLink(t, broker.addressOf(kiosk), eager);
    const catalogue = await connectTestCatalogue(t, broker.addressOf('catalogue'), eager.connect, until);
    link.start();
    append(3);
    await until(() => catalogue.lastPosition() === 3, 'the events to arrive');
    t.equal(journal.sentMark(), 0, 'delivered and acknowledged by the broker, but not stored');
    catalogue.publish(topics.documents.holdings, { version: 1, titles: [], items: [] });
    catalogue.acknowledge(2);
    await until(() => journal.sentMark() === 2 && holdings.length === 1, 'mark and document');
    await until(() => catalogue.batches.at(-1)?.from === 3, 'the missing event to be sent again');
    await link.close();
    await until(() => catalogue.states.at(-1)?.online === false, 'the offline state');
  });
}

t.test('a broker that is killed and restarts empty loses no event', async (t) => {
  const broker = await embedded.start(t.testdir(), t);
  t.teardown(() => broker.kill());
  const { link, journal, append } = createTestLink(t, broker.addressOf(kiosk), eager);
  const catalogue = await connectTestCatalogue(t, broker.addressOf('catalogue'), eager.connect, until);
  link.start();
  await until(() => link.online, 'the link to be online');
  await broker.kill();
  await until(() => !link.online, 'the link to notice');
  append(5);
  await broker.start();
  await until(() => catalogue.lastPosition() === 5, 'all events to arrive');
  catalogue.acknowledge(5);
  await until(() => journal.sentMark() === 5, 'the mark to move');
});

t.test('with no broker the link waits, and close returns', async (t) => {
  const { link, online, append } = createTestLink(t, { url: `mqtt://127.0.0.1:${await freePort()}` });
  link.start();
  append(1);
  await link.close();
  t.strictSame([online, link.online], [[], false]);
});

t.test('messages that arrive while the link closes start no timer', async (t) => {
  const time = new VirtualTime();
  let client: MqttOptions | undefined;
  let disconnect: () => void = () => undefined;
  const disconnected = new Promise<void>((resolve) => {
    disconnect = resolve;
  });
  const connect: Connect = (options) => {
    client = options;
    return { publish: () => undefined, resubscribe: () => undefined, close: () => disconnected };
  };
  const { link, journal, append } = createTestLink(
    t,
    { url: 'mqtt://127.0.0.1' },
    { connect, wait: time.wait },
  );
  link.start();
  client?.onOnline(true);
  append(2);
  time.pass(1);
  const closing = link.close();
  t.equal(time.pending, 0);
  const receive = (topic: string, body: string | Uint8Array) =>
    client?.onMessage(topic, Buffer.from(body), { retained: false });
  const ack = JSON.stringify({ epoch: journal.epoch, upTo: 1, from: 1, to: 2 });
  receive(topics.journalAck, catalogueSeals.seal(topics.journalAck, ack));
  receive(catalogueStateTopic(street), JSON.stringify({ online: true, session: '0123456789abcdef' }));
  client?.onOnline(false);
  t.equal(time.pending, 0);
  disconnect();
  await closing;
});

t.test('a backlog is sent in batches, a window at a time', async (t) => {
  const { link, journal, append, catalogue, time } = await startInMemory(t);
  const total = limits.linkBatchEvents * (limits.linkWindowBatches + 2) + 7;
  append(total);
  link.start();
  await time.until(() => catalogue.batches.length === limits.linkWindowBatches, 'the first window');
  await time.pass(limits.linkAckWaitMs / 2);
  t.equal(catalogue.batches.length, limits.linkWindowBatches, 'no more than the window');
  for (let acked = 0; catalogue.lastPosition() < total || acked < catalogue.batches.length; acked += 1) {
    await time.until(() => catalogue.batches.length > acked, 'the next batch');
    const batch = catalogue.batches[acked];
    catalogue.acknowledge(lastPositionOf(batch), batch);
  }
  await time.until(() => journal.sentMark() === total, 'everything to be stored');
  const positions = catalogue.batches.flatMap(({ events }) => events.map(({ position }) => position));
  t.strictSame(
    positions,
    [...Array(total).keys()].map((n) => n + 1),
    'each once, in order',
  );
});

t.test('an unsolicited ack with a lower position has the rest sent again', async (t) => {
  const { link, journal, append, catalogue, time } = await startInMemory(t);
  link.start();
  append(3);
  await time.until(() => catalogue.lastPosition() === 3, 'the events to arrive');
  catalogue.acknowledge(3);
  await time.until(() => journal.sentMark() === 3, 'the mark to move');
  catalogue.publish(topics.journalAck, { epoch: journal.epoch, upTo: 1 });
  await time.until(() => catalogue.batches.at(-1)?.from === 2, 'the rest to be sent again');
});

t.test('only an ack of a batch that was sent, of this epoch, moves the mark', async (t) => {
  const { link, journal, append, catalogue, holdings, epochEnds, time } = await startInMemory(t);
  link.start();
  append(2);
  await time.until(() => catalogue.lastPosition() === 2, 'the events to arrive');
  const { epoch: current } = journal;
  catalogue.publish(topics.journalAck, { epoch: epoch('0123456789abcdef'), upTo: 2, from: 1, to: 2 });
  catalogue.publish(topics.journalAck, { epoch: current, upTo: 2 });
  catalogue.publish(topics.journalAck, { epoch: current, upTo: 3 });
  catalogue.publish(topics.journalAck, { epoch: current, upTo: 3, from: 1, to: 3 });
  catalogue.publish(topics.documents.holdings, { version: 1, titles: [], items: [] });
  await time.until(() => holdings.length > 0, 'all of it to be received');
  t.strictSame([journal.sentMark(), epochEnds], [0, []]);
  catalogue.acknowledge(2);
  await time.until(() => journal.sentMark() === 2, 'the right ack');
});

t.test('events that differ from the stored ones end the epoch; the next epoch has the rest', async (t) => {
  const { link, journal, append, catalogue, epochEnds, time } = await startInMemory(t);
  link.start();
  append(3);
  await time.until(() => catalogue.lastPosition() === 3, 'the events to arrive');
  const { epoch: first } = journal;
  catalogue.publish(topics.journalAck, { epoch: first, upTo: 9, from: 1, to: 3, differsAt: 3 });
  await time.until(() => journal.epoch !== first, 'the next epoch');
  await time.until(() => catalogue.batches.at(-1)?.epoch === journal.epoch, 'its first batch');
  t.strictSame(epochEnds, [{ why: 'rewound', known: 2 }]);
  t.strictSame(catalogue.batches.at(-1)?.events, journal.read(1, 10));
  catalogue.acknowledge(2);
  await time.until(() => journal.sentMark() === 2, 'the new epoch to be acknowledged');
});

t.test('a journal that cannot begin another epoch is sent again only after the ack timeout', async (t) => {
  const { link, journal, append, catalogue, epochEnds, state, time } = await startInMemory(t);
  state.canBeginEpoch = false;
  link.start();
  append(3);
  await time.until(() => catalogue.lastPosition() === 3, 'the events to arrive');
  catalogue.publish(topics.journalAck, { epoch: journal.epoch, upTo: 9, from: 1, to: 3, differsAt: 3 });
  await time.until(() => epochEnds.length > 0, 'the end of the epoch');
  await time.pass(limits.linkAckWaitMs / 2);
  t.equal(catalogue.batches.length, 1, 'nothing is sent again at once');
  await time.until(() => catalogue.batches.length === 2, 'the next try');
});

t.test('invalid messages do not stop the kiosk or move the mark', async (t) => {
  const { link, journal, append, catalogue, holdings, documents, time } = await startInMemory(t);
  link.start();
  append(1);
  await time.until(() => catalogue.lastPosition() === 1, 'the event to arrive');
  for (const junk of fc.sample(fc.anything(), 100)) {
    for (const topic of [topics.journalAck, ...Object.values(topics.documents)]) {
      catalogue.publish(topic, junk ?? null);
    }
  }
  const document = { version: 7, titles: [], items: [] };
  catalogue.publish(topics.documents.holdings, document);
  await time.until(() => holdings.length > 0, 'the good document after the bad');
  t.strictSame([holdings, documents, journal.sentMark()], [[document], ['holdings'], 0]);
});

t.test('each document is passed on once, however often it arrives', async (t) => {
  const { link, catalogue, documents, time } = await startInMemory(t);
  link.start();
  await time.until(() => catalogue.states.at(-1)?.online === true, 'online');
  const bodies: { readonly [N in DocumentName]: object } = {
    keys: { keys: [publicPem(catalogueKey)] },
    holdings: { titles: [], items: [] },
    patrons: { cards: [], blocked: [], revoked: [] },
    policy: {
      loanDays: 28,
      loanDaysOfClass: {},
      closedDays: [],
      loansPerPatron: 5,
      loansPerPatronOffline: 2,
      renewals: 1,
    },
    holds: { holds: [] },
    returns: { returns: [] },
    presence: { secret: 'A'.repeat(32), periodS: 30, digits: 8 },
  };
  for (const _repeat of [1, 2, 3]) {
    for (const name of documentNames)
      catalogue.publish(topics.documents[name], { version: 1, ...bodies[name] });
  }
  catalogue.publish(topics.documents.returns, { version: 2, returns: [] });
  await time.until(() => documents.length > documentNames.length, 'all of it');
  t.strictSame(documents, [...documentNames, 'returns']);
});

t.test('the catalogue is reached once it has acknowledged over this connection, while it does', async (t) => {
  const { broker, link, append, catalogue, reached, time } = await startInMemory(t);
  link.start();
  append(1);
  await time.until(() => catalogue.lastPosition() === 1, 'the event to arrive');
  t.strictSame(reached, [], 'a broker is no catalogue');
  catalogue.acknowledge(1);
  await time.until(() => reached.length === 1, 'the ack');
  append(1);
  await time.until(() => catalogue.lastPosition() === 2, 'the next event to arrive');
  await time.until(() => reached.length === 2, 'the ack timeout');
  t.strictSame(reached, [true, false]);
  await time.until(() => catalogue.batches.length === 3, 'it to be sent again');
  catalogue.acknowledge(2);
  await time.until(() => reached.length === 3, 'the ack');
  broker.kill();
  await time.until(() => reached.length === 4, 'the link to notice');
  broker.start();
  await time.until(() => catalogue.batches.length === 4, 'the last event, as a question');
  t.strictSame([reached, catalogue.lastPosition()], [[true, false, true, false], 2]);
  catalogue.acknowledge(2);
  await time.until(() => reached.at(-1) === true, 'the ack over this connection');
});

t.test(
  'the state says online until the kiosk closes, whatever the will of an earlier session says',
  async (t) => {
    const { link, catalogue, time } = await startInMemory(t);
    link.start();
    await time.until(() => catalogue.states.at(-1)?.online === true, 'online');
    catalogue.publish(topics.state, { online: false, session: '00000000000000aa' });
    await time.until(() => catalogue.states.length === 3, 'online again');
    t.strictSame(catalogue.states.at(-1), { online: true, session: link.session });
    await link.close();
    await time.until(() => catalogue.states.length === 4, 'offline');
    t.strictSame(catalogue.states.at(-1), { online: false, session: link.session });
  },
);

t.test('an idle kiosk sends a batch when the catalogue connects, and trusts only its acks', async (t) => {
  const { link, append, catalogue, reached, time } = await startInMemory(t);
  const state = catalogueStateTopic(street);
  link.start();
  append(1);
  await time.until(() => catalogue.lastPosition() === 1, 'the event to arrive');
  catalogue.publish(state, { online: true, session: '00000000000000c1' });
  catalogue.acknowledge(1);
  await time.until(() => reached.length === 1, 'the ack');
  catalogue.publish(state, { online: false, session: '00000000000000c0' });
  catalogue.publish(state, { online: false, session: '00000000000000c1' });
  await time.until(() => reached.length === 2, 'it to be gone');
  const before = catalogue.batches.length;
  catalogue.publish(state, { online: true, session: '00000000000000c2' });
  await time.until(() => catalogue.batches.length > before, 'the question whether it answers');
  t.strictSame(reached, [true, false], 'not yet acknowledged');
  catalogue.acknowledge(1);
  await time.until(() => reached.length === 3, 'the ack');
  t.strictSame(reached, [true, false, true]);
});
