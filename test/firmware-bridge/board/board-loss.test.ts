import t from 'tap';
import { encodeFrame } from '../../../firmware-bridge/board/wire.js';
import { lockerNo } from '../../../src/kernel/ids.js';
import { limits } from '../../../src/kernel/limits.js';
import { silentLog } from '../../../src/kernel/log.js';
import { repeat } from '../../../src/kernel/wait.js';
import { framesIn, plug, plugAndWait, watch } from '../../support/board-events.js';
import { mega24 } from '../../support/plugged-board.js';
import { virtualHost } from '../../support/virtual-host.js';

const seven = lockerNo(7);

t.test('refuses at once while there is no board, and never unlocks later', async (t) => {
  const plugged = plug(t);
  plugged.unplug();
  const { board, of, next } = watch(t, { ...plugged.at, description: mega24 });
  t.match((await next('lost')).fault, { code: 'port.unavailable' });
  board.unlock(seven, 1, 'normal');
  t.match(of('pulse'), [{ outcome: { kind: 'refused', reason: 'board-not-ready' } }]);
  plugged.plug();
  await next('ready');
  t.notOk(framesIn(plugged.heard).some(({ message }) => message.kind === 'pulse'));
});

t.test('finds the board again after an unplug, reads the doors back, and delivers nothing old', async (t) => {
  const { plugged, board, of, next } = await plugAndWait(t);
  board.unlock(seven, 1, 'normal');
  await next('pulse', 2);
  plugged.act(() => plugged.cabinet.openDoor(7));
  await next('door');
  plugged.unplug();
  // The loss is not known yet, so these are written to a line that has ended.
  board.unlock(lockerNo(8), 2, 'normal');
  plugged.act(() => plugged.cabinet.closeDoor(7));
  t.match((await next('lost')).fault, { code: 'board.lost' });
  plugged.heard.length = 0;
  plugged.plug();
  const again = await next('ready', 2);
  t.equal(again.doors.get(seven), 'closed');
  t.same(again.lastPulse, { tag: 1, locker: 7, opened: true });
  t.match(of('pulse').at(-1), { tag: 2, outcome: { kind: 'unanswered' } });
  t.notOk(framesIn(plugged.heard).some(({ message }) => message.kind === 'pulse'));
  board.unlock(lockerNo(8), 3, 'normal');
  await plugged.at.host.timers.until(() =>
    of('pulse').some(({ tag, outcome }) => tag === 3 && outcome.kind === 'done'),
  );
});

t.test('becomes ready through noise', async (t) => {
  const plugged = plug(t);
  // The noise falls between messages: inside of one it would spoil the board's long description every time.
  plugged.fromBoard = (bytes) => bytes;
  const { wait } = plugged.at.host.timers;
  t.teardown(repeat(wait, 40, () => plugged.babble(Uint8Array.of(0xf0, 0x79, 0x91, 0x0b, 0xf7))));
  const { next, of } = watch(t, { ...plugged.at, description: mega24 });
  await next('ready');
  t.same(of('door'), []);
});

t.test('does not take for noise what it joined in the middle of', async (t) => {
  const plugged = plug(t);
  plugged.toBoard = (bytes) => {
    plugged.toBoard = (rest) => rest;
    plugged.babble(Uint8Array.of(0x6c, 0x00, 0x65, 0x00, 0xf7));
    return bytes;
  };
  const { next, of } = watch(t, { ...plugged.at, description: mega24 });
  await next('ready');
  await plugged.at.host.timers.pass(2 * limits.heartbeatEveryMs);
  t.same(of('noise'), []);
});

t.test('tries a port that is not there again and again, ever more seldom', async (t) => {
  const host = virtualHost(t);
  const triedMs: number[] = [];
  const log = { ...silentLog, debug: () => void triedMs.push(host.timers.nowMs) };
  watch(t, { host, path: 'nothing', description: mega24, log });
  await host.timers.until(() => triedMs.length === 4);
  const waitsMs = triedMs.slice(1).map((atMs, index) => atMs - (triedMs[index] ?? 0));
  const firstMs = limits.reconnectFirstMs;
  for (const [index, waitMs] of waitsMs.entries()) {
    const leastMs = firstMs * 2 ** index;
    t.ok(waitMs >= leastMs - 1 && waitMs < 2 * leastMs, `${waitMs} ms, at least ${leastMs} ms`);
  }
});

t.test('notices a reset of the board at once and sets it up anew', async (t) => {
  const { plugged, board, first, next } = await plugAndWait(t);
  board.unlock(seven, 9, 'normal');
  await next('pulse', 2);
  plugged.act(() => plugged.machine.reset());
  const { timers } = plugged.at.host;
  const startedMs = timers.nowMs;
  t.match((await next('lost')).fault, { code: 'board.lost', message: /was reset/ });
  t.ok(timers.nowMs - startedMs < limits.heartbeatDeadlineMs, 'without waiting for a heartbeat');
  const again = await next('ready', 2);
  t.not(again.bootId, first.bootId);
  t.same(again.lastPulse, { tag: 9, locker: 7, opened: false });
});

t.test('believes a board no more that tells another boot than it began with', async (t) => {
  const { plugged, next } = await plugAndWait(t);
  plugged.fromBoard = (bytes) =>
    Uint8Array.from(
      framesIn(bytes).flatMap(({ message, ...envelope }) =>
        message.kind === 'status'
          ? [...encodeFrame({ ...envelope, message: { ...message, bootId: message.bootId ^ 1 } })]
          : [],
      ),
    );
  t.match((await next('lost')).fault, { code: 'board.lost', message: /booted anew/ });
});

t.test('gives up a board that has fallen silent', async (t) => {
  const { plugged, next } = await plugAndWait(t);
  plugged.freeze();
  const { timers } = plugged.at.host;
  const startedMs = timers.nowMs;
  t.match((await next('lost')).fault, { code: 'board.lost', message: /heartbeat/ });
  const waitedMs = timers.nowMs - startedMs;
  t.ok(waitedMs < limits.heartbeatDeadlineMs + 2 * limits.heartbeatEveryMs, `${waitedMs} ms`);
});

t.test('keeps an idle board’s session alive', async (t) => {
  const { events, plugged } = await plugAndWait(t);
  await plugged.at.host.timers.pass(3 * limits.hostSilenceMs);
  t.same(
    events.map(({ kind }) => kind),
    ['ready'],
  );
});

t.test('says so when the board does not accept the cabinet', async (t) => {
  const plugged = plug(t);
  const [first] = mega24.lockers;
  if (!first) throw new Error('no lockers');
  // Pin 1 is the serial line itself; the check of cabinet descriptions would not let it through.
  const description = { ...mega24, lockers: [{ ...first, lockPin: 1 }] };
  const { next, of } = watch(t, { ...plugged.at, description });
  t.match((await next('lost')).fault, { code: 'board.disagrees', message: /settings-impossible/ });
  t.equal(of('ready').length, 0);
});

t.test('says who is wrong when the port is held by another', async (t) => {
  const plugged = plug(t);
  const other = await plugged.at.host.openPort(plugged.path, { baudRate: 57_600 });
  const { next } = watch(t, { ...plugged.at, description: mega24 });
  t.match((await next('lost')).fault, { code: 'port.busy' });
  await other.close();
  await next('ready');
});

t.test('can be closed at any moment of its coming up', async (t) => {
  const plugged = plug(t);
  for (const afterMs of [0, 1, 5, 20, 60, 150, 250]) {
    const { board } = watch(t, { ...plugged.at, description: mega24 });
    await plugged.at.host.timers.pass(afterMs);
    await board.close();
    await (await plugged.at.host.openPort(plugged.path, { baudRate: 57_600 })).close();
  }
  t.pass();
});

t.test('a board whose description was lost on the wire is soon asked anew', async (t) => {
  const plugged = plug(t);
  let lost = 0;
  plugged.fromBoard = (bytes) => {
    const isDescription = bytes[1] === 0x6c;
    if (!isDescription || lost > 0) return bytes;
    lost += 1;
    return new Uint8Array();
  };
  const { timers } = plugged.at.host;
  const sinceMs = timers.nowMs;
  const { next } = watch(t, { ...plugged.at, description: mega24 });
  await next('ready');
  t.equal(lost, 1);
  t.ok(timers.nowMs - sinceMs < 6_000, 'not only when all patience is over');
});

t.test('a door whose report is lost on the wire is known all the same a moment later', async (t) => {
  const { plugged, next } = await plugAndWait(t);
  let lost = 0;
  plugged.fromBoard = (bytes) => {
    const isReport = bytes[1] === 0x0b;
    if (!isReport || lost > 0) return bytes;
    lost += 1;
    return new Uint8Array();
  };
  plugged.act(() => plugged.cabinet.forceDoor(7));
  t.match(await next('door'), { locker: 7, door: 'open' });
  t.equal(lost, 1);
});
