import { readFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { createEmulatedCabinet } from '../../../firmware-bridge/emulator/emulated-cabinet.js';
import { flashImage } from '../../../firmware-bridge/emulator/machine.js';
import { parseCabinet } from '../../../hardware/cabinet.js';
import { lockerNo } from '../../../src/kernel/ids.js';
import { packageRoot } from '../../../src/kernel/package-root.js';
import { watch } from '../../support/board-events.js';
import { probeHex } from '../../support/hex-file.js';
import { kerong24 } from '../../support/plugged-kerong.js';
import { type VirtualHost, virtualHost } from '../../support/virtual-host.js';
import { VirtualPlug } from '../../support/virtual-plug.js';

const cabinetYaml = (name: string) => readFileSync(new URL(`hardware/${name}`, packageRoot), 'utf8');
const mega48 = cabinetYaml('mega-48.yaml');
/** The cabinet with the switches of doors 9 and 33 on pin 30, which the probe reports. */
const reportedSwitches = mega48.replaceAll('lockPin: 30, doorPin: 62', 'lockPin: 62, doorPin: 30');
const items = [{ item: '31234000000016', title: '边城', author: '沈从文', locker: 1 }];

/** A cabinet on virtual ports that have the names of its boards; a Mega runs the probe. */
async function start(t: Test, yaml = mega48) {
  const host = virtualHost(t);
  const { boards, operator } = createEmulatedCabinet({
    cabinet: parseCabinet(yaml, 'cabinet.yaml'),
    image: flashImage(probeHex()),
    props: { people: [], items },
    scan: () => ({ ok: true }),
    timers: host.timers,
  });
  for (const board of boards) {
    await board.start(async (device) => new VirtualPlug(host, board.name, device));
    t.teardown(() => board.close());
  }
  return { host, operator, until: host.timers.until };
}

/** Opens the port of a board; `received` is what its probe has sent, `isLost` whether the port has ended. */
async function openLine(host: VirtualHost, board: string) {
  const port = await host.openPort(board, { baudRate: 57_600 });
  let received = '';
  let isLost = false;
  port.onData((bytes) => {
    received += Buffer.from(bytes).toString('latin1');
  });
  port.onClose((fault) => {
    isLost = fault !== null;
  });
  return { pulse: () => port.write(Buffer.from('P')), received: () => received, isLost: () => isLost };
}

t.test('two boards: each has its port, its doors and its pulses; the books are shared', async (t) => {
  const { host, operator, until } = await start(t);
  const { lockers, boards } = operator.snapshot();
  t.same(
    lockers.map(({ locker }) => locker),
    Array.from({ length: 48 }, (_, index) => index + 1),
  );
  t.match(boards, [
    { board: 'left', running: true, plugged: true },
    { board: 'right', running: true, plugged: true },
  ]);
  // The probe pulses its lock on pin 22, which is the first on either board.
  for (const [board, locker, other] of [
    ['right', 25, 1],
    ['left', 1, 2],
  ] as const) {
    const line = await openLine(host, board);
    t.same(operator.door({ locker, action: 'open' }), { ok: false, reason: 'door-latched' });
    line.pulse();
    await until(() => line.received().endsWith('P'));
    t.match(operator.snapshot().lockers[locker - 1], { lock: 'free', door: 'closed' });
    t.same(operator.door({ locker: other, action: 'open' }), { ok: false, reason: 'door-latched' });
    t.same(operator.door({ locker, action: 'open' }), { ok: true });
  }
  const item = '31234000000016';
  t.same(operator.book({ action: 'put', locker: 25, item }), { ok: false, reason: 'item-not-on-table' });
  t.same(operator.book({ action: 'take', locker: 1, item }), { ok: true });
  t.same(operator.snapshot().hand, [item]);
  t.same(operator.book({ action: 'put', locker: 2, item }), { ok: false, reason: 'door-closed' });
  t.same(operator.book({ action: 'put', locker: 25, item }), { ok: true });
  t.same(operator.door({ locker: 25, action: 'close' }), { ok: true });
  await until(() => operator.snapshot().lockers[24]?.relayOn === false);
  t.match(operator.snapshot().lockers[24], { locker: 25, lock: 'latched', door: 'closed', item });
  t.same(operator.door({ locker: 49, action: 'open' }), { ok: false, reason: 'locker-unknown' });
});

t.test('an unplugged board loses its port and has the same one when plugged in again', async (t) => {
  const { host, operator, until } = await start(t);
  const left = await openLine(host, 'left');
  const right = await openLine(host, 'right');
  t.same(operator.fault({ kind: 'unplug', board: 'left' }), { ok: true });
  await until(() => left.isLost());
  t.match(operator.snapshot().boards, [{ plugged: false }, { plugged: true }]);
  t.same(operator.fault({ kind: 'plug', board: 'left' }), { ok: true });
  const again = await openLine(host, 'left');
  again.pulse();
  await until(() => again.received().endsWith('P'));
  t.notOk(right.isLost());
  t.same(operator.fault({ kind: 'plug', board: 'middle' }), { ok: false, reason: 'board-unknown' });
});

t.test('changes of cables and supplies are reported', async (t) => {
  const { operator, until } = await start(t);
  const reports: string[] = [];
  operator.onChange(() => {
    const { boards } = operator.snapshot();
    reports.push(boards.map(({ running, plugged }) => `${running}/${plugged}`).join(' '));
  });
  operator.fault({ kind: 'unplug', board: 'right' });
  t.equal(reports.at(-1), 'true/true true/false');
  operator.fault({ kind: 'power-cut', board: 'left' });
  t.equal(reports.at(-1), 'false/true true/false');
  await until(() => reports.at(-1) === 'true/true true/false');
});

t.test('a reset and a power cut are told apart, and the EEPROM outlives both', async (t) => {
  const { host, operator, until } = await start(t);
  const line = await openLine(host, 'left');
  operator.fault({ kind: 'reset', board: 'left' });
  await until(() => line.received().endsWith('!221'), 'an external reset, the second boot');
  operator.fault({ kind: 'power-cut', board: 'left' });
  t.match(operator.snapshot().boards, [{ running: false }, { running: true }]);
  await until(() => line.received().endsWith('!112'), 'a power-on, the third boot');
  t.notOk(line.isLost());
});

t.test('a jammed latch does not open until it is freed; a crowbar opens any door', async (t) => {
  const { host, operator, until } = await start(t);
  const line = await openLine(host, 'left');
  t.same(operator.fault({ kind: 'jam', locker: 1 }), { ok: true });
  line.pulse();
  await until(() => line.received().endsWith('P'));
  t.same(operator.door({ locker: 1, action: 'open' }), { ok: false, reason: 'door-latched' });
  t.same(operator.fault({ kind: 'free', locker: 1 }), { ok: true });
  await until(() => operator.snapshot().lockers[0]?.relayOn === false);
  line.pulse();
  await until(() => line.received().endsWith('PP'));
  t.same(operator.door({ locker: 1, action: 'open' }), { ok: true });
  t.same(operator.fault({ kind: 'force', locker: 48 }), { ok: true });
  t.match(operator.snapshot().lockers[47], { door: 'open', lock: 'free' });
  t.same(operator.fault({ kind: 'jam', locker: 49 }), { ok: false, reason: 'locker-unknown' });
});

t.test('a chattering switch is reported until it is quiet', async (t) => {
  const { host, operator, until } = await start(t, reportedSwitches);
  const line = await openLine(host, 'right');
  t.same(operator.fault({ kind: 'chatter', locker: 33, everyMs: 10 }), { ok: true });
  await until(() => line.received().endsWith('ocococ'), 'open, closed, …');
  t.same(operator.fault({ kind: 'quiet', locker: 33 }), { ok: true });
  const before = line.received();
  operator.fault({ kind: 'reset', board: 'right' });
  await until(() => line.received().endsWith('!221c'), 'the next boot, the door shut');
  t.match(line.received().slice(before.length), /^c?!221c$/);
});

t.test('a Kerong board: an unlock lets one door spring open, and nothing else happens', async (t) => {
  const { host, operator } = await start(t, cabinetYaml('kerong-24.yaml'));
  const { board, next } = watch(t, { host, path: kerong24.board, description: kerong24 });
  await next('ready');
  t.same(operator.door({ locker: 7, action: 'open' }), { ok: false, reason: 'door-latched' });
  board.unlock(lockerNo(7), 1, 'normal');
  t.match(await next('door'), { locker: 7, door: 'open' });
  const { lockers, boards } = operator.snapshot();
  t.same(
    lockers.flatMap(({ locker, door }) => (door === 'open' ? [locker] : [])),
    [7],
  );
  t.same(boards, [{ board: kerong24.board, running: true, plugged: true, violations: [] }]);
  t.same(operator.door({ locker: 7, action: 'close' }), { ok: true });
  t.match(await next('door', 2), { locker: 7, door: 'closed' });
  operator.fault({ kind: 'power-cut', board: kerong24.board });
  t.match(operator.snapshot().boards, [{ running: false }]);
  operator.fault({ kind: 'unplug', board: kerong24.board });
  t.match((await next('lost')).fault, { code: 'board.lost' });
  operator.fault({ kind: 'plug', board: kerong24.board });
  await next('ready', 2);
});
