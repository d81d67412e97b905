import t from 'tap';
import type { MessageKind } from '../../../firmware-bridge/board/wire.js';
import { lockerNo } from '../../../src/kernel/ids.js';
import { framesIn, plugAndWait } from '../../support/board-events.js';
import { mega24 } from '../../support/plugged-board.js';
import type { LineFault } from '../../support/plugged-device.js';

const seven = lockerNo(7);

/** Swallows the first `count` frames of a kind. */
function swallow(kind: MessageKind, count: number): LineFault {
  let left = count;
  return (bytes) => {
    if (left === 0 || !framesIn(bytes).some(({ message }) => message.kind === kind)) return bytes;
    left -= 1;
    return new Uint8Array();
  };
}

t.test('is ready within moments, every door known, and knows of no pulse', async (t) => {
  const { first } = await plugAndWait(t);
  t.equal(first.firmware, 'lening 2.0');
  t.equal(first.lastPulse, null);
  t.same(
    [...first.doors],
    mega24.lockers.map(({ locker }) => [locker, 'closed']),
  );
});

t.test('pulses a lock and reports the door', async (t) => {
  const { plugged, board, of, next } = await plugAndWait(t);
  board.unlock(seven, 4_711, 'normal');
  await next('pulse');
  t.same(plugged.locksOn(), [7]);
  const done = await next('pulse', 2);
  t.same(of('pulse')[0], { kind: 'pulse', locker: 7, tag: 4_711, outcome: { kind: 'accepted' } });
  t.same(done, {
    kind: 'pulse',
    locker: 7,
    tag: 4_711,
    outcome: { kind: 'done', measuredMs: mega24.coil.pulseMs },
  });
  plugged.act(() => plugged.cabinet.openDoor(7));
  t.same(await next('door'), { kind: 'door', locker: 7, door: 'open' });
  plugged.act(() => plugged.cabinet.closeDoor(7));
  t.same(await next('door', 2), { kind: 'door', locker: 7, door: 'closed' });
});

t.test('has the pulse on the line when unlock returns', async (t) => {
  const { plugged, board } = await plugAndWait(t);
  board.unlock(seven, 5, 'normal');
  // The heartbeat is on the line too.
  const pulses = framesIn(plugged.heard).filter(({ message }) => message.kind === 'pulse');
  t.match(pulses, [{ message: { kind: 'pulse', locker: 7, tag: 5, pulseMs: mega24.coil.pulseMs } }]);
});

t.test('passes on a refusal of the board, and refuses what is no locker', async (t) => {
  const { board, of, next } = await plugAndWait(t);
  board.unlock(lockerNo(1), 1, 'normal');
  board.unlock(lockerNo(2), 2, 'normal');
  board.unlock(lockerNo(25), 3, 'normal');
  await next('pulse', 3);
  const reasons = of('pulse').flatMap(({ tag, outcome }) =>
    outcome.kind === 'refused' ? [[tag, outcome.reason]] : [],
  );
  t.same(reasons, [
    [3, 'locker-unknown'],
    [2, 'too-many-locks-on'],
  ]);
});

t.test('counts noise and believes none of it', async (t) => {
  const { plugged, of, next, events } = await plugAndWait(t);
  const noise = Uint8Array.from({ length: 3_000 }, (_, at) => (at * 89 + (at >> 3)) & 0xff);
  plugged.babble(noise.filter((byte) => byte !== 0xf9));
  await next('noise');
  const kinds = new Set(events.map(({ kind }) => kind));
  t.same(kinds, new Set(['ready', 'noise']));
  t.ok(of('noise').reduce((sum, { discardedBytes }) => sum + discardedBytes, 0) > 1_000);
});

for (const kind of ['pulse', 'answer'] as const) {
  t.test(`unlocks once though a ${kind} was lost on the line`, async (t) => {
    const { plugged, board, of, next } = await plugAndWait(t);
    let pulses = 0;
    plugged.machine.onPinChange((pin, level) => {
      if (pin === 28 && level === 'high') pulses += 1;
    });
    if (kind === 'pulse') plugged.toBoard = swallow(kind, 1);
    else plugged.fromBoard = swallow(kind, 1);
    board.unlock(seven, 1, 'normal');
    await next('pulse', 2);
    t.same(
      of('pulse').map(({ outcome }) => outcome.kind),
      ['accepted', 'done'],
    );
    t.equal(pulses, 1);
  });
}

t.test('says that a pulse went unanswered when the board hears none', async (t) => {
  const { plugged, board, of, next } = await plugAndWait(t);
  plugged.toBoard = swallow('pulse', Number.POSITIVE_INFINITY);
  board.unlock(seven, 1, 'normal');
  await next('pulse');
  t.match(of('pulse'), [{ tag: 1, outcome: { kind: 'unanswered' } }]);
  t.equal(of('lost').length, 0);
});

t.test('switches the lock off and ends the session when it is closed', async (t) => {
  const { plugged, board, next } = await plugAndWait(t);
  board.unlock(seven, 1, 'normal');
  await next('pulse');
  t.same(plugged.locksOn(), [7]);
  await board.close();
  t.same(plugged.locksOn(), []);
  t.equal(board.ready, false);
  await (await plugged.at.host.openPort(plugged.path, { baudRate: 57_600 })).close();
});
