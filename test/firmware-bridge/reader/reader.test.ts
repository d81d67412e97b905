import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { openPty as openWaitingPty } from '../../../firmware-bridge/emulator/pty.js';
import { createReader, type Reader, type ReaderEvent } from '../../../firmware-bridge/reader/reader.js';
import { kioskId, lockerNo } from '../../../src/kernel/ids.js';
import { limits } from '../../../src/kernel/limits.js';
import type { Log } from '../../../src/kernel/log.js';
import { openPty, type Pty } from '../../support/pty.js';
import { silentLog } from '../../support/silent-log.js';
import { until } from '../../support/until.js';

const ITEM = '30234000517861';
const OTHER_ITEM = '33191000105864';
const bytesOf = (text: string) => new TextEncoder().encode(text);
const itemScan = (item: string) => ({ kind: 'scan', scan: { kind: 'item', item }, bytes: item.length });

interface Reading {
  readonly reader: Reader;
  readonly events: ReaderEvent[];
  kinds(): string[];
}

function readFrom(test: Test, path: string, log: Log = silentLog): Reading {
  const events: ReaderEvent[] = [];
  const reader = createReader({
    path,
    baudRate: 9_600,
    readerKind: 'generic',
    kiosk: kioskId('jn-01'),
    lockers: [lockerNo(1)],
    library: { checkDigit: true, institutions: [] },
    log,
    onEvent: (event) => events.push(event),
  });
  test.teardown(() => reader.close());
  reader.start();
  return { reader, events, kinds: () => events.map(({ kind }) => kind) };
}

function plug(test: Test): Pty {
  const pty = openPty();
  test.teardown(() => pty.unplug());
  return pty;
}

t.test('reads scans from a serial port', async (t) => {
  const pty = plug(t);
  const { events } = readFrom(t, pty.path);
  await until(() => events.length === 1);
  t.same(events, [{ kind: 'ready' }]);
  pty.write(bytesOf(`]F0A${ITEM}B\r\n]Q1LNL:JN-01:01\r`));
  await until(() => events.length === 3);
  t.same(events[1], { kind: 'scan', scan: { kind: 'item', item: ITEM }, bytes: 19 });
  t.same(events[2], { kind: 'scan', scan: { kind: 'locker', locker: 1 }, bytes: 15 });
});

t.test('joins a scan that comes in pieces', async (t) => {
  const pty = plug(t);
  const { events } = readFrom(t, pty.path);
  await until(() => events.length === 1);
  for (const character of `${ITEM}\r`) {
    pty.write(bytesOf(character));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => events.length === 2);
  t.same(events[1], itemScan(ITEM));
});

t.test('takes a code that is read again at once for the same scan', async (t) => {
  const pty = plug(t);
  const { events } = readFrom(t, pty.path);
  await until(() => events.length === 1);
  pty.write(bytesOf(`${ITEM}\r${ITEM}\r`));
  pty.write(bytesOf(`${ITEM}\r${OTHER_ITEM}\r`));
  await until(() => events.length >= 3);
  t.same(events.slice(1), [itemScan(ITEM), itemScan(OTHER_ITEM)]);
});

t.test('drops a scan that is not finished, and says so', async (t) => {
  const pty = plug(t);
  const { events } = readFrom(t, pty.path);
  await until(() => events.length === 1);
  pty.write(bytesOf('3023400'));
  await until(() => events.length === 2);
  t.same(events[1], { kind: 'noise', discardedBytes: 7 });
  pty.write(bytesOf(`${ITEM}\r`));
  await until(() => events.length === 3);
  t.same(events[2], itemScan(ITEM));
});

t.test('finishes a scan whose pieces were held up by a standing event loop', async (t) => {
  const pty = plug(t);
  const { events } = readFrom(t, pty.path);
  await until(() => events.length === 1);
  pty.write(bytesOf(ITEM.slice(0, 7)));
  await new Promise((resolve) => setTimeout(resolve, limits.scanGapMs / 4));
  pty.write(bytesOf(`${ITEM.slice(7)}\r`));
  const blockedUntil = performance.now() + limits.scanGapMs * 5;
  while (performance.now() < blockedUntil);
  await until(() => events.length === 2);
  t.same(events[1], itemScan(ITEM));
});

t.test('stays small and alive under a megabyte of noise', async (t) => {
  const server = createServer();
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const { events, kinds } = readFrom(t, `tcp://127.0.0.1:${port}`);
  await until(() => events.length === 1 && sockets.length === 1);
  const noise = new Uint8Array(1_048_576).fill(0x55);
  sockets[0]?.write(noise);
  sockets[0]?.write(bytesOf(`\r${ITEM}\r`));
  await until(() => kinds().includes('scan'));
  const told = () =>
    events.reduce((sum, event) => sum + (event.kind === 'noise' ? event.discardedBytes : 0), 0);
  await until(() => told() === noise.length, 'every byte of noise told');
  t.ok(kinds().filter((kind) => kind === 'noise').length <= 3, 'in few events');
});

t.test('waits for a reader that is not there, and finds it again after it was unplugged', async (t) => {
  const folder = t.testdir();
  const path = join(folder, 'reader');
  const { events, kinds } = readFrom(t, path);
  await until(() => events.length === 1);
  t.match(events[0], { kind: 'lost', fault: { code: 'reader.lost', message: /port\.unavailable/ } });

  mkdirSync(folder, { recursive: true });
  const first = plug(t);
  symlinkSync(first.path, path);
  await until(() => kinds().includes('ready'), 'ready');
  first.write(bytesOf(`${ITEM}\r`));
  await until(() => kinds().includes('scan'), 'scan');
  first.write(bytesOf('3023'));
  first.unplug();
  rmSync(path);
  await until(() => kinds().filter((kind) => kind === 'lost').length === 2, 'lost');

  const second = plug(t);
  symlinkSync(second.path, path);
  await until(() => kinds().filter((kind) => kind === 'ready').length === 2, 'ready again', 10_000);
  second.write(bytesOf(`${OTHER_ITEM}\r`));
  await until(() => kinds().filter((kind) => kind === 'scan').length === 2, 'scan again');
  t.same(events.at(-1), itemScan(OTHER_ITEM), 'nothing of the old port is left');
});

t.test('lets the port go when closed, also while it is being opened, and says nothing more', async (t) => {
  const pty = plug(t);
  const first = readFrom(t, pty.path);
  await first.reader.close();
  t.same(first.events, []);
  const second = readFrom(t, pty.path);
  await until(() => second.events.length === 1);
  await second.reader.close();
  await second.reader.close();
  pty.write(bytesOf(`${ITEM}\r`));
  pty.unplug();
  await new Promise((resolve) => setTimeout(resolve, limits.reconnectFirstMs));
  t.same(second.kinds(), ['ready']);
});

t.test('never logs what was scanned', async (t) => {
  const lines: string[] = [];
  const keep = (fields: object, message: string) => lines.push(JSON.stringify(fields) + message);
  const pty = plug(t);
  const { kinds } = readFrom(t, pty.path, { debug: keep, info: keep, warn: keep, error: keep });
  await until(() => kinds().includes('ready'));
  pty.write(bytesOf(`CANARY\r\x00CANARY\rCANA`));
  await until(() => kinds().includes('noise'));
  pty.unplug();
  await until(() => kinds().includes('lost'));
  t.ok(lines.length > 0);
  t.notMatch(lines.join('\n'), /CANA/);
});

t.test(
  'a flood of codes is thinned, told once a second, and a normal scan comes through after it',
  async (t) => {
    const pty = plug(t);
    const { events } = readFrom(t, pty.path);
    await until(() => events.some(({ kind }) => kind === 'ready'), 'the port is open');
    for (let n = 0; n < 300; n += 1) pty.write(Buffer.from(`CODE ${n}\r`));
    await until(() => events.some(({ kind }) => kind === 'flood'), 'the flood is told');
    const scans = () => events.filter(({ kind }) => kind === 'scan').length;
    t.ok(scans() <= 2 * limits.scansPerSecond, `${scans()} scans of 300`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    pty.write(Buffer.from('30234000517861\r'));
    const isItem = (event: ReaderEvent) => event.kind === 'scan' && event.scan.kind === 'item';
    await until(() => events.some(isItem), 'the normal scan');
    t.ok(events.filter(({ kind }) => kind === 'flood').length <= 3);
  },
);

t.test('three megabytes of junk cost little memory, and a book held through them is read', async (t) => {
  const pty = openWaitingPty();
  t.teardown(() => pty.close());
  const { events } = readFrom(t, pty.path);
  await until(() => events.length === 1);
  const lines = Array.from({ length: 40_000 }, (_, n) => `LN1:${n}\r`).join('');
  const junk = [
    randomBytes(1_048_576),
    Buffer.from('\u0001\u0002\u0003\r'.repeat(262_144)),
    Buffer.from(lines),
  ];
  const startedMs = performance.now();
  const rssBefore = process.memoryUsage().rss;
  for (const bytes of junk) pty.stream.write(bytes);
  const isItem = (event: ReaderEvent) => event.kind === 'scan' && event.scan.kind === 'item';
  // A book held before the reader through the flood.
  await until(() => {
    if (!pty.stream.writableNeedDrain) pty.stream.write(bytesOf(`\r${ITEM}\r`));
    return events.some(isItem);
  }, 'a normal scan');
  const seconds = (performance.now() - startedMs) / 1_000;
  const scans = events.filter(({ kind }) => kind === 'scan').length;
  t.ok(scans <= limits.scansPerSecond * (1 + seconds), `${scans} scans in ${seconds.toFixed(1)} s`);
  t.ok(events.length < scans + 4 * (1 + seconds), 'few events');
  const grownMb = (process.memoryUsage().rss - rssBefore) / 1_048_576;
  t.ok(grownMb < 60, `${grownMb.toFixed(0)} MB more`);
  t.comment(`scan after ${seconds.toFixed(2)} s, ${grownMb.toFixed(0)} MB more`);
});
