import { join } from 'node:path';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import t, { type Test } from 'tap';
import { bundle, catalogue, initAuthority, issue } from '../../scripts/technician/certificates/authority.js';

import { catalogueStateTopic, topicsOf } from '../../src/contract/topics.js';
import { kioskId } from '../../src/kernel/ids.js';
import { discoveryTopic } from '../../src/monitoring/home-assistant.js';
import { type BrokerAddress, connectMqtt } from '../../src/mqtt/connection.js';
import { readTlsFiles } from '../../src/mqtt/tls-files.js';
import { recordingLog } from '../support/catalogue.js';
import { startStreetBroker } from '../support/street-broker.js';
import { until } from '../support/until.js';

const street = 'jiangning';
const kiosks = ['jn-01', 'jn-02'] as const;
type Who = 'jn-01' | 'jn-02' | 'catalogue' | 'maintainer-wang' | 'anybody';
const maintainer = 'maintainer-wang';
const everybody: readonly Who[] = [...kiosks, 'catalogue', maintainer, 'anybody'];

/** Who may say something on a topic, and who hears it. */
interface Rule {
  readonly topic: string;
  readonly says: Who | null;
  readonly hear: readonly Who[];
}

const base = (kiosk: string) => `lening/v1/${street}/${kiosk}`;

const ofKiosk = (kiosk: (typeof kiosks)[number]): Rule[] => {
  const { documents, ...topics } = topicsOf(street, kioskId(kiosk));
  const rule = (topic: string, says: Who, ...hear: readonly Who[]): Rule => ({ topic, says, hear });
  return [
    rule(topics.state, kiosk, kiosk, 'catalogue', maintainer),
    rule(topics.health, kiosk, maintainer),
    rule(topics.alerts, kiosk, maintainer),
    rule(topics.alert, kiosk, maintainer),
    rule(topics.station, kiosk, maintainer, 'catalogue', 'anybody'),
    rule(topics.journal, kiosk, 'catalogue'),
    rule(topics.commandAnswer, kiosk, 'catalogue'),
    rule(`${topics.response}/doors`, kiosk, maintainer),
    rule(discoveryTopic('homeassistant', { street, kiosk: kioskId(kiosk) }), kiosk, maintainer),
    rule(`${topics.request}/doors`, maintainer, kiosk),
    rule(topics.journalAck, 'catalogue', kiosk),
    rule(topics.command, 'catalogue', kiosk),
    ...Object.values(documents).map((topic) => rule(topic, 'catalogue', kiosk)),
  ];
};

const nobodys = [
  ...['maintainer/state', 'jn-01', 'jn-01/unlock', 'jn-03/station'].map(base),
  'homeassistant/device/maintainer/config',
  'elsewhere',
];

const rules: readonly Rule[] = [
  ...kiosks.flatMap(ofKiosk),
  { topic: 'homeassistant/status', says: maintainer, hear: [...kiosks, 'catalogue', maintainer] },
  { topic: catalogueStateTopic(street), says: 'catalogue', hear: [...kiosks, 'catalogue', maintainer] },
  ...nobodys.map((topic): Rule => ({ topic, says: null, hear: [] })),
];

const broker = await startStreetBroker(t.testdir());
t.teardown(() => broker.kill());

const addressOf = (who: Who): BrokerAddress => {
  if (who !== 'anybody') return broker.addressOf(who);
  const { caFile } = broker.addressOf(kiosks[0]).tls;
  return { url: broker.publicUrl, ...(caFile !== undefined && { tls: { caFile } }) };
};

/** A client as anybody may write one. */
async function connectAs(test: Test, who: Who, options: IClientOptions = {}): Promise<MqttClient> {
  const { url, tls = {} } = addressOf(who);
  const client = await mqtt.connectAsync(url, { ...readTlsFiles(tls), reconnectPeriod: 0, ...options });
  test.teardown(() => client.endAsync(true));
  return client;
}

/** Somebody who listens to everything, and what he hears. */
async function listenAs(test: Test, who: Who) {
  const client = await connectAs(test, who);
  const heard: string[] = [];
  client.on('message', (topic, payload) => topic.startsWith('$SYS/') || heard.push(`${topic} ${payload}`));
  await client.subscribeAsync(['#', ...rules.map(({ topic }) => topic)], { qos: 1 });
  const say = (topic: string, text: string) => client.publishAsync(topic, text, { qos: 1 });
  return { client, heard, say };
}

t.test('each client publishes and receives what the access list allows, and nothing else', async (t) => {
  const clients = new Map<Who, Awaited<ReturnType<typeof listenAs>>>();
  for (const who of everybody) clients.set(who, await listenAs(t, who));
  for (const [who, { say }] of clients) {
    await Promise.all(rules.map(({ topic }) => say(topic, `from ${who}`)));
  }
  // What is confirmed is on its way to everybody who is to hear it, before anything that comes after.
  await clients.get('catalogue')?.say(`${base('jn-01')}/command`, 'end');
  await clients.get('catalogue')?.say(`${base('jn-02')}/command`, 'end');
  await clients.get('jn-01')?.say(`${base('jn-01')}/state`, 'end');
  await clients.get('jn-01')?.say(`${base('jn-01')}/station`, 'end');
  for (const [who, { heard }] of clients) {
    await until(() => heard.some((line) => line.endsWith(' end')), `${who} to hear the end`);
    const expected = rules
      .filter(({ hear }) => hear.includes(who))
      .map(({ topic, says }) => `${topic} from ${says}`);
    // Mosquitto delivers once for each of several filters that fit.
    const got = new Set(heard.filter((line) => !line.endsWith(' end')));
    t.strictSame([...got].sort(), expected.sort(), who);
  }
});

t.test('the access list covers every topic', async (t) => {
  const { documents, ...topics } = topicsOf(street, kioskId('jn-01'));
  const known = rules.map(({ topic }) => topic);
  for (const topic of [...Object.values(topics), ...Object.values(documents)]) {
    t.ok(
      known.some((one) => one === topic || one === `${topic}/doors`),
      topic,
    );
  }
});

t.test('a last will under another client’s name is rejected', async (t) => {
  const watcher = await listenAs(t, maintainer);
  const will = (kiosk: string) => ({
    topic: `${base(kiosk)}/state`,
    payload: Buffer.from('dead'),
    qos: 1 as const,
  });
  for (const kiosk of ['jn-01', 'jn-02']) {
    const dying = await connectAs(t, 'jn-02', { will: will(kiosk) });
    dying.stream.destroy();
  }
  await until(() => watcher.heard.length > 0, 'the will that is allowed');
  t.strictSame(watcher.heard, [`${base('jn-02')}/state dead`]);
});

/** What keeps somebody from the broker; null where nothing does. */
async function refusal(test: Test, way: BrokerAddress): Promise<string | null> {
  const { log, lines } = recordingLog();
  let isOnline = false;
  const connection = connectMqtt({
    ...way,
    clientId: 'tries',
    subscribe: ['#'],
    log,
    onOnline: (online) => {
      isOnline = online;
    },
    onMessage: () => undefined,
  });
  test.teardown(() => connection.close());
  const trouble = () => lines.flatMap(({ fields }) => ('code' in fields ? [String(fields.code)] : []))[0];
  await until(() => isOnline || trouble() !== undefined, 'an outcome');
  await connection.close();
  return trouble() ?? null;
}

t.test('a client without a certificate of this street is refused', async (t) => {
  const { url, tls } = broker.addressOf('jn-01');
  const { caFile = '' } = tls;
  const other = join(t.testdir(), 'certificates');
  initAuthority(other, street);
  const theirs = issue(other, catalogue);
  const forged = { certFile: join(theirs, bundle.certificate), keyFile: join(theirs, bundle.key) };
  t.equal(await refusal(t, { url, tls }), null, 'a good one does');
  t.equal(await refusal(t, { url, tls: { caFile } }), 'link.tls', 'none');
  t.equal(await refusal(t, { url, tls: { caFile, ...forged } }), 'link.tls', 'of another authority');
  t.not(await refusal(t, { url: url.replace('mqtts', 'mqtt') }), null, 'without TLS');
  const server = broker.addressOf('broker').tls;
  t.equal(await refusal(t, { url, tls: server }), 'link.tls', 'the broker’s own');
});

t.test('revoking a certificate disconnects that kiosk and no other', async (t) => {
  const [stolen, good] = [broker.addressOf('jn-02'), broker.addressOf('jn-01')];
  const inside = await connectAs(t, 'jn-02');
  broker.revoke('jn-02');
  broker.reload();
  await until(async () => (await refusal(t, stolen)) === 'link.tls', 'the list to be read');
  t.ok(inside.connected, 'whoever was inside stays, which is why the broker is restarted');
  await broker.stop();
  await until(() => !inside.connected, 'everybody to be out');
  await broker.start();
  t.equal(await refusal(t, stolen), 'link.tls');
  t.equal(await refusal(t, good), null);
});
