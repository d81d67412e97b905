import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import t from 'tap';
import { startKioskProcess } from '../../scripts/proofs/walkthrough/scene.js';
import { packageRoot } from '../../src/kernel/package-root.js';

const root = fileURLToPath(packageRoot);
const parts = ['package.json', 'package-lock.json', '.npmrc', 'src', 'hardware', 'dist/src', 'dist/hardware'];
const binding = 'node_modules/better-sqlite3/build/Release/better_sqlite3.node';

t.setTimeout(180_000);
t.test('a kiosk starts with the production packages alone; the demo names the missing ones', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'lening-install-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  for (const part of [...parts, 'dist/firmware-bridge']) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  const flags = ['--omit=dev', '--omit=optional', '--ignore-scripts', '--prefer-offline', '--no-audit'];
  const npm = spawnSync('npm', ['ci', ...flags, '--no-fund'], { cwd: folder, encoding: 'utf8' });
  t.equal(npm.status, 0, npm.stderr);
  // The only part that is compiled on the machine; compiling it again proves nothing here.
  cpSync(join(root, binding), join(folder, binding));
  for (const name of ['aedes', 'avr8js', 'koffi', 'nrf-intel-hex', 'typescript', 'tap'])
    t.notOk(existsSync(join(folder, 'node_modules', name)), name);

  const demo = spawnSync(process.execPath, ['dist/src/main.js'], { cwd: folder, encoding: 'utf8' });
  t.equal(demo.status, 1);
  t.match(
    demo.stderr,
    /The demo needs packages that are not installed: aedes, avr8js, koffi, nrf-intel-hex\.\nRun: npm ci\n/,
  );

  const { publicKey } = generateKeyPairSync('ed25519');
  const settings = {
    kiosk: 'jn-01',
    name: { zh: '江宁路书庭', en: 'Jiangning Road' },
    street: 'jiangning',
    dataFolder: join(folder, 'data'),
    cabinetFile: join(folder, 'hardware/mega-24.yaml'),
    boards: { main: { port: join(folder, 'no-board') } },
    reader: { port: join(folder, 'no-reader') },
    screen: { port: 0, wechatUrl: 'https://example.org/k/' },
    link: { brokerUrl: 'mqtt://127.0.0.1:9' },
    passKeys: [publicKey.export({ type: 'spki', format: 'pem' })],
    firstStock: [{ locker: 1, item: '30106000000017' }],
  };
  writeFileSync(join(folder, 'kiosk.yaml'), JSON.stringify(settings));
  const kiosk = await startKioskProcess(
    join(folder, 'kiosk.yaml'),
    pathToFileURL(join(folder, 'dist/src/main.js')),
  );
  t.teardown(() => kiosk.kill());
  await kiosk.sees('that no board answers', ({ phase }) => phase === 'out-of-service', 60_000);
  for (const file of ['', 'app.js', 'preact.js'])
    t.equal((await fetch(new URL(file, kiosk.screenUrl))).status, 200, file);
  t.equal(await kiosk.stop(), 0);
});
