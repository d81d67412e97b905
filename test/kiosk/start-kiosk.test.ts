import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { followScreen } from '../../scripts/proofs/support/screen-follower.js';
import { parseConfig } from '../../src/config/config.js';
import { limits } from '../../src/kernel/limits.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { openKioskJournal, startKiosk } from '../../src/kiosk/start-kiosk.js';
import { loan, moment } from '../journal/support.js';
import { recordingLog } from '../support/catalogue.js';

t.test('a missing data folder is created', async (t) => {
  const journal = openKioskJournal(join(t.testdir(), 'data', 'deeper'));
  t.equal(journal.lastPosition(), 0);
  journal.close();
});

t.test('a data folder that is a file is refused', async (t) => {
  const folder = t.testdir({ data: 'a file' });
  t.throws(() => openKioskJournal(join(folder, 'data')), {
    code: 'config.invalid',
    message: /the data folder .*data cannot be created: it is not a folder/,
  });
  t.throws(() => openKioskJournal(join(folder, 'data', 'below')), {
    code: 'config.invalid',
    message: /ENOTDIR/,
  });
});

t.test('a kiosk with a damaged journal starts out of service', async (t) => {
  const folder = t.testdir();
  const whole = openKioskJournal(folder);
  for (let n = 0; n < 20; n += 1) whole.append(moment(n), loan(n, n % 2 === 0));
  const bytes = Buffer.from(whole.snapshot().bytes);
  whole.close();
  bytes.fill(0x5a, 12 * limits.journalPageBytes, 13 * limits.journalPageBytes);
  writeFileSync(join(folder, 'journal.db'), bytes);
  t.throws(() => openKioskJournal(folder), { code: 'journal.damaged' });

  const { publicKey } = generateKeyPairSync('ed25519');
  const settings = {
    kiosk: 'jn-01',
    name: { zh: '江宁路书庭', en: 'Jiangning Road' },
    street: 'jiangning',
    dataFolder: folder,
    cabinetFile: fileURLToPath(new URL('hardware/mega-24.yaml', packageRoot)),
    boards: { main: { port: join(folder, 'no-board') } },
    reader: { port: join(folder, 'no-reader') },
    screen: { port: 0, wechatUrl: 'https://example.org/k/' },
    link: { brokerUrl: 'mqtt://127.0.0.1:9' },
    passKeys: [publicKey.export({ type: 'spki', format: 'pem' })],
    firstStock: [{ locker: 1, item: '30106000000017' }],
  };
  const { log, has } = recordingLog();
  const config = parseConfig(JSON.stringify(settings), join(folder, 'kiosk.yaml'));
  const kiosk = await startKiosk(
    config,
    openKioskJournal(folder, { log, waitsForRepair: true }),
    log,
    () => undefined,
  );
  t.teardown(() => kiosk.close());
  const screen = await followScreen(kiosk.screenUrl);
  await screen.sees('that it is out of order', ({ phase }) => phase === 'out-of-service');
  await screen.stop();
  t.equal(has('journal.damaged'), 1);
});
