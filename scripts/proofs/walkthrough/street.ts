import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmulator } from '../../../firmware-bridge/emulator/client.js';
import { lockerCode } from '../../../firmware-bridge/reader/classify.js';
import { type Catalogue, createCatalogue } from '../../../src/catalogue/catalogue.js';
import { sampleData } from '../../../src/catalogue/sample-data.js';
import type { Event } from '../../../src/circulation/event.js';
import { readPayload } from '../../../src/contract/payload.js';
import { batchSchema, stateSchema, topicsOf } from '../../../src/contract/topics.js';
import { kioskId, lockerNo } from '../../../src/kernel/ids.js';
import { silentLog } from '../../../src/kernel/log.js';
import { packageRoot } from '../../../src/kernel/package-root.js';
import { days, epochMs } from '../../../src/kernel/time.js';
import { createClock } from '../../../src/machine/clock.js';
import { connectMqtt } from '../../../src/mqtt/connection.js';
import { startEmbeddedBroker } from '../../../src/mqtt/embedded-broker.js';
import { loadOrMakeKioskKey } from '../../../src/passes/key-file.js';
import { verifyingKeyOf, verifyingKeyPem } from '../../../src/passes/keys.js';
import { sealedText } from '../../../src/passes/seal.js';
import { until } from '../support/wait.js';
import { type CatalogueWindow, type ExpectedJournal, Scene, startKioskWithReader } from './scene.js';

const kiosk = kioskId('jn-01');
const street = 'jiangning';
const cabinetFile = fileURLToPath(new URL('hardware/mega-24.yaml', packageRoot));
/** Short, so that the story of a door that nobody opens does not bore. */
const waits = { doorOpenMs: 1_500, farewellMs: 1_000 };

const nothing = () => undefined;

/** A street of its own for one story: broker, catalogue, emulated cabinet and one kiosk process, on free ports. */
export interface Street {
  readonly scene: Scene;
  close(): Promise<void>;
}

/** Starts everything; what was started is stopped again when a part does not come up. */
export async function openStreet(): Promise<Street> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return { scene: await buildScene(closers), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function buildScene(closers: (() => Promise<unknown>)[]): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'lening-walkthrough-'));
  closers.push(() => rm(folder, { recursive: true }));
  const broker = await restartableBroker();
  closers.push(() => broker.stop());
  const catalogue = catalogueIn(folder, broker.url);
  await catalogue.start();
  closers.push(() => catalogue.close());
  const wire = listenOnTheWire(broker.url);
  closers.push(() => wire.close());

  const books = catalogue.shelfPlan(kiosk);
  const wang = { pass: catalogue.issuePass(firstOf(catalogue.patrons()).patron, days(1)) };
  const items = catalogue
    .itemsFor(kiosk)
    .map((book) => ({ ...book, locker: lockerOfItem(books, book.item) }));
  const emulator = await startEmulator({ cabinetFile, props: { people: [], items } });
  closers.push(() => emulator.stop());

  const dataFolder = join(folder, 'kiosk');
  await mkdir(dataFolder, { mode: 0o700 });
  catalogue.enrol(kiosk, verifyingKeyPem(verifyingKeyOf(loadOrMakeKioskKey(dataFolder))));
  const configFile = join(folder, 'kiosk.yaml');
  const config = {
    kiosk,
    name: { zh: '江宁路书庭', en: 'Jiangning Road' },
    street,
    dataFolder,
    cabinetFile,
    boards: Object.fromEntries(Object.entries(emulator.boards).map(([board, port]) => [board, { port }])),
    reader: { port: emulator.reader },
    screen: { port: 0, wechatUrl: 'https://lening.example/k/' },
    link: { brokerUrl: broker.url },
    passKeys: catalogue.publicKeys(),
    waits,
    firstStock: books,
  };
  writeFileSync(configFile, JSON.stringify(config));

  const startKiosk = () => startKioskWithReader(configFile);
  const scene: Scene = new Scene(
    {
      emulator,
      broker,
      wire,
      wang,
      books,
      startKiosk,
      catalogue: windowOn(catalogue),
      journal: expectedJournal(books.length),
      forgedPass: forge(wang.pass),
      lockerCode: (locker) => lockerCode(kiosk, lockerNo(locker)),
    },
    await startKiosk(),
  );
  closers.push(() => scene.kiosk.stop());
  return scene;
}

/** The embedded broker on one port, stopped and started at will. */
async function restartableBroker() {
  let broker: Awaited<ReturnType<typeof startEmbeddedBroker>> | null = await startEmbeddedBroker({
    port: 0,
    log: silentLog,
  });
  const { url } = broker;
  return {
    url,
    async start() {
      broker ??= await startEmbeddedBroker({ port: Number(new URL(url).port), log: silentLog });
    },
    async stop() {
      await broker?.close();
      broker = null;
    },
  };
}

/** A subscriber to the street's topics: which journal positions were published, and the kiosk's last health report. */
function listenOnTheWire(url: string) {
  let last = 0;
  let online = false;
  const topics = topicsOf(street, kiosk);
  const connection = connectMqtt({
    url,
    clientId: 'walkthrough',
    subscribe: [topics.journal, topics.state],
    log: silentLog,
    onOnline: nothing,
    onMessage(topic, payload) {
      if (topic === topics.state) online = readPayload(stateSchema, payload)?.online ?? false;
      else {
        const text = sealedText(payload);
        const batch = text && readPayload(batchSchema, text);
        last = Math.max(last, batch?.events.at(-1)?.position ?? 0);
      }
    },
  });
  return { lastPosition: () => last, saysOnline: () => online, close: () => connection.close() };
}

/** A catalogue in `folder`; as in the demo, a wrong calendar does not mislead its clock. */
function catalogueIn(folder: string, url: string): Catalogue {
  const clock = createClock(() => epochMs(0));
  return createCatalogue({
    file: join(folder, 'catalogue.db'),
    url,
    street,
    log: silentLog,
    sample: sampleData,
    nowMs: () => clock.now().calendarMs,
  });
}

function windowOn(catalogue: Catalogue): CatalogueWindow {
  const events = () => catalogue.eventsOf(kiosk).map(({ position, event }) => ({ ...event, position }));
  return {
    events,
    loans: () => catalogue.openLoans(kiosk).length,
    async has(what, isIt, deadlineMs) {
      await until(`the catalogue to have ${what}`, () => (isIt(events()) ? true : null), deadlineMs);
    },
  };
}

function expectedJournal(stocked: number): ExpectedJournal {
  const expected: Event['type'][] = Array(stocked).fill('item-stocked');
  return { expected, expects: (...types) => void expected.push(...types) };
}

/** The same pass with one character of its signature changed. */
function forge(pass: string): string {
  return pass.slice(0, -3) + (pass.at(-3) === 'A' ? 'B' : 'A') + pass.slice(-2);
}

function lockerOfItem(books: readonly { locker: number; item: string }[], item: string): number | null {
  return books.find((book) => book.item === item)?.locker ?? null;
}

function firstOf<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined) throw new Error('the sample data has no patron');
  return first;
}
