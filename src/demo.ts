import { once } from 'node:events';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunningEmulator, startEmulator } from '../firmware-bridge/emulator/client.js';
import { startBroker } from './catalogue/broker.js';
import { type Catalogue, createCatalogue } from './catalogue/catalogue.js';
import { type SamplePatron, type SampleStaff, sampleData } from './catalogue/sample-data.js';
import { type Config, parseConfig } from './config/config.js';
import type { Journal } from './journal/journal.js';
import { kioskId } from './kernel/ids.js';
import { packageRoot } from './kernel/package-root.js';
import { days } from './kernel/time.js';
import { createLog } from './log.js';
import { loadOrMakeKioskKey } from './passes/key-file.js';
import { verifyingKeyOf, verifyingKeyPem } from './passes/keys.js';
import { openKioskJournal, startKiosk } from './start-kiosk.js';

const kiosk = kioskId('jn-01');
const street = 'jiangning';
const cabinetFile = fileURLToPath(new URL('hardware/mega-24.yaml', packageRoot));
/** Where the demo listens when nobody else does; otherwise any free port serves as well. */
const usualPorts = { screen: 8_080, page: 8_081, broker: 1_883 };

/**
 * A whole street in one command: broker, catalogue with sample books, the emulated locker board with its cabinet page
 * (a process of its own) and one kiosk, whose restart is `restart`. Throws `journal.busy` when it runs already on the same folder.
 */
export async function startDemo(folder: string, restart: () => void): Promise<{ close(): Promise<void> }> {
  const dataFolder = resolve(folder);
  const journal = openKioskJournal(dataFolder);
  const log = createLog({ level: 'info', file: join(dataFolder, 'kiosk.log') });
  const broker = await startBroker({ port: await freePort(usualPorts.broker), log });
  const file = join(dataFolder, 'catalogue.db');
  const catalogue = createCatalogue({ file, url: broker.url, street, log, sample: sampleData });
  await Promise.all(sampleData.patrons.map(({ patron, pin }) => catalogue.setPin(patron, pin)));
  catalogue.enrol(kiosk, verifyingKeyPem(verifyingKeyOf(loadOrMakeKioskKey(dataFolder))));
  await catalogue.start();
  const emulator = await startEmulator({
    cabinetFile,
    pagePort: await freePort(usualPorts.page),
    props: propsOf(catalogue, journal),
  });
  const config = await configOf(dataFolder, broker.url, emulator, catalogue);
  const running = await startKiosk(config, journal, log, restart);
  process.stdout.write(welcome(running.screenUrl, emulator.page, broker.url, dataFolder));
  return {
    async close() {
      await running.close();
      await Promise.all([emulator.stop(), catalogue.close()]);
      await broker.close();
      process.stdout.write('\n已停止，所有的锁都关了。 Stopped; every lock is off.\n');
    },
  };
}

/** The demo's kiosk as a configuration file would describe it; checked the same way. */
async function configOf(
  dataFolder: string,
  brokerUrl: string,
  emulator: RunningEmulator,
  catalogue: Catalogue,
): Promise<Config> {
  const settings = {
    kiosk,
    name: { zh: '江宁路书庭', en: 'Jiangning Road Book Kiosk' },
    street,
    dataFolder,
    cabinetFile,
    boards: Object.fromEntries(Object.entries(emulator.boards).map(([board, port]) => [board, { port }])),
    reader: { port: emulator.reader },
    screen: { port: await freePort(usualPorts.screen), wechatUrl: 'https://lening.example/k/' },
    link: { brokerUrl },
    passKeys: catalogue.publicKeys(),
    firstStock: catalogue.shelfPlan(kiosk),
  };
  return parseConfig(JSON.stringify(settings), join(dataFolder, 'demo'));
}

/** The people and books of the cabinet page, each book where the journal says it is. */
function propsOf(catalogue: Catalogue, journal: Journal) {
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

function welcome(screenUrl: string, pageUrl: string, brokerUrl: string, dataFolder: string): string {
  return `
乐宁书庭 — 演示 / demo

  屏幕 Screen        ${screenUrl}
  书柜 Cabinet page  ${pageUrl}
  消息 Broker        ${brokerUrl}
  数据 Data          ${dataFolder}

先试试 / Try first:
  1. 打开上面两个网页。 Open both pages side by side.
  2. 在书柜页选一位居民，出示借书码。 On the cabinet page choose a resident and hold her pass to the reader.
  3. 在屏幕上点一本书；它的门锁开了：拉开门，取书，关门。 Tap a book on the screen; its lock is released: open, take, close.
  4. 还书：把书放到读码器前。 To return, hold the book to the reader.

Ctrl-C 停止 / stops.
`;
}

/** `usual` when it is free on the loopback address, else any free port. */
async function freePort(usual: number): Promise<number> {
  const probe = createServer();
  probe.listen(usual, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch {
    return 0;
  }
  probe.close();
  await once(probe, 'close');
  return usual;
}
