import { once } from 'node:events';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunningEmulator, startEmulator } from '../firmware-bridge/emulator/client.js';
import { type Catalogue, createCatalogue } from './catalogue/catalogue.js';
import { type SamplePatron, type SampleStaff, sampleData } from './catalogue/sample-data.js';
import { type Config, parseConfig } from './config/config.js';
import type { Journal } from './journal/journal.js';
import { kioskId } from './kernel/ids.js';
import type { Log } from './kernel/log.js';
import { packageRoot } from './kernel/package-root.js';
import { days, type EpochMs } from './kernel/time.js';
import { openKioskJournal, type RunningKiosk, startKiosk } from './kiosk/start-kiosk.js';
import { createClock } from './machine/clock.js';
import { createLog } from './machine/log.js';
import { startEmbeddedBroker } from './mqtt/embedded-broker.js';
import { loadOrMakeKioskKey } from './passes/key-file.js';
import { verifyingKeyOf, verifyingKeyPem } from './passes/keys.js';
import type { PhoneDemo } from './phone/desk.js';
import { createSampleSignIn } from './phone/sample-sign-in.js';
import { createPhone, type Phone } from './phone/server.js';

const kiosk = kioskId('jn-01');
const street = 'jiangning';
const cabinetFile = fileURLToPath(new URL('hardware/mega-24.yaml', packageRoot));
/** The demo's ports where they are free, unless it is to take any; otherwise it uses any free port. */
const preferredPorts = { screen: 8_080, page: 8_081, phone: 8_082, broker: 1_883 };
const name = { zh: '江宁路书庭', en: 'Jiangning Road Book Kiosk' };

/**
 * Starts the demo: broker, catalogue with sample books, the emulated locker board with its cabinet page (a process of its
 * own), the pages for phones, and one kiosk, which calls `restart` on a restart command. Throws `journal.busy` when a demo
 * runs already on the same folder.
 */
export async function startDemo(
  folder: string,
  restart: () => void,
  takesAnyPorts = false,
): Promise<{ close(): Promise<void> }> {
  const portFor = async (use: keyof typeof preferredPorts) =>
    takesAnyPorts ? 0 : freePort(preferredPorts[use]);
  const dataFolder = resolve(folder);
  const journal = openKioskJournal(dataFolder);
  const log = createLog({ level: 'info', file: join(dataFolder, 'kiosk.log') });
  const broker = await startEmbeddedBroker({ port: await portFor('broker'), log });
  const file = join(dataFolder, 'catalogue.db');
  // Where the machine's calendar is wrong the catalogue must not be further wrong than the kiosk.
  const clock = createClock(() => journal.lastTrustedMs());
  const nowMs = () => clock.now().calendarMs;
  const catalogue = createCatalogue({ file, url: broker.url, street, log, sample: sampleData, nowMs });
  await Promise.all(sampleData.patrons.map(({ patron, pin }) => catalogue.setPin(patron, pin)));
  catalogue.enrol(kiosk, verifyingKeyPem(verifyingKeyOf(loadOrMakeKioskKey(dataFolder))));
  await catalogue.start();
  const emulator = await startEmulator({
    cabinetFile,
    pagePort: await portFor('page'),
    props: cabinetPageProps(catalogue, journal),
  });
  let running: RunningKiosk | null = null;
  const phone = phoneOf(catalogue, await portFor('phone'), log, nowMs, {
    invitation: () => running?.invitation() ?? '/',
    showToReader: async (text) => void (await emulator.scan(text)),
  });
  const { url: phoneUrl } = await phone.start();
  const wechatUrl = new URL('k/', phoneUrl).href;
  const config = await configOf(dataFolder, {
    brokerUrl: broker.url,
    wechatUrl,
    emulator,
    catalogue,
    screenPort: await portFor('screen'),
  });
  const inService = await startKiosk(config, journal, log, restart);
  running = inService;
  const urls = { screenUrl: inService.screenUrl, pageUrl: emulator.page, phoneUrl, brokerUrl: broker.url };
  process.stdout.write(welcomeText(urls, dataFolder));
  return {
    async close() {
      await Promise.all([phone.close(), inService.close()]);
      await Promise.all([emulator.stop(), catalogue.close()]);
      await broker.close();
      process.stdout.write('\n已停止，所有的锁都关了。 Stopped; every lock is off.\n');
    },
  };
}

/** What the demo's kiosk connects to. */
interface DemoServices {
  readonly brokerUrl: string;
  readonly wechatUrl: string;
  readonly emulator: RunningEmulator;
  readonly catalogue: Catalogue;
  readonly screenPort: number;
}

/** The pages for phones. In the demo their links replace scanning a code with a real phone. */
function phoneOf(catalogue: Catalogue, port: number, log: Log, nowMs: () => EpochMs, demo: PhoneDemo): Phone {
  return createPhone({
    port,
    catalogue,
    kiosks: new Map([[kiosk, name]]),
    nowMs,
    signIn: (tickets, nowMs) => createSampleSignIn(sampleData.patrons, tickets, nowMs),
    demo,
    log,
  });
}

/** The configuration of the demo's kiosk, validated like a configuration file. */
async function configOf(dataFolder: string, services: DemoServices): Promise<Config> {
  const { brokerUrl, wechatUrl, emulator, catalogue, screenPort } = services;
  const settings = {
    kiosk,
    name,
    street,
    dataFolder,
    cabinetFile,
    boards: Object.fromEntries(Object.entries(emulator.boards).map(([board, port]) => [board, { port }])),
    reader: { port: emulator.reader },
    screen: { port: screenPort, wechatUrl },
    link: { brokerUrl },
    passKeys: catalogue.publicKeys(),
    firstStock: catalogue.shelfPlan(kiosk),
  };
  return parseConfig(JSON.stringify(settings), join(dataFolder, 'demo'));
}

/** The people and books on the cabinet page, each book where the journal has it. */
function cabinetPageProps(catalogue: Catalogue, journal: Journal) {
  const places = new Map<string, number>();
  for (const { locker, item } of catalogue.shelfPlan(kiosk)) places.set(item, locker);
  if (journal.lastPosition() > 0) {
    places.clear();
    for (const [locker, { item }] of journal.load().lockers) if (item !== null) places.set(item, locker);
  }
  return {
    people: [
      ...sampleData.patrons.map((patron) => residentOf(catalogue, patron)),
      ...sampleData.staff.map((member) => staffOf(catalogue, member)),
    ],
    items: catalogue.itemsFor(kiosk).map((book) => ({ ...book, locker: places.get(book.item) ?? null })),
  };
}

function residentOf(catalogue: Catalogue, { patron, name, label, card, pin }: SamplePatron) {
  const codes = [
    { zh: '借书码', en: 'Pass', text: catalogue.issuePass(patron, days(1)) },
    { zh: `借书证，密码 ${pin}`, en: `Card, PIN ${pin}`, text: card },
    { zh: '一次性码', en: 'One loan', text: catalogue.issueGrant(patron, kiosk, null, days(1)) },
  ];
  return { name, label, codes };
}

function staffOf(catalogue: Catalogue, { staff, name, label }: SampleStaff) {
  const text = catalogue.issueStaffPass(staff, days(1));
  return { name, label, codes: [{ zh: '工作证', en: 'Staff pass', text }] };
}

/** The addresses that the demo prints. */
interface Urls {
  readonly screenUrl: string;
  readonly pageUrl: string;
  readonly phoneUrl: string;
  readonly brokerUrl: string;
}

function welcomeText({ screenUrl, pageUrl, phoneUrl, brokerUrl }: Urls, dataFolder: string): string {
  return `
乐宁书庭 — 演示 / demo

  屏幕 Screen        ${screenUrl}
  书柜 Cabinet page  ${pageUrl}
  手机 Phone         ${phoneUrl}scan
  消息 Broker        ${brokerUrl}
  数据 Data          ${dataFolder}

先试试 / Try first:
  1. 打开上面两个网页。 Open both pages side by side.
  2. 在书柜页选一位居民，出示借书码。 On the cabinet page choose a resident and hold her pass to the reader.
  3. 在屏幕上点一本书；它的门锁开了：拉开门，取书，关门。 Tap a book on the screen; its lock is released: open, take, close.
  4. 还书：把书放到读码器前。 To return, hold the book to the reader.
  5. 用手机：打开“手机”，就像扫了屏幕上的码；点一本书，门就打开。
     By phone: open “Phone”, as if it had scanned the code on the screen; tap a book and its door is released.

Ctrl-C 停止 / stops.
`;
}

/** Returns `preferred` when it is free on the loopback address, else 0 for any free port. */
async function freePort(preferred: number): Promise<number> {
  const probe = createServer();
  probe.listen(preferred, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch {
    return 0;
  }
  probe.close();
  await once(probe, 'close');
  return preferred;
}
