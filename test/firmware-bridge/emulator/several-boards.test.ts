import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { type RunningEmulator, startEmulator } from '../../../firmware-bridge/emulator/client.js';
import { openPort } from '../../../firmware-bridge/port/index.js';
import { packageRoot } from '../../../src/kernel/package-root.js';
import { probeFile } from '../../support/hex-file.js';
import { until } from '../../support/until.js';

const cabinetFile = fileURLToPath(new URL('hardware/mega-48.yaml', packageRoot));
const items = [{ item: '31234000000016', title: '边城', author: '沈从文', locker: 1 }];

/** The cabinet with the switches of doors 9 and 33 on pin 30, which is the one that the probe watches. */
function watched(t: Test): string {
  const yaml = readFileSync(cabinetFile, 'utf8').replaceAll(
    'lockPin: 30, doorPin: 62',
    'lockPin: 62, doorPin: 30',
  );
  return join(t.testdir({ 'cabinet.yaml': yaml }), 'cabinet.yaml');
}

async function start(t: Test, boards = 'pty', file = cabinetFile): Promise<RunningEmulator> {
  const props = { people: [], items };
  const emulator = await startEmulator({ cabinetFile: file, firmwareFile: probeFile, boards, props });
  t.teardown(() => emulator.stop());
  return emulator;
}

/** A host at one board: what the probe on it has said since, and whether its port is still open. */
async function plugHost(t: Test, emulator: RunningEmulator, board: string) {
  const port = await openPort(emulator.boards[board] ?? '', { baudRate: 57_600 });
  t.teardown(() => port.close());
  let said = '';
  let lost = false;
  port.onData((bytes) => {
    said += Buffer.from(bytes).toString('latin1');
  });
  port.onClose((fault) => {
    lost = fault !== null;
  });
  return { pulse: () => port.write(Buffer.from('P')), said: () => said, lost: () => lost };
}

t.test('two boards: each has its port, its doors and its pulses; the books are shared', async (t) => {
  const emulator = await start(t);
  t.same(Object.keys(emulator.boards), ['left', 'right']);
  const { lockers, boards } = await emulator.snapshot();
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
    const host = await plugHost(t, emulator, board);
    host.pulse();
    await until(() => host.said().endsWith('P'));
    t.same(await emulator.door(other, 'open'), { ok: false, reason: 'door-latched' });
    t.same(await emulator.door(locker, 'open'), { ok: true });
  }
  t.same(await emulator.book('take', 1, '31234000000016'), { ok: true });
  t.same(await emulator.book('put', 25, '31234000000016'), { ok: true });
  t.match((await emulator.snapshot()).lockers[24], { locker: 25, door: 'open', item: '31234000000016' });
  t.same(await emulator.door(49, 'open'), { ok: false, reason: 'locker-unknown' });
});

for (const kind of ['pty', 'tcp:0']) {
  t.test(`over ${kind}: an unplugged board is gone for its host, and comes back where it was`, async (t) => {
    const emulator = await start(t, kind);
    const left = await plugHost(t, emulator, 'left');
    const right = await plugHost(t, emulator, 'right');
    t.same(await emulator.fault({ kind: 'unplug', board: 'left' }), { ok: true });
    await until(() => left.lost());
    t.match((await emulator.snapshot()).boards, [{ plugged: false }, { plugged: true }]);
    t.same(await emulator.fault({ kind: 'plug', board: 'left' }), { ok: true });
    const again = await plugHost(t, emulator, 'left');
    again.pulse();
    await until(() => again.said().endsWith('P'));
    t.notOk(right.lost());
    t.same(await emulator.fault({ kind: 'plug', board: 'middle' }), { ok: false, reason: 'board-unknown' });
  });
}

t.test('the names of the ports are gone when the emulator is', async (t) => {
  const emulator = await start(t);
  const folder = dirname(emulator.boards.left ?? '');
  t.ok(existsSync(folder));
  await emulator.stop();
  t.notOk(existsSync(folder));
});

t.test('an open page hears of cables and supplies too', async (t) => {
  const emulator = await start(t);
  const response = await fetch(new URL('api/live', emulator.page));
  const reader = response.body?.getReader();
  t.teardown(() => reader?.cancel());
  let heard = '';
  const listen = async () => {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done) return;
      heard = Buffer.from(value ?? []).toString();
    }
  };
  const listening = listen();
  await until(() => heard.includes('"plugged":true'));
  await emulator.fault({ kind: 'unplug', board: 'right' });
  await until(() => heard.includes('"plugged":false'));
  await emulator.fault({ kind: 'power-cut', board: 'left' });
  await until(() => heard.includes('"running":false'));
  await until(() => !heard.includes('"running":false'));
  await reader?.cancel();
  await listening;
});

t.test('a reset and a power cut are told apart, and the EEPROM outlives both', async (t) => {
  const emulator = await start(t);
  const host = await plugHost(t, emulator, 'left');
  t.same(await emulator.fault({ kind: 'reset', board: 'left' }), { ok: true });
  await until(() => host.said().endsWith('!221'), 'an external reset, the second boot');
  t.same(await emulator.fault({ kind: 'power-cut', board: 'left' }), { ok: true });
  t.match((await emulator.snapshot()).boards, [{ running: false }, { running: true }]);
  await until(() => host.said().endsWith('!112'), 'a power-on, the third boot');
  t.notOk(host.lost());
});

t.test('a jammed latch stays shut until it is freed; a crowbar minds neither', async (t) => {
  const emulator = await start(t);
  const host = await plugHost(t, emulator, 'left');
  t.same(await emulator.fault({ kind: 'jam', locker: 1 }), { ok: true });
  host.pulse();
  await until(() => host.said().endsWith('P'));
  t.same(await emulator.door(1, 'open'), { ok: false, reason: 'door-latched' });
  t.same(await emulator.fault({ kind: 'free', locker: 1 }), { ok: true });
  await until(async () => !(await emulator.snapshot()).lockers[0]?.relayOn);
  host.pulse();
  await until(() => host.said().endsWith('PP'));
  t.same(await emulator.door(1, 'open'), { ok: true });
  t.same(await emulator.fault({ kind: 'force', locker: 48 }), { ok: true });
  t.match((await emulator.snapshot()).lockers[47], { door: 'open', lock: 'free' });
  t.same(await emulator.fault({ kind: 'jam', locker: 49 }), { ok: false, reason: 'locker-unknown' });
});

t.test('a chattering switch is heard until it is quiet', async (t) => {
  const emulator = await start(t, 'pty', watched(t));
  const host = await plugHost(t, emulator, 'right');
  t.same(await emulator.fault({ kind: 'chatter', locker: 33, everyMs: 10 }), { ok: true });
  await until(() => host.said().endsWith('ocococ'), 'open, closed, …');
  t.same(await emulator.fault({ kind: 'quiet', locker: 33 }), { ok: true });
  const heard = host.said();
  await emulator.fault({ kind: 'reset', board: 'right' });
  await until(() => host.said().endsWith('!221c'), 'the next boot, the door shut');
  t.match(host.said().slice(heard.length), /^c?!221c$/);
});
