import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { startEmulator } from '../../../firmware-bridge/emulator/client.js';
import { openPort } from '../../../firmware-bridge/port/index.js';
import { packageRoot } from '../../../src/kernel/package-root.js';
import { probeFile } from '../../support/hex-file.js';
import { until } from '../../support/until.js';

const cabinetFile = (name: string) => fileURLToPath(new URL(`hardware/${name}`, packageRoot));
/** Starts at once: only the emulation of a Mega has to be warmed up. */
const kerongFile = cabinetFile('kerong-24.yaml');
const mainFile = fileURLToPath(new URL('../../../firmware-bridge/emulator/main.js', import.meta.url));
const item = '31234000000016';
const props = {
  people: [{ name: '王秀英', label: '67, card', codes: [{ zh: '借书码', en: 'Pass', text: 'LN1:PASS' }] }],
  items: [{ item, title: '边城', author: '沈从文', locker: 1 }],
};

t.test('a host, a hand, a reader and a page share one cabinet over real ports', async (t) => {
  const emulator = await startEmulator({
    cabinetFile: cabinetFile('mega-24.yaml'),
    firmwareFile: probeFile,
    reader: 'tcp:0',
    props,
  });
  t.teardown(() => emulator.stop());
  const path = emulator.boards.main ?? '';
  const page = await followPage(t, emulator.page);
  t.same((await emulator.snapshot()).props.people, props.people);
  t.same(await emulator.door(1, 'open'), { ok: false, reason: 'door-latched' });
  const host = await openLine(t, path);
  host.write('P');
  await until(() => host.received().endsWith('P'));
  t.same(await emulator.door(2, 'open'), { ok: false, reason: 'door-latched' });
  t.same(await emulator.door(1, 'open'), { ok: true });
  t.same(await emulator.book('take', 1, item), { ok: true });
  t.same(await emulator.door(1, 'close'), { ok: true });
  t.match(await emulator.snapshot(), { hand: [item], boards: [{ board: 'main', plugged: true }] });

  const reader = await openLine(t, emulator.reader);
  t.same(await emulator.scan('LN1:PASS'), { ok: true });
  await until(() => reader.received() === 'LN1:PASS\r');

  t.same(await emulator.fault({ kind: 'unplug', board: 'main' }), { ok: true });
  await until(() => host.isLost());
  t.notOk(existsSync(path));
  await until(() => page.last().includes('"plugged":false'));
  t.same(await emulator.fault({ kind: 'plug', board: 'main' }), { ok: true });
  const again = await openLine(t, path);
  again.write('x');
  await until(() => again.received().endsWith('x'));
  await emulator.stop();
  t.notOk(existsSync(dirname(path)), 'the folder with the names of the ports is gone');
});

t.test('ends with the program that started it', async (t) => {
  const child = run(t, ['--cabinet', kerongFile]);
  await once(child.stdout, 'data');
  child.stdin.end();
  const [code] = await once(child, 'exit');
  t.equal(code, 0);
});

t.test('detached, it runs until a signal ends it', async (t) => {
  const child = run(t, ['--cabinet', kerongFile, '--boards', 'tcp:0', '--detached']);
  const { boards, page } = JSON.parse(String(await once(child.stdout, 'data')));
  t.match(boards, { main: /^tcp:\/\/127\.0\.0\.1:\d+$/ });
  child.stdin.destroy();
  t.equal((await fetch(page)).status, 200);

  const second = run(t, ['--cabinet', kerongFile, '--page', new URL(page).port]);
  t.match(
    await failure(second),
    /^screen\.port-taken: port \d+ of 127\.0\.0\.1 is used by another program\n$/,
    'a port in use is named',
  );
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  t.equal(code, 0);
});

t.test('a wrong command line and a missing file are named in one sentence', async (t) => {
  const child = run(t, ['--cabinet', kerongFile, '--boards', 'usb']);
  t.match(await failure(child), /^not pty or tcp:PORT: usb\nusage: /);
  await t.rejects(startEmulator({ cabinetFile: '/no/such/file' }), {
    code: 'emulator.start',
    message: /cannot read \/no\/such\/file/,
  });
});

function run(t: Test, args: string[]) {
  const child = spawn(process.execPath, [mainFile, ...args]);
  t.teardown(() => child.kill('SIGKILL'));
  return child;
}

/** What a program writes to stderr before it exits with 1. */
async function failure(child: ReturnType<typeof run>): Promise<string> {
  let said = '';
  child.stderr.on('data', (text: Buffer) => {
    said += String(text);
  });
  const [code] = await once(child, 'close');
  return code === 1 ? said : `exit code ${code}: ${said}`;
}

/** Opens the port at `path`; `received` is what has come from it, `isLost` whether it has ended. */
async function openLine(t: Test, path: string) {
  const port = await openPort(path, { baudRate: 57_600 });
  t.teardown(() => port.close());
  let received = '';
  let isLost = false;
  port.onData((bytes) => {
    received += Buffer.from(bytes).toString('latin1');
  });
  port.onClose((fault) => {
    isLost = fault !== null;
  });
  return {
    write: (text: string) => port.write(Buffer.from(text)),
    received: () => received,
    isLost: () => isLost,
  };
}

/** Follows the page's events; `last` is the newest part of them. */
async function followPage(t: Test, page: string) {
  const leave = new AbortController();
  const response = await fetch(new URL('api/live', page), { signal: leave.signal });
  let last = '';
  const latest = new WritableStream<Uint8Array>({
    write: (bytes) => {
      last = Buffer.from(bytes).toString();
    },
  });
  const following = response.body?.pipeTo(latest).catch((error: Error) => t.equal(error.name, 'AbortError'));
  t.teardown(async () => {
    leave.abort();
    await following;
  });
  return { last: () => last };
}
