import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import mqtt from 'mqtt';
import t, { type Test } from 'tap';
import { parseConfig } from '../src/config/config.js';
import { packageRoot } from '../src/kernel/package-root.js';
import { alertsSchema } from '../src/link/monitoring.js';
import { openKioskJournal, startKiosk } from '../src/start-kiosk.js';
import { breachOf } from './support/contract.js';
import { deviceSchema } from './support/home-assistant.js';
import { startMosquitto } from './support/mosquitto.js';
import { silentLog } from './support/silent-log.js';
import { until } from './support/until.js';

const base = 'lening/v1/jiangning/jn-01';
const discovery = 'homeassistant/device/jn-01/lening-jiangning/config';
const retained = ['state', 'health', 'station', 'alerts'].map((name) => `${base}/${name}`);

/** A kiosk whose board and reader are not plugged in, as a program runs it. */
async function runKiosk(test: Test, brokerUrl: string, more: object = {}) {
  const folder = test.testdirName;
  const { publicKey } = generateKeyPairSync('ed25519');
  const settings = {
    kiosk: 'jn-01',
    name: { zh: '江宁路书庭', en: 'Jiangning Road' },
    street: 'jiangning',
    place: { lat: 31.2416, lon: 121.4447, address: { zh: '江宁路 500 号', en: '500 Jiangning Road' } },
    dataFolder: join(folder, 'data'),
    cabinetFile: fileURLToPath(new URL('hardware/mega-24.yaml', packageRoot)),
    boards: { main: { port: join(folder, 'no-board') } },
    reader: { port: join(folder, 'no-reader') },
    screen: { port: 0, wechatUrl: 'https://example.org/k/' },
    link: { brokerUrl },
    passKeys: [publicKey.export({ type: 'spki', format: 'pem' })],
    firstStock: [{ locker: 1, item: '30106000000017' }],
    ...more,
  };
  const config = parseConfig(JSON.stringify(settings), join(folder, 'kiosk.yaml'));
  return startKiosk(config, openKioskJournal(config.dataFolder), silentLog, () => undefined);
}

/** Somebody who hears everything that is retained, and holds it to the contract. */
async function listen(test: Test, url: string) {
  const client = await mqtt.connectAsync(url, { protocolVersion: 5, reconnectPeriod: 0 });
  test.teardown(() => client.endAsync(true));
  const heard: { topic: string; text: string }[] = [];
  client.on('message', (topic, payload, { retain }) => {
    heard.push({ topic, text: payload.toString('utf8') });
    const breach = breachOf(topic, payload, retain);
    if (breach) test.fail(breach);
  });
  // As it was published: whether it stays at the broker.
  await client.subscribeAsync(['lening/#', 'homeassistant/device/#'], { qos: 1, rap: true });
  const on = (topic: string) => heard.filter((each) => each.topic === topic).map(({ text }) => text);
  const all = () =>
    until(() => [...retained, discovery].every((topic) => on(topic).length > 0), 'everything to be said');
  return { client, on, all };
}

t.test('whoever comes later finds how the kiosk is, whatever the broker has forgotten', async (t) => {
  const broker = await startMosquitto(t.testdir());
  t.teardown(() => broker.kill());
  const kiosk = await runKiosk(t, broker.url);
  let isClosed = false;
  t.teardown(() => isClosed || kiosk.close());
  for (const time of ['at first', 'after the broker has forgotten']) {
    const maintainer = await listen(t, broker.url);
    await maintainer.all();
    const last = (name: string) => JSON.parse(maintainer.on(`${base}/${name}`).at(-1) ?? '');
    t.match(last('health'), { reader: 'lost', boards: [{ board: 'main', state: 'lost' }], books: 0 }, time);
    t.match(last('station'), { lat: 31.2416, address: { zh: /江宁路/ }, isLending: false }, time);
    const codes = alertsSchema.parse(last('alerts')).alerts.map(({ code }) => code);
    t.ok(codes.includes('board.lost') && codes.includes('reader.lost'), codes.join());
    t.equal(deviceSchema.parse(JSON.parse(maintainer.on(discovery).at(-1) ?? '')).components.length, 58);
    await maintainer.client.publishAsync('homeassistant/status', 'online', { qos: 1 });
    const times = maintainer.on(discovery).length;
    await until(() => maintainer.on(discovery).length > times, 'the description for a new Home Assistant');
    if (time !== 'at first') continue;
    await broker.kill();
    await broker.start();
  }
  await kiosk.close();
  isClosed = true;
  const later = await listen(t, broker.url);
  await later.all();
  t.match(JSON.parse(later.on(`${base}/state`)[0] ?? ''), { online: false });

  const without = await runKiosk(t, broker.url, { monitoring: { homeAssistant: false } });
  t.teardown(() => without.close());
  await until(() => later.on(discovery).at(-1) === '', 'the description to be taken back');
  const latest = await listen(t, broker.url);
  await until(() => latest.on(`${base}/health`).length > 0, 'what is retained');
  t.strictSame(latest.on(discovery), []);
});
