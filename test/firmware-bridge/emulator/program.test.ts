import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { startEmulator } from '../../../firmware-bridge/emulator/client.js';
import { openTcpLine } from '../../../firmware-bridge/emulator/tcp.js';
import { openPort } from '../../../firmware-bridge/port/index.js';
import { packageRoot } from '../../../src/kernel/package-root.js';
import { probeFile } from '../../support/hex-file.js';
import { until } from '../../support/until.js';

const cabinetFile = fileURLToPath(new URL('hardware/mega-24.yaml', packageRoot));
const mainFile = fileURLToPath(new URL('../../../firmware-bridge/emulator/main.js', import.meta.url));
const props = {
  people: [{ name: '王秀英', label: '67, card', codes: [{ zh: '借书码', en: 'Pass', text: 'LN1:PASS' }] }],
  items: [
    { item: '31234000000016', title: '边城', author: '沈从文', locker: 1 },
    { item: '31234000000024', title: 'Charlotte’s Web', author: 'E. B. White', locker: null },
  ],
};

async function openLine(t: Test, path: string) {
  const port = await openPort(path, { baudRate: 57_600 });
  t.teardown(() => port.close());
  let text = '';
  port.onData((bytes) => {
    text += Buffer.from(bytes).toString('latin1');
  });
  return { port, text: () => text };
}

t.test('a pulse of the board lets a hand open the door, change the book and shut it', async (t) => {
  const emulator = await startEmulator({ cabinetFile, firmwareFile: probeFile, props });
  t.teardown(() => emulator.stop());
  t.same(await emulator.door(1, 'open'), { ok: false, reason: 'door-latched' });
  const { port, text } = await openLine(t, emulator.boards.main ?? '');
  port.write(Buffer.from('P'));
  await until(() => text().endsWith('P'));
  t.match((await emulator.snapshot()).lockers[0], { lock: 'free', door: 'closed' });
  t.same(await emulator.door(1, 'open'), { ok: true });
  t.same(await emulator.book('take', 1, '31234000000016'), { ok: true });
  t.same(await emulator.book('put', 1, '31234000000024'), { ok: true });
  t.same(await emulator.book('take', 2, '31234000000024'), { ok: false, reason: 'door-closed' });
  t.same(await emulator.door(1, 'close'), { ok: true });
  while ((await emulator.snapshot()).lockers[0]?.relayOn);
  const after = await emulator.snapshot();
  t.match(after.lockers[0], { lock: 'latched', door: 'closed', item: '31234000000024' });
  t.same(after.hand, ['31234000000016']);
  t.equal(after.lockers.length, 24);
  t.same(after.props.people, props.people);
  t.same(after.boards, [{ board: 'main', running: true, plugged: true, violations: [] }]);
});

t.test('what is held to the reader comes out of its port, ended by CR', async (t) => {
  const emulator = await startEmulator({ cabinetFile, firmwareFile: probeFile, reader: 'tcp:0' });
  t.teardown(() => emulator.stop());
  const { text } = await openLine(t, emulator.reader);
  const pass = `LN1:${'A'.repeat(500)}`;
  t.same(await emulator.scan(pass), { ok: true });
  t.same(await emulator.scan('at once'), { ok: false, reason: 'reader-busy' });
  await until(() => text() === `${pass}\r`);
});

t.test('ends with the program that started it', async (t) => {
  const child = run(t, []);
  await once(child.stdout, 'data');
  child.stdin.end();
  const [code] = await once(child, 'exit');
  t.equal(code, 0);
});

t.test('detached, it lives on until it is told to end', async (t) => {
  const child = run(t, ['--detached']);
  const { page } = JSON.parse(String(await once(child.stdout, 'data')));
  child.stdin.destroy();
  t.equal((await fetch(page)).status, 200);
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  t.equal(code, 0);
});

t.test('what is wrong at the start is said in one sentence', async (t) => {
  const taken = await openTcpLine(0);
  t.teardown(() => taken.close());
  const port = new URL(taken.address).port;
  const wrong: [string[], RegExp][] = [
    [['--page', port], /^screen\.port-taken: port \d+ of 127\.0\.0\.1 cannot be opened\n$/],
    [['--boards', 'usb'], /^not pty or tcp:PORT: usb\nusage: /],
  ];
  for (const [args, sentence] of wrong) {
    const child = run(t, args);
    let said = '';
    child.stderr.on('data', (text: Buffer) => {
      said += String(text);
    });
    const [code] = await once(child, 'close');
    t.equal(code, 1, args.join(' '));
    t.match(said, sentence);
  }
  await t.rejects(startEmulator({ cabinetFile: '/no/such/file', firmwareFile: probeFile }), {
    code: 'emulator.start',
    message: /cannot read \/no\/such\/file/,
  });
});

function run(t: Test, args: string[]) {
  const child = spawn(process.execPath, [
    mainFile,
    '--cabinet',
    cabinetFile,
    '--firmware',
    probeFile,
    ...args,
  ]);
  t.teardown(() => child.kill('SIGKILL'));
  return child;
}
