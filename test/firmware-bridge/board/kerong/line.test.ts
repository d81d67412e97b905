import t from 'tap';
import { lockerNo } from '../../../../src/kernel/ids.js';
import { watch } from '../../../support/board-events.js';
import { kerong16, kerong24, plugKerong } from '../../../support/plugged-kerong.js';

const seven = lockerNo(7);

t.test('refuses at once while there is no board, and never unlocks later', async (t) => {
  const plugged = plugKerong(t);
  plugged.unplug();
  const { board, of, next } = watch(t, { ...plugged.at, description: kerong24 });
  board.unlock(seven, 1, 'normal');
  t.match(of('pulse'), [{ tag: 1, outcome: { kind: 'refused', reason: 'board-not-ready' } }]);
  t.match((await next('lost')).fault, { code: 'port.unavailable' });
  plugged.plug();
  await next('ready');
  t.notMatch(Buffer.from(plugged.heard).toString('hex'), /51035c/);
});

t.test('finds the board again after an unplug, and reads its hooks back', async (t) => {
  const plugged = plugKerong(t);
  const { board, of, next } = watch(t, { ...plugged.at, description: kerong24 });
  await next('ready');
  plugged.unplug();
  t.match((await next('lost')).fault, { code: 'board.lost' });
  t.notOk(board.ready);
  plugged.wired.forceDoor(7);
  plugged.plug();
  const again = await next('ready', 2);
  t.equal(again.doors.get(seven), 'open');
  t.equal(of('lost').length, 1);
});

t.test('gives up a board that has fallen silent, and what it was told last is unanswered', async (t) => {
  const plugged = plugKerong(t);
  plugged.wired.jamLatch(7, true);
  const { board, next } = watch(t, { ...plugged.at, description: kerong24 });
  await next('ready');
  board.unlock(seven, 1, 'normal');
  await next('pulse');
  plugged.act(() => plugged.wired.machine.powerOff());
  t.match((await next('pulse', 2)).outcome, { kind: 'unanswered' });
  t.match((await next('lost')).fault, { code: 'board.lost', message: /no answer for 2000 ms/ });
  plugged.act(() => plugged.wired.machine.powerOn());
  await next('ready', 2);
});

t.test('an unlock that could not be written before the board was lost did not happen', async (t) => {
  const plugged = plugKerong(t);
  const { board, next, of } = watch(t, { ...plugged.at, description: kerong24 });
  await next('ready');
  plugged.fromBoard = () => new Uint8Array();
  // Longer than an answer may take: from here on the line counts as dead.
  const polls = plugged.heard.length;
  await plugged.at.host.timers.until(() => plugged.heard.length >= polls + 12);
  board.unlock(seven, 1, 'normal');
  await next('lost');
  t.match(of('pulse'), [{ tag: 1, outcome: { kind: 'refused', reason: 'board-not-ready' } }]);
  t.notMatch(Buffer.from(plugged.heard).toString('hex'), /51035c/);
});

t.test('one answer in three lost or spoilt is no loss of the board, and no false door', async (t) => {
  const plugged = plugKerong(t);
  let answers = 0;
  plugged.fromBoard = (bytes) => {
    answers += 1;
    if (answers % 3 !== 0) return bytes;
    return answers % 2 === 0 ? bytes.subarray(0, 5) : bytes.map((byte) => byte ^ 0x04);
  };
  const { board, next, of } = watch(t, { ...plugged.at, description: kerong24 });
  await next('ready');
  board.unlock(seven, 1, 'normal');
  t.match((await next('pulse', 2)).outcome, { kind: 'done' });
  await plugged.at.host.timers.until(() => answers > 24, 'many answers');
  t.same(
    of('door').map(({ locker, door }) => [locker, door]),
    [[7, 'open']],
  );
  t.same(of('lost'), []);
});

t.test('an adapter that echoes what is said confuses nobody', async (t) => {
  const plugged = plugKerong(t);
  plugged.toBoard = (bytes) => {
    plugged.babble(bytes);
    return bytes;
  };
  const { board, next, of } = watch(t, { ...plugged.at, description: kerong24 });
  await next('ready');
  board.unlock(seven, 1, 'normal');
  t.match((await next('pulse', 2)).outcome, { kind: 'done' });
  t.same(of('noise'), []);
});

t.test('bytes that nobody should have sent are counted, and nothing is written over them', async (t) => {
  const plugged = plugKerong(t);
  const { next, of } = watch(t, { ...plugged.at, description: kerong24 });
  await next('ready');
  plugged.babble(Uint8Array.from([0xfe, 0x02, 0xff]));
  const { discardedBytes } = await next('noise');
  t.equal(discardedBytes, 3);
  t.same(of('door'), []);
});

t.test('an answer is found behind the bytes of a line that turns round', async (t) => {
  const plugged = plugKerong(t);
  plugged.fromBoard = (bytes) => Uint8Array.from([0x00, 0xff, ...bytes]);
  const { next } = watch(t, { ...plugged.at, description: kerong24 });
  await next('ready');
  t.ok((await next('noise')).discardedBytes >= 2);
});

t.test('an unlock asked for while an answer is due waits for it, and not for the next poll', async (t) => {
  const plugged = plugKerong(t);
  const { board, next, of } = watch(t, { ...plugged.at, description: kerong24 });
  await next('ready');
  const polled = plugged.heard.length;
  await plugged.at.host.timers.until(() => plugged.heard.length > polled);
  const { timers } = plugged.at.host;
  const askedMs = timers.nowMs;
  board.unlock(seven, 1, 'normal');
  t.same(of('pulse'), [], 'the board is about to answer');
  await next('pulse');
  t.ok(timers.nowMs - askedMs < 80, `${timers.nowMs - askedMs} ms`);
});

t.test('a board that answers an unlock with its status is let finish', async (t) => {
  const plugged = plugKerong(t, kerong16, { answersUnlock: true });
  const { board, next, of } = watch(t, { ...plugged.at, description: kerong16 });
  await next('ready');
  board.unlock(seven, 1, 'normal');
  t.match((await next('pulse', 2)).outcome, { kind: 'done' });
  t.same(of('noise'), []);
});

t.test('asks at a steady pace', async (t) => {
  const plugged = plugKerong(t);
  const { next } = watch(t, { ...plugged.at, description: kerong24 });
  await next('ready');
  const before = plugged.heard.length;
  const { timers } = plugged.at.host;
  const startMs = timers.nowMs;
  await plugged.at.host.timers.until(() => plugged.heard.length >= before + 6 * 10);
  const perPoll = (timers.nowMs - startMs) / 10;
  t.ok(perPoll > 80 && perPoll < 200, `${perPoll} ms`);
});

t.test('can be closed at any moment, and leaves nothing running', async (t) => {
  const plugged = plugKerong(t);
  const { timers } = plugged.at.host;
  for (const moment of ['at once', 'ready', 'unlocking']) {
    const before = timers.pending;
    const { board, next } = watch(t, { ...plugged.at, description: kerong24 });
    if (moment !== 'at once') await next('ready');
    if (moment === 'unlocking') board.unlock(seven, 1, 'normal');
    await board.close();
    t.notOk(board.ready, moment);
    t.ok(timers.pending <= before, `${timers.pending} waits`);
  }
});
