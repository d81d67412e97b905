import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { z } from 'zod';
import { parseCabinet } from '../../hardware/cabinet.js';
import { createRandom } from '../../scripts/proofs/support/random.js';
import { boardsOnly } from '../../scripts/proofs/support/stand-ins.js';
import type { Config } from '../../src/config/config.js';
import { alertsSchema } from '../../src/contract/monitoring-messages.js';
import { answerSchemas, type Response, responseSchema } from '../../src/contract/request-messages.js';
import { kioskId, lockerNo } from '../../src/kernel/ids.js';
import { silentLog } from '../../src/kernel/log.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { openKioskJournal } from '../../src/kiosk/start-kiosk.js';
import { wireKiosk } from '../../src/kiosk/wire-kiosk.js';
import { createLogTail } from '../../src/machine/log-tail.js';
import { createKeyRing } from '../../src/passes/keys.js';
import { book, settings } from '../circulation/player.js';
import { momentAt } from '../support/clocks.js';
import { holdToContract } from '../support/contract.js';
import { deviceSchema } from '../support/home-assistant.js';
import { kioskKey } from '../support/keys.js';
import { MemoryBroker } from '../support/memory-broker.js';
import { TestTime } from '../support/virtual-host.js';

const kiosk = kioskId('jn-01');
const street = 'jiangning';
const base = `lening/v1/${street}/${kiosk}`;
const brokerUrl = 'mqtt://127.0.0.1';
const discovery = `homeassistant/device/${kiosk}/lening-${street}/config`;
const retained = ['state', 'health', 'station', 'alerts'].map((name) => `${base}/${name}`);
const cabinetFile = fileURLToPath(new URL('hardware/mega-24.yaml', packageRoot));
const cabinet = parseCabinet(readFileSync(cabinetFile, 'utf8'), cabinetFile);

/** A broker in this process, in virtual time; what kiosks publish on it is checked against the contract. */
function openStreet(t: Test) {
  const time = new TestTime(createRandom(1, t.name));
  t.teardown(() => time.stop());
  return { time, broker: new MemoryBroker(time.wait, holdToContract(t)) };
}

type Street = ReturnType<typeof openStreet>;
type HomeAssistant = Config['monitoring']['homeAssistant'];

/** A kiosk of four lockers with a book in the first, whose board and reader are never connected. */
function startKiosk(
  t: Test,
  { time, broker }: Street,
  homeAssistant: HomeAssistant = { prefix: 'homeassistant' },
) {
  const calendarMs = () => Math.floor(1.8e12 + time.nowMs);
  const tail = createLogTail(silentLog, calendarMs);
  const wired = wireKiosk({
    config: { kiosk, street, link: { brokerUrl } },
    settings,
    firstStock: [{ locker: lockerNo(1), item: book }],
    clock: { now: () => momentAt(calendarMs(), 'trusted', time.nowMs) },
    log: tail.log,
    journal: openKioskJournal(join(t.testdirName, 'data')),
    key: kioskKey,
    roots: createKeyRing([]),
    restart: () => undefined,
    boards: boardsOnly(),
    monitoring: {
      config: {
        kiosk,
        street,
        cabinet,
        name: { zh: '江宁路书庭', en: 'Jiangning Road' },
        place: { lat: 31.2416, lon: 121.4447 },
        monitoring: { homeAssistant },
      },
      tail,
      readVitals: () => ({
        disk: null,
        memory: { rssBytes: 1e8, freeBytes: 1e9 },
        cpu: { celsius: null, underVoltage: null, load1: 0.1 },
      }),
    },
    connect: broker.connect,
    wait: time.wait,
  });
  wired.start();
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= wired.close();
    return closing;
  };
  t.teardown(close);
  return close;
}

/** A client of the broker that receives everything a kiosk publishes. */
function connectMaintainer(t: Test, { time, broker }: Street) {
  const received: { readonly topic: string; readonly text: string }[] = [];
  const client = broker.connect({
    url: brokerUrl,
    clientId: 'maintainer',
    subscribe: ['lening/#', 'homeassistant/device/#'],
    log: silentLog,
    onOnline: () => undefined,
    onMessage: (topic, payload) => void received.push({ topic, text: Buffer.from(payload).toString('utf8') }),
  });
  t.teardown(() => client.close());
  const texts = (topic: string) => received.filter((each) => each.topic === topic).map(({ text }) => text);
  return {
    publish: client.publish,
    texts,
    last: (topic: string): unknown => JSON.parse(texts(topic).at(-1) ?? ''),
    receivedAll: () =>
      time.until(
        () => [...retained, discovery].every((topic) => texts(topic).length > 0),
        'each retained topic',
      ),
  };
}

t.test('a later client receives all reports, also from a broker that has lost them', async (t) => {
  t.testdir();
  const street = openStreet(t);
  const { time, broker } = street;
  const close = startKiosk(t, street);
  for (const when of ['at first', 'after the broker has restarted empty']) {
    const maintainer = connectMaintainer(t, street);
    await maintainer.receivedAll();
    const { last } = maintainer;
    t.match(last(`${base}/health`), { reader: 'lost', boards: [{ board: 'main', state: 'lost' }], books: 0 });
    t.match(last(`${base}/station`), { lat: 31.2416, isLending: false }, when);
    const codes = alertsSchema.parse(last(`${base}/alerts`)).alerts.map(({ code }) => code);
    t.strictSame(codes, ['board.lost', 'reader.lost'], when);
    t.equal(deviceSchema.parse(last(discovery)).components.length, 18, when);
    const before = maintainer.texts(discovery).length;
    maintainer.publish('homeassistant/status', 'online');
    await time.until(
      () => maintainer.texts(discovery).length > before,
      'the description after a birth message',
    );
    if (when !== 'at first') continue;
    broker.kill();
    broker.start();
  }
  await close();
  const later = connectMaintainer(t, street);
  await time.until(() => later.texts(`${base}/state`).length > 0, 'the state of a closed kiosk');
  t.match(later.last(`${base}/state`), { online: false });

  startKiosk(t, street, false);
  await time.until(() => later.texts(discovery).at(-1) === '', 'the description to be removed');
  const latest = connectMaintainer(t, street);
  await time.until(() => latest.texts(`${base}/health`).length > 0, 'the retained health');
  t.strictSame(latest.texts(discovery), []);
});

t.test('a birth message while the kiosk is disconnected is not lost', async (t) => {
  t.testdir();
  const street = openStreet(t);
  const { time, broker } = street;
  const homeAssistant = connectMaintainer(t, street);
  startKiosk(t, street);
  await homeAssistant.receivedAll();
  broker.kill();
  await time.pass(10);
  const before = homeAssistant.texts(discovery).length;
  broker.start();
  // The first client to reconnect: the kiosk has not subscribed yet.
  homeAssistant.publish('homeassistant/status', 'online');
  await time.until(() => homeAssistant.texts(discovery).length > before, 'the description');
});

t.test('each request is answered, and more than five in a second are refused', async (t) => {
  t.testdir();
  const street = openStreet(t);
  const { time } = street;
  startKiosk(t, street);
  const maintainer = connectMaintainer(t, street);
  await maintainer.receivedAll();
  const ask = async (name: string, ...requests: readonly string[]): Promise<Response[]> => {
    const topic = `${base}/response/${name}`;
    const before = maintainer.texts(topic).length;
    for (const request of requests) maintainer.publish(`${base}/request/${name}`, request);
    await time.until(() => maintainer.texts(topic).length === before + requests.length, `answers to ${name}`);
    return maintainer
      .texts(topic)
      .slice(before)
      .map((text) => responseSchema.parse(JSON.parse(text)));
  };
  t.match(await ask('position', '{"transaction":"a-17"}'), [
    { transaction: 'a-17', status: 'ok', data: { position: 1, sentMark: 0 } },
  ]);
  t.match(await ask('report', '{}'), [
    { status: 'ok', data: { street: 'jiangning', boards: ['main mega-2560'] } },
  ]);
  t.match(await ask('doors', ''), [{ status: 'ok', data: { lockers: [{ locker: 1, door: 'unknown' }] } }]);
  t.match(await ask('identify', '{}'), [{ status: 'ok', data: { seconds: 10 } }]);
  await time.pass(1_000);
  const [selfTest] = z
    .array(z.object({ data: answerSchemas['self-test'] }))
    .parse(await ask('self-test', '{}'));
  t.match(selfTest?.data.checks.slice(0, 4), [
    { part: 'journal', ok: true },
    { part: 'board main', ok: false, code: 'board.lost' },
    { part: 'reader', ok: false, code: 'reader.lost' },
    { part: 'screen', ok: false, code: 'screen.nobody-looks' },
  ]);
  const [logs] = z.array(z.object({ data: answerSchemas.logs })).parse(await ask('logs', '{"lines":2}'));
  t.equal(logs?.data.lines.length, 2);
  t.match(await ask('doors', '{"more":1}'), [{ status: 'error', error: 'unreadable' }]);
  const burst = await ask('position', ...Array<string>(6).fill('{}'));
  t.strictSame(
    burst.map(({ status }) => status),
    ['ok', 'ok', 'error', 'error', 'error', 'error'],
  );
});
