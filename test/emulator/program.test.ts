import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { type StartOptions, startEmulator } from '../../firmware-bridge/emulator/client.js';
import type { CabinetSnapshot } from '../../firmware-bridge/emulator/snapshot.js';
import { openPort } from '../../firmware-bridge/port/index.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { probeFile } from '../support/hex-file.js';
import { until } from '../support/until.js';

const cabinetFile = fileURLToPath(new URL('hardware/mega-24.yaml', packageRoot));
const mainFile = fileURLToPath(new URL('../../firmware-bridge/emulator/main.js', import.meta.url));
const props = {
  people: [{ name: '王秀英', label: '67, card', pass: 'LN1:PASS', card: '21234000000018' }],
  items: [
    { item: '31234000000016', title: '边城', author: '沈从文', locker: 1 },
    { item: '31234000000024', title: 'Charlotte’s Web', author: 'E. B. White', locker: null },
  ],
};

async function start(t: Test, options: Partial<StartOptions> = {}) {
  const emulator = await startEmulator({ cabinetFile, firmwareFile: probeFile, ...options });
  t.teardown(() => emulator.stop());
  return emulator;
}

async function openLine(t: Test, path: string) {
  const port = await openPort(path, { baudRate: 57_600 });
  t.teardown(() => port.close());
  let text = '';
  port.onData((bytes) => {
    text += Buffer.from(bytes).toString('latin1');
  });
  return { port, text: () => text };
}

t.test('a pulse from the board lets a hand open the door, change the book and shut it', async (t) => {
  const emulator = await start(t, { props });
  t.same(await emulator.door(1, 'open'), { ok: false, reason: 'door-latched' });
  const { port, text } = await openLine(t, emulator.board);
  port.write(Buffer.from('P'));
  await until(() => text().endsWith('P'));
  t.match((await emulator.snapshot()).lockers[0], { relayOn: true, lock: 'free', door: 'closed' });
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
  t.same(after.board, { running: true });
});

t.test('what is held to the reader comes out of its port, ended by CR', async (t) => {
  const emulator = await start(t, { reader: 'tcp:0' });
  const { text } = await openLine(t, emulator.reader);
  const pass = `LN1:${'A'.repeat(200)}`;
  t.same(await emulator.scan(pass), { ok: true });
  t.same(await emulator.scan('at once'), { ok: false, reason: 'reader-busy' });
  await until(() => text() === `${pass}\r`);
  t.same(await emulator.scan('边城'), { ok: false, reason: 'text-not-readable' });
});

t.test('the board may be a tcp port', async (t) => {
  const emulator = await start(t, { board: 'tcp:0' });
  t.match(emulator.board, /^tcp:\/\/127\.0\.0\.1:\d+$/);
  const { port, text } = await openLine(t, emulator.board);
  port.write(Buffer.from('echo'));
  await until(() => text().endsWith('echo'));
});

t.test('the page and its scripts are served, to this machine’s own names only', async (t) => {
  const { page } = await start(t);
  const html = await (await fetch(page)).text();
  for (const [, file] of html.matchAll(/(?:href|src)="\/([a-z.]+)"/g)) {
    t.equal((await fetch(new URL(file ?? '', page))).status, 200, `${file}`);
  }
  t.equal((await fetch(new URL('../main.js', page))).status, 404);
  t.equal((await fetch(new URL('%2e%2e%2fmain.js', page))).status, 404);
  t.equal(await statusOf(page, { host: 'kiosk.example' }), 421);
  t.equal(await statusOf(page, { origin: 'http://kiosk.example' }), 403);
});

t.test('a post that is none is refused', async (t) => {
  const { page } = await start(t);
  const post = async (path: string, body: string) =>
    (await fetch(new URL(path, page), { method: 'POST', body })).status;
  t.equal(await post('api/door', '{"locker":1,"action":"kick"}'), 400);
  t.equal(await post('api/door', 'open!'), 400);
  t.equal(await post('api/scan', JSON.stringify({ text: 'x'.repeat(5_000) })), 413);
});

t.test('a page hears of every change, and a crowd of pages is bounded', async (t) => {
  const { page, board } = await start(t);
  const leave = new AbortController();
  t.teardown(() => leave.abort());
  const live = () => fetch(new URL('api/live', page), { signal: leave.signal });
  const snapshots: CabinetSnapshot[] = [];
  const follow = async (response: Response) => {
    let text = '';
    const reader = response.body?.getReader();
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      text += Buffer.from(part.value).toString();
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        snapshots.push(JSON.parse(text.slice('data: '.length, end)));
        text = text.slice(end + 2);
      }
    }
  };
  const followed = follow(await live()).catch((error: Error) => t.equal(error.name, 'AbortError'));
  await until(() => snapshots.length === 1);
  const { port } = await openLine(t, board);
  port.write(Buffer.from('P'));
  const first = () => snapshots.at(-1)?.lockers[0];
  await until(() => first()?.relayOn === true, 'relay on');
  await until(() => first()?.relayOn === false, 'relay off');
  t.equal(first()?.lock, 'free');
  const others = await Promise.all(Array.from({ length: 16 }, live));
  t.same(
    others.map(({ status }) => status).filter((status) => status === 503),
    [503],
  );
  leave.abort();
  await followed;
  const again = new AbortController();
  const request = () => fetch(new URL('api/live', page), { signal: again.signal });
  while ((await request()).status !== 200);
  again.abort();
});

t.test('ends with the program that started it, taking its ports along', async (t) => {
  const emulator = await start(t);
  await emulator.stop();
  t.notOk(existsSync(emulator.board));
  t.notOk(existsSync(emulator.reader));
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
  const taken = createServer();
  taken.listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.teardown(() => taken.close());
  const { port } = taken.address() as AddressInfo;
  const wrong: [string[], RegExp][] = [
    [['--page', `${port}`], /^screen\.port-taken: port \d+ of 127\.0\.0\.1 cannot be opened\n$/],
    [['--board', `tcp:${port}`], /^port\.busy: port \d+ of 127\.0\.0\.1 cannot be opened\n$/],
    [['--board', 'usb'], /^not pty or tcp:PORT: usb\nusage: /],
    [['--props', '/no/such/file'], /^config\.invalid: \/no\/such\/file: cannot be read\n$/],
    [['--firmware', '/no/such/file'], /^cannot read \/no\/such\/file: ENOENT\n$/],
    [['--firmware', cabinetFile], /^emulator\.firmware: line 1: not a record\n$/],
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
    ...(args.includes('--firmware') ? [] : ['--firmware', probeFile]),
    ...args,
  ]);
  t.teardown(() => child.kill('SIGKILL'));
  return child;
}

/** Node's fetch sets Host itself, so the request is made by hand. */
async function statusOf(page: string, headers: Record<string, string>): Promise<number> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    request(page, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}
