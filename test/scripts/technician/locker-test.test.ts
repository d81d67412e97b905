import { join } from 'node:path';
import t, { type Test } from 'tap';
import { openRestorer } from '../../../scripts/technician/locker-test/locker-test.js';
import type { Event } from '../../../src/circulation/event.js';
import { itemId, lockerNo } from '../../../src/kernel/ids.js';
import { epochMs } from '../../../src/kernel/time.js';
import { openKioskJournal } from '../../../src/kiosk/start-kiosk.js';
import { createClock } from '../../../src/machine/clock.js';
import { displayWidth } from '../../../src/terminal/columns.js';
import { openAndShut, plugCabinet, startLockerTest } from './technician.js';

function plug(t: Test) {
  const plugged = plugCabinet(t, 'mega-24');
  const [board] = plugged.boards;
  if (!board) throw new Error('no board');
  return { plugged, board, until: plugged.host.timers.until };
}

t.test('lockers are tried one after another, and a jammed one is found', async (t) => {
  const { plugged, board } = plug(t);
  board.act(() => board.cabinet.jamLatch(3, true));
  const lockerTest = startLockerTest(plugged, [1, 2, 3]);
  for (const door of [1, 2]) await openAndShut(board, door, lockerTest);
  t.equal((await lockerTest.ended).filter(({ result }) => result === 'ok').length, 2);
  t.match(lockerTest.out(), /board main: lening/);
  t.match(
    lockerTest.out(),
    /✓ +1 +\d+ +\d+ +\d+ {2}正常 ok\n✓ +2 +\d+ +\d+ +\d+ {2}正常 ok\n✗ +3 +\d+ +– +– {2}门没打开/,
  );
  t.match(lockerTest.out(), /2 正常 ok · 1 有问题 failed: 3\n$/);
  t.ok(Math.max(...lockerTest.out().split('\n').map(displayWidth)) <= 60, 'it fits a photo of the screen');
});

t.test('a technician who sees the door open says so, and skips what cannot be tried', async (t) => {
  const { plugged, until } = plug(t);
  const lockerTest = startLockerTest(plugged, [4, 5]);
  await until(() => lockerTest.out().includes('pulse'), 'the pulse to have ended');
  lockerTest.said('o');
  await until(() => lockerTest.out().includes('door 5'), 'the next door');
  lockerTest.said('s');
  await lockerTest.ended;
  t.match(lockerTest.out(), /door 4: 门磁无反应 switch silent[\s\S]*door 5: 跳过 skipped/);
});

t.test('pulses alone', async (t) => {
  const { plugged } = plug(t);
  const findings = await startLockerTest(plugged, [7, 6], { waitMs: null }).ended;
  t.match(findings, [
    { locker: 7, result: 'ok' },
    { locker: 6, result: 'ok' },
  ]);
  for (const { pulseMs } of findings) t.ok(Math.abs((pulseMs ?? 0) - 500) <= 2, `${pulseMs} ms`);
});

t.test('stopped, it switches the lock off, lets the port go and shows what was found', async (t) => {
  const { plugged, board, until } = plug(t);
  const lockerTest = startLockerTest(plugged, [1, 2], { strength: 'long' });
  await until(() => board.locksOn().length === 1, 'a lock that is on');
  lockerTest.stop();
  await lockerTest.ended;
  t.strictSame(board.locksOn(), []);
  t.match(lockerTest.out(), /✗ +1 +\S+ +– +– {2}中断 stopped/);
  await plugged.host.openPort('main', { baudRate: 57_600 });
});

t.test('a port that is in use is said to be, by whom', async (t) => {
  const { plugged } = plug(t);
  await plugged.host.openPort('main', { baudRate: 57_600 });
  await t.rejects(startLockerTest(plugged, [1]).ended, {
    code: 'port.busy',
    message: /held by this program/,
  });
});

const [one, two, three] = [lockerNo(1), lockerNo(2), lockerNo(3)];

/** The folder of a kiosk whose journal has `events`; `open` opens the journal for the length of the test. */
function kioskWith(t: Test, events: readonly Event[]) {
  const dataFolder = join(t.testdir(), 'data');
  const journal = openKioskJournal(dataFolder);
  journal.append(createClock(() => epochMs(0)).now(), events);
  journal.close();
  const open = () => {
    const reopened = openKioskJournal(dataFolder);
    t.teardown(() => reopened.close());
    return reopened;
  };
  return { dataFolder, open };
}

t.test(
  'what passes and was withheld is put back into use; what was not so, or failed, is left',
  async (t) => {
    const { dataFolder, open } = kioskWith(t, [
      { type: 'item-stocked', locker: one, item: itemId('31234000000016') },
      { type: 'locker-withheld', locker: one, reason: 'did-not-open' },
      { type: 'locker-withheld', locker: three, reason: 'outcome-unknown' },
    ]);
    const { plugged, board, until } = plug(t);
    const lockerTest = startLockerTest(plugged, [1, 2, 3], { restorer: openRestorer(dataFolder) });
    for (const door of [1, 2]) await openAndShut(board, door, lockerTest);
    await until(() => lockerTest.out().includes('outcome-unknown'), 'the withheld door 3');
    lockerTest.said('s');
    await lockerTest.ended;
    t.match(lockerTest.out(), /out of use: did-not-open\n.*recorded: 书 book 31234000000016\n/);
    t.match(lockerTest.out(), /door 1: 正常 ok，恢复使用 back in use\n/);
    t.match(lockerTest.out(), /door 2: 正常 ok\n/);
    t.match(lockerTest.out(), /recorded: 空 empty/);
    const journal = open();
    t.same(
      journal.read(4, 10).map(({ event }) => event),
      [{ type: 'locker-restored', locker: one }],
    );
    const { lockers } = journal.load();
    t.match(lockers.get(one), { withheld: null, item: '31234000000016' });
    t.equal(lockers.get(two), undefined);
    t.match(lockers.get(three), { withheld: 'outcome-unknown' });
  },
);

t.test('the journal of a kiosk that runs is left alone', async (t) => {
  const { dataFolder, open } = kioskWith(t, [
    { type: 'locker-withheld', locker: one, reason: 'did-not-open' },
  ]);
  open();
  t.throws(() => openRestorer(dataFolder), { code: 'journal.busy' });
});
