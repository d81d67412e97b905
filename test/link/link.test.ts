import fc from 'fast-check';
import t, { type Test } from 'tap';
import { freePort } from '../../scripts/proofs/support/mosquitto.js';
import type { Event } from '../../src/circulation/event.js';
import { ledgerRules } from '../../src/circulation/ledger-rules.js';
import { type DocumentName, documentNames, type Holdings } from '../../src/contract/document-messages.js';
import { readPayload } from '../../src/contract/payload.js';
import {
  type Batch,
  batchSchema,
  catalogueStateTopic,
  stateSchema,
  topicsOf,
} from '../../src/contract/topics.js';
import type { Journal } from '../../src/journal/journal.js';
import { openJournal } from '../../src/journal/open.js';
import { epoch, itemId, kioskId, lockerNo } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { realWait, type Wait } from '../../src/kernel/wait.js';
import { createLink, type EpochEnd, type Link } from '../../src/link/link.js';
import { type BrokerWay, connectMqtt, type MqttConnection } from '../../src/mqtt/connection.js';
import { type BrokerKind, openBrokers, type TestBroker } from '../support/brokers.js';
import { momentAt } from '../support/clocks.js';
import { catalogueKey, catalogueSeals, isCatalogueTopic, kioskSeals, publicPem } from '../support/keys.js';
import { silentLog } from '../support/silent-log.js';
import { until } from '../support/until.js';

const street = 'jiangning';
const kiosk = kioskId('jn-01');
const topics = topicsOf(street, kiosk);
const moment = momentAt(1_000);
const stocking: Event = { type: 'item-stocked', locker: lockerNo(1), item: itemId('30106000000017') };

/** The catalogue's end of the wire, played by hand. */
interface OtherEnd {
  readonly batches: Batch[];
  readonly states: { online: boolean; session: string }[];
  /** Answers the last batch, as a catalogue that has stored so much. */
  answer(upTo: number): void;
  say(topic: string, payload: unknown): void;
}

interface Stage {
  readonly broker: TestBroker;
  readonly journal: Journal;
  readonly link: Link;
  readonly holdings: Holdings[];
  /** Everything that was handed on, by name. */
  readonly named: DocumentName[];
  /** Each time the catalogue began or ceased to answer. */
  readonly reaches: boolean[];
  readonly over: { readonly why: EpochEnd; readonly known: number }[];
  refuseEpochs(): void;
  grow(count: number): void;
  listen(): Promise<OtherEnd>;
}

async function stageOn(t: Test, kind: BrokerKind, wait: Wait = realWait): Promise<Stage> {
  const folder = t.testdir();
  const broker = await kind.start(folder, t);
  t.teardown(() => broker.kill());
  const journal = openJournal({ file: `${folder}/journal.db`, ...ledgerRules });
  const holdings: Holdings[] = [];
  const named: DocumentName[] = [];
  const reaches: boolean[] = [];
  const over: Stage['over'] = [];
  let renewsEpochs = true;
  const refuseEpochs = () => {
    renewsEpochs = false;
  };
  const link = createLink({
    ...broker.wayOf(kiosk),
    street,
    kiosk,
    journal,
    seals: kioskSeals,
    log: silentLog,
    wait,
    onCommand: () => null,
    onRequest: () => null,
    onDocument({ name, body }) {
      named.push(name);
      if (name === 'holdings') holdings.push(body);
    },
    onReached: (reached) => reaches.push(reached),
    onOnline: () => undefined,
    onEpochOver(why, known) {
      over.push({ why, known });
      if (renewsEpochs) journal.beginEpoch(moment, known);
    },
  });
  t.teardown(async () => {
    await link.close();
    journal.close();
  });
  const grow = (count: number) => {
    journal.append(moment, Array<Event>(count).fill(stocking));
    link.journalGrew();
  };
  return {
    broker,
    journal,
    link,
    holdings,
    named,
    reaches,
    over,
    refuseEpochs,
    grow,
    listen: () => otherEnd(t, broker.wayOf('catalogue')),
  };
}

async function otherEnd(t: Test, way: BrokerWay): Promise<OtherEnd> {
  const batches: Batch[] = [];
  const states: OtherEnd['states'] = [];
  let connection: MqttConnection | undefined;
  await new Promise<void>((resolve) => {
    connection = connectMqtt({
      ...way,
      clientId: `other-end-${Math.random()}`,
      subscribe: [topics.journal, topics.state],
      log: silentLog,
      onOnline: (online) => online && resolve(),
      onMessage(topic, payload) {
        const text = topic === topics.journal ? catalogueSeals.open(topic, payload) : undefined;
        const batch = text && readPayload(batchSchema, text);
        if (batch) batches.push(batch);
        const state = topic === topics.state ? readPayload(stateSchema, payload) : undefined;
        if (state) states.push(state);
      },
    });
  });
  t.teardown(() => connection?.close());
  const say = (topic: string, payload: unknown) => {
    const text = JSON.stringify(payload);
    const isSealed = isCatalogueTopic(street, kiosk, topic);
    connection?.publish(topic, isSealed ? catalogueSeals.seal(topic, text) : text);
  };
  const answer = (upTo: number) => {
    const { epoch, from, events } = batches.at(-1) ?? fail('nothing to answer');
    say(topics.journalAck, { epoch, upTo, from, to: from + events.length - 1 });
  };
  return { batches, states, say, answer };
}

function fail(why: string): never {
  throw new Error(why);
}

// The tests wait more than they work.
t.jobs = 4;

/** A behaviour that the link has over every broker. */
function promise(name: string, body: (t: Test, stage: (wait?: Wait) => Promise<Stage>) => Promise<void>) {
  for (const kind of openBrokers) {
    t.test(`${name}: ${kind.name}`, (t) => body(t, (wait) => stageOn(t, kind, wait)));
  }
}

const last = (batches: readonly Batch[]) => batches.at(-1)?.events.at(-1)?.position ?? 0;

promise(
  'only the catalogue’s answer moves the mark; the broker’s confirmation does not',
  async (t, stage) => {
    const { link, journal, grow, listen } = await stage();
    const catalogue = await listen();
    link.start();
    grow(3);
    await until(() => last(catalogue.batches) === 3, 'the events to arrive');
    t.equal(journal.sentMark(), 0, 'delivered, but nobody has stored them');
    catalogue.answer(2);
    await until(() => journal.sentMark() === 2, 'the mark to move');
    await until(() => catalogue.batches.at(-1)?.from === 3, 'what is missing to be sent again');
  },
);

promise('a backlog goes out in batches, a window at a time', async (t, stage) => {
  const { link, journal, grow, listen } = await stage();
  const catalogue = await listen();
  const total = limits.linkBatchEvents * (limits.linkWindowBatches + 2) + 7;
  grow(total);
  link.start();
  await until(() => catalogue.batches.length === limits.linkWindowBatches, 'the first window');
  for (
    let answered = 0;
    last(catalogue.batches) < total || answered < catalogue.batches.length;
    answered += 1
  ) {
    await until(() => catalogue.batches.length > answered, 'more to arrive');
    const { epoch, from, events } = catalogue.batches[answered] ?? fail('unreachable');
    const to = from + events.length - 1;
    catalogue.say(topics.journalAck, { epoch, upTo: to, from, to });
  }
  await until(() => journal.sentMark() === total, 'everything to be stored');
  const positions = catalogue.batches.flatMap(({ events }) => events.map(({ position }) => position));
  t.strictSame(
    positions,
    [...Array(total).keys()].map((n) => n + 1),
    'each once, in order',
  );
});

promise('a broker that dies and comes back empty loses nothing', async (_t, stage) => {
  const { broker, link, journal, grow, listen } = await stage();
  link.start();
  await until(() => link.online, 'the link to be up');
  await broker.kill();
  await until(() => !link.online, 'the link to notice');
  grow(5);
  await broker.start();
  const catalogue = await listen();
  await until(() => last(catalogue.batches) === 5, 'the events to arrive', 20_000);
  catalogue.answer(5);
  await until(() => journal.sentMark() === 5, 'the mark to move');
});

t.test('with no broker at all the link waits, and close does not hang', async (t) => {
  const journal = openJournal({ file: `${t.testdir()}/journal.db`, ...ledgerRules });
  const port = await freePort();
  const online: boolean[] = [];
  const link = createLink({
    url: `mqtt://127.0.0.1:${port}`,
    street,
    kiosk,
    journal,
    seals: kioskSeals,
    log: silentLog,
    onCommand: () => null,
    onRequest: () => null,
    onDocument: () => undefined,
    onReached: () => undefined,
    onOnline: (up) => online.push(up),
    onEpochOver: () => undefined,
  });
  link.start();
  journal.append(moment, [stocking]);
  link.journalGrew();
  await link.close();
  t.strictSame([online, link.online], [[], false]);
  journal.close();
});

promise(
  'a catalogue that says it has less is sent the rest, also while nothing happens',
  async (_t, stage) => {
    const { link, journal, grow, listen } = await stage();
    const catalogue = await listen();
    link.start();
    grow(3);
    await until(() => last(catalogue.batches) === 3, 'the events to arrive');
    catalogue.answer(3);
    await until(() => journal.sentMark() === 3, 'the mark to move');
    catalogue.say(topics.journalAck, { epoch: journal.epoch, upTo: 1 });
    await until(() => catalogue.batches.at(-1)?.from === 2, 'the rest to be sent again');
  },
);

promise(
  'only an answer to a batch that was sent, in this life of the journal, moves the mark',
  async (t, stage) => {
    const { link, journal, grow, listen, holdings, over } = await stage();
    const catalogue = await listen();
    link.start();
    grow(2);
    await until(() => last(catalogue.batches) === 2, 'the events to arrive');
    const { epoch: life } = journal;
    catalogue.say(topics.journalAck, { epoch: epoch('0123456789abcdef'), upTo: 2, from: 1, to: 2 });
    catalogue.say(topics.journalAck, { epoch: life, upTo: 2 });
    catalogue.say(topics.journalAck, { epoch: life, upTo: 3 });
    catalogue.say(topics.journalAck, { epoch: life, upTo: 3, from: 1, to: 3 });
    catalogue.say(topics.documents.holdings, { version: 1, titles: [], items: [] });
    await until(() => holdings.length > 0, 'all of it to be heard');
    t.strictSame([journal.sentMark(), over], [0, []]);
    catalogue.answer(2);
    await until(() => journal.sentMark() === 2, 'the honest answer');
  },
);

promise('a catalogue with another story ends the epoch, and hears the rest in the next', async (t, stage) => {
  const { link, journal, grow, listen, over } = await stage();
  const catalogue = await listen();
  link.start();
  grow(3);
  await until(() => last(catalogue.batches) === 3, 'the events to arrive');
  const { epoch: life } = journal;
  catalogue.say(topics.journalAck, { epoch: life, upTo: 9, from: 1, to: 3, differsAt: 3 });
  await until(() => catalogue.batches.at(-1)?.epoch === journal.epoch && journal.epoch !== life, 'the next');
  t.strictSame(over, [{ why: 'rewound', known: 2 }]);
  t.strictSame(catalogue.batches.at(-1)?.events, journal.read(1, 10));
  catalogue.answer(2);
  await until(() => journal.sentMark() === 2, 'the new epoch to be answered');
});

promise('a journal that cannot begin another epoch does not make the link spin', async (t, stage) => {
  const { link, journal, grow, listen, over, refuseEpochs, holdings } = await stage();
  refuseEpochs();
  const catalogue = await listen();
  link.start();
  grow(3);
  await until(() => last(catalogue.batches) === 3, 'the events to arrive');
  catalogue.say(topics.journalAck, { epoch: journal.epoch, upTo: 9, from: 1, to: 3, differsAt: 3 });
  catalogue.say(topics.documents.holdings, { version: 1, titles: [], items: [] });
  await until(() => over.length > 0 && holdings.length > 0, 'the link to notice');
  const session = '00000000000000aa';
  catalogue.say(topics.state, { online: true, session });
  await until(() => catalogue.states.at(-1)?.session === session, 'what the link sent before to arrive');
  t.equal(catalogue.batches.length, 1, 'nothing is sent again at once');
});

promise('whatever the broker sends, the kiosk goes on and the mark stays', async (t, stage) => {
  const { link, journal, grow, listen, holdings, named } = await stage();
  const catalogue = await listen();
  link.start();
  grow(1);
  await until(() => last(catalogue.batches) === 1, 'the event to arrive');
  for (const junk of fc.sample(fc.anything(), 100)) {
    for (const topic of [topics.journalAck, ...Object.values(topics.documents)]) {
      catalogue.say(topic, junk ?? null);
    }
  }
  const document = { version: 7, titles: [], items: [] };
  catalogue.say(topics.documents.holdings, document);
  await until(() => holdings.length > 0, 'the good document after the bad');
  t.strictSame([holdings, named], [[document], ['holdings']]);
  t.equal(journal.sentMark(), 0);
});

promise('each document is handed on once, however often it comes', async (t, stage) => {
  const { link, listen, named } = await stage();
  const catalogue = await listen();
  link.start();
  await until(() => catalogue.states.at(-1)?.online === true, 'online');
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
  for (const _again of [1, 2, 3]) {
    for (const name of documentNames) catalogue.say(topics.documents[name], { version: 1, ...bodies[name] });
  }
  catalogue.say(topics.documents.returns, { version: 2, returns: [] });
  await until(() => named.length > documentNames.length, 'all of it');
  t.strictSame(named, [...documentNames, 'returns']);
});

promise(
  'the catalogue is reached once it has answered over this connection, while it answers',
  async (t, stage) => {
    const patience = new Set<() => void>();
    const { broker, link, grow, listen, reaches } = await stage((waitMs, run) => {
      if (waitMs !== limits.linkAckWaitMs) return realWait(waitMs, run);
      patience.add(run);
      return () => patience.delete(run);
    });
    const loseIt = () => {
      for (const run of [...patience]) {
        patience.delete(run);
        run();
      }
    };
    const first = await listen();
    link.start();
    grow(1);
    await until(() => last(first.batches) === 1, 'the event to arrive');
    t.strictSame(reaches, [], 'a broker is no catalogue');
    first.answer(1);
    await until(() => reaches.length === 1, 'the answer');
    grow(1);
    await until(() => last(first.batches) === 2, 'the next event to arrive');
    loseIt();
    t.strictSame(reaches, [true, false], 'an answer is overdue');
    await until(() => first.batches.length === 3, 'it to be sent again');
    first.answer(2);
    await until(() => reaches.length === 3, 'the answer');
    await broker.kill();
    await until(() => reaches.length === 4, 'the link to notice');
    await broker.start();
    const second = await listen();
    await until(() => last(second.batches) === 2, 'the last event, as a question', 20_000);
    t.strictSame(reaches, [true, false, true, false]);
    second.answer(2);
    await until(() => reaches.at(-1) === true, 'the answer over this connection');
  },
);

promise('the state topic says online, and offline when the kiosk goes', async (t, stage) => {
  const { link, listen } = await stage();
  const watcher = await listen();
  link.start();
  await until(() => watcher.states.at(-1)?.online === true, 'online');
  await link.close();
  await until(() => watcher.states.at(-1)?.online === false, 'offline');
  t.equal(new Set(watcher.states.map(({ session }) => session)).size, 1, 'one session');
});

promise('the late will of an earlier life does not make a living kiosk look dead', async (t, stage) => {
  const { link, listen } = await stage();
  const watcher = await listen();
  link.start();
  await until(() => watcher.states.at(-1)?.online === true, 'online');
  watcher.say(topics.state, { online: false, session: '00000000000000aa' });
  await until(
    () => watcher.states.at(-1)?.session === link.session && watcher.states.length > 2,
    'online again',
  );
  t.equal(watcher.states.at(-1)?.online, true);
});

promise(
  'an idle kiosk notices that the catalogue goes and comes, and believes only its answers',
  async (t, stage) => {
    const { link, grow, listen, reaches } = await stage();
    const catalogue = await listen();
    const state = catalogueStateTopic(street);
    link.start();
    grow(1);
    await until(() => last(catalogue.batches) === 1, 'the event to arrive');
    catalogue.say(state, { online: true, session: '00000000000000c1' });
    catalogue.answer(1);
    await until(() => reaches.length === 1, 'the answer');
    catalogue.say(state, { online: false, session: '00000000000000c0' });
    catalogue.say(state, { online: false, session: '00000000000000c1' });
    await until(() => reaches.length === 2, 'it to be gone');
    const before = catalogue.batches.length;
    catalogue.say(state, { online: true, session: '00000000000000c2' });
    await until(() => catalogue.batches.length > before, 'the question whether it answers');
    t.strictSame(reaches, [true, false], 'nobody has answered yet');
    catalogue.answer(1);
    await until(() => reaches.length === 3, 'the answer');
    t.strictSame(reaches, [true, false, true]);
  },
);
