import { randomBytes } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { openPty as openWaitingPty } from '../../../firmware-bridge/emulator/pty.js';
import { type Host, thisHost } from '../../../firmware-bridge/port/index.js';
import { createReader, type Reader, type ReaderEvent } from '../../../firmware-bridge/reader/reader.js';
import { kioskId, lockerNo } from '../../../src/kernel/ids.js';
import { limits } from '../../../src/kernel/limits.js';
import type { Log } from '../../../src/kernel/log.js';
import { silentLog } from '../../../src/kernel/log.js';
import { openPty } from '../../support/pty.js';
import { until } from '../../support/until.js';
import { virtualHost } from '../../support/virtual-host.js';

const ITEM = '30234000517861';
const OTHER_ITEM = '33191000105864';
const bytesOf = (text: string) => new TextEncoder().encode(text);
const itemScan = (item: string) => ({ kind: 'scan', scan: { kind: 'item', item }, bytes: item.length });

interface Reading {
  readonly reader: Reader;
  readonly events: ReaderEvent[];
  kinds(): string[];
}

/** Reads from the port at `path` of this computer, or of a test's. */
function readFrom(
  test: Test,
  path: string,
  { log = silentLog, host = thisHost }: { log?: Log; host?: Host } = {},
): Reading {
  const events: ReaderEvent[] = [];
  const reader = createReader({
    path,
    baudRate: 9_600,
    readerKind: 'generic',
    kiosk: kioskId('jn-01'),
    lockers: [lockerNo(1)],
    library: { checkDigit: true, institutions: [] },
    host,
    log,
    onEvent: (event) => events.push(event),
  });
  test.teardown(() => reader.close());
  reader.start();
  return { reader, events, kinds: () => events.map(({ kind }) => kind) };
}

/** A reader on a port of a test's computer, once that is open. */
async function plugged(test: Test, log: Log = silentLog) {
  const host = virtualHost(test);
  const line = host.plug('reader', () => undefined);
  const { until } = host.timers;
  const reading = readFrom(test, 'reader', { host, log });
  await until(() => reading.events.length === 1, 'ready');
  return { ...reading, host, line, until, type: (text: string) => line.write(bytesOf(text)) };
}

t.test('reads scans from a serial port', async (t) => {
  const pty = openPty();
  t.teardown(() => pty.unplug());
  const { events } = readFrom(t, pty.path);
  await until(() => events.length === 1);
  t.same(events, [{ kind: 'ready' }]);
  pty.write(bytesOf(`]F0A${ITEM}B\r\n]Q1LNL:JN-01:01\r`));
  await until(() => events.length === 3);
  t.same(events[1], { kind: 'scan', scan: { kind: 'item', item: ITEM }, bytes: 19 });
  t.same(events[2], { kind: 'scan', scan: { kind: 'locker', locker: 1 }, bytes: 15 });
});

t.test('joins a scan that comes in pieces', async (t) => {
  const { events, type, until, host } = await plugged(t);
  for (const character of `${ITEM}\r`) {
    type(character);
    await host.timers.pass(20);
  }
  await until(() => events.length === 2);
  t.same(events[1], itemScan(ITEM));
});

t.test('takes a code that is read again at once for the same scan', async (t) => {
  const { events, type, until } = await plugged(t);
  type(`${ITEM}\r${ITEM}\r`);
  type(`${ITEM}\r${OTHER_ITEM}\r`);
  await until(() => events.length >= 3);
  t.same(events.slice(1), [itemScan(ITEM), itemScan(OTHER_ITEM)]);
});

t.test('drops a scan that is not finished, and says so', async (t) => {
  const { events, type, until } = await plugged(t);
  type('3023400');
  await until(() => events.length === 2);
  t.same(events[1], { kind: 'noise', discardedBytes: 7 });
  type(`${ITEM}\r`);
  await until(() => events.length === 3);
  t.same(events[2], itemScan(ITEM));
});

t.test('finishes a scan whose pieces were held up by a standing event loop', async (t) => {
  const { events, type, until, host } = await plugged(t);
  type(ITEM.slice(0, 7));
  await host.timers.pass(limits.scanGapMs / 4);
  type(`${ITEM.slice(7)}\r`);
  host.timers.stall(limits.scanGapMs * 5);
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
  const host = virtualHost(t);
  const { until } = host.timers;
  const { events, kinds } = readFrom(t, 'reader', { host });
  await until(() => events.length === 1);
  t.match(events[0], { kind: 'lost', fault: { code: 'reader.lost', message: /port\.unavailable/ } });

  const first = host.plug('reader', () => undefined);
  await until(() => kinds().includes('ready'), 'ready');
  first.write(bytesOf(`${ITEM}\r`));
  await until(() => kinds().includes('scan'), 'scan');
  first.write(bytesOf('3023'));
  await host.timers.pass(10);
  host.unplug('reader');
  await until(() => kinds().filter((kind) => kind === 'lost').length === 2, 'lost');

  const second = host.plug('reader', () => undefined);
  await until(() => kinds().filter((kind) => kind === 'ready').length === 2, 'ready again');
  second.write(bytesOf(`${OTHER_ITEM}\r`));
  await until(() => kinds().filter((kind) => kind === 'scan').length === 2, 'scan again');
  t.same(events.at(-1), itemScan(OTHER_ITEM), 'nothing of the old port is left');
});

t.test('lets the port go when closed, also while it is being opened, and says nothing more', async (t) => {
  const host = virtualHost(t);
  const line = host.plug('reader', () => undefined);
  const first = readFrom(t, 'reader', { host });
  await first.reader.close();
  t.same(first.events, []);
  t.notOk(line.isOpen);
  const second = readFrom(t, 'reader', { host });
  await host.timers.until(() => second.events.length === 1);
  await second.reader.close();
  await second.reader.close();
  t.notOk(line.isOpen);
  line.write(bytesOf(`${ITEM}\r`));
  host.unplug('reader');
  await host.timers.pass(2 * limits.reconnectFirstMs);
  t.same(second.kinds(), ['ready']);
});

t.test('never logs what was scanned', async (t) => {
  const lines: string[] = [];
  const keep = (fields: object, message: string) => lines.push(JSON.stringify(fields) + message);
  const log = { debug: keep, info: keep, warn: keep, error: keep };
  const { kinds, type, until, host } = await plugged(t, log);
  type(`CANARY\r\x00CANARY\rCANA`);
  await until(() => kinds().includes('noise'));
  host.unplug('reader');
  await until(() => kinds().includes('lost'));
  t.ok(lines.length > 0);
  t.notMatch(lines.join('\n'), /CANA/);
});

t.test(
  'a flood of codes is thinned, told once a second, and a normal scan comes through after it',
  async (t) => {
    const { events, type, until, host } = await plugged(t);
    for (let n = 0; n < 300; n += 1) type(`CODE ${n}\r`);
    await until(() => events.some(({ kind }) => kind === 'flood'), 'the flood is told');
    const scans = () => events.filter(({ kind }) => kind === 'scan').length;
    t.ok(scans() <= 2 * limits.scansPerSecond, `${scans()} scans of 300`);
    await host.timers.pass(300);
    type('30234000517861\r');
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
