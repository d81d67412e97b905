import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import mqtt from 'mqtt';
import t, { type Test } from 'tap';
import { z } from 'zod';
import { startMosquitto } from '../../scripts/proofs/support/mosquitto.js';
import { parseConfig } from '../../src/config/config.js';
import { alertsSchema } from '../../src/contract/monitoring-messages.js';
import { answerSchemas, type Response, responseSchema } from '../../src/contract/request-messages.js';
import { silentLog } from '../../src/kernel/log.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { openKioskJournal, startKiosk } from '../../src/kiosk/start-kiosk.js';
import { breachOf } from '../support/contract.js';
import { deviceSchema } from '../support/home-assistant.js';
import { until } from '../support/until.js';

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
    // What strangers ask is theirs.
    const breach = topic.includes('/request/') ? null : breachOf(topic, payload, retain);
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

t.test('whoever asks is answered, with nothing that is nobody’s business', async (t) => {
  const broker = await startMosquitto(t.testdir());
  t.teardown(() => broker.kill());
  const kiosk = await runKiosk(t, broker.url);
  t.teardown(() => kiosk.close());
  const maintainer = await listen(t, broker.url);
  await maintainer.all();
  const ask = async (name: string, request: object | string = {}): Promise<Response> => {
    const topic = `${base}/response/${name}`;
    const before = maintainer.on(topic).length;
    const text = typeof request === 'string' ? request : JSON.stringify(request);
    await maintainer.client.publishAsync(`${base}/request/${name}`, text, { qos: 1 });
    await until(() => maintainer.on(topic).length > before, `an answer to ${name}`);
    return responseSchema.parse(JSON.parse(maintainer.on(topic).at(-1) ?? ''));
  };
  t.match(await ask('position', { transaction: 'a-17' }), {
    transaction: 'a-17',
    status: 'ok',
    data: { position: 1, sentMark: 0 },
  });
  t.match(await ask('report'), { status: 'ok', data: { street: 'jiangning', boards: ['main mega-2560'] } });
  t.match(await ask('doors', ''), { status: 'ok', data: { lockers: [{ locker: 1, door: 'unknown' }] } });
  t.match(await ask('identify'), { status: 'ok', data: { seconds: 10 } });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const { data } = z.object({ data: answerSchemas['self-test'] }).parse(await ask('self-test'));
  t.match(data.checks.slice(0, 4), [
    { part: 'journal', ok: true },
    { part: 'board main', ok: false, code: 'board.lost' },
    { part: 'reader', ok: false, code: 'reader.lost' },
    { part: 'screen', ok: false, code: 'screen.nobody-looks' },
  ]);
  const logs = z.object({ data: answerSchemas.logs }).parse(await ask('logs', { lines: 3 }));
  t.equal(logs.data.lines.length, 3);
  t.match(await ask('doors', '{"more":1}'), { status: 'error', error: 'unreadable' });
  const burst = await Promise.all(Array.from({ length: 6 }, () => ask('position')));
  t.ok(burst.some((answer) => answer.status === 'error'));
});
