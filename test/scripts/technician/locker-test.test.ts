import t, { type Test } from 'tap';
import { startEmulator } from '../../../firmware-bridge/emulator/client.js';
import { openPort } from '../../../firmware-bridge/port/index.js';
import { displayWidth } from '../../../src/terminal/columns.js';
import { until } from '../../support/until.js';
import { cabinetPath, openAndShut, runTool } from './technician.js';

const cabinetFile = cabinetPath('mega-24');
const emulator = await startEmulator({ cabinetFile });
t.teardown(() => emulator.stop());
const port = emulator.boards.main ?? '';

const lockerTest = (t: Test, ...args: readonly string[]) =>
  runTool(t, 'locker-test', ['--cabinet', cabinetFile, '--port', `main=${port}`, ...args]);
const locksOn = async () => (await emulator.snapshot()).lockers.filter(({ relayOn }) => relayOn);

t.test('lockers are tried one after another, and a jammed one is found', async (t) => {
  await emulator.fault({ kind: 'jam', locker: 3 });
  const tool = lockerTest(t, '--wait', '1', '1-3');
  for (const door of [1, 2]) {
    const seen = () => tool.out().split('开门 opened').length === door + 1;
    await openAndShut(emulator, door, seen);
  }
  t.equal(await tool.ended, 1);
  t.match(tool.out(), /board main: lening/);
  t.match(
    tool.out(),
    /✓ +1 +\d+ +\d+ +\d+ {2}正常 ok\n✓ +2 +\d+ +\d+ +\d+ {2}正常 ok\n✗ +3 +\d+ +– +– {2}门没打开/,
  );
  t.match(tool.out(), /2 正常 ok · 1 有问题 failed: 3\n$/);
  t.ok(Math.max(...tool.out().split('\n').map(displayWidth)) <= 60, 'it fits a photo of the screen');
});

t.test('a technician who sees the door open says so, and skips what cannot be tried', async (t) => {
  const tool = lockerTest(t, '4', '5');
  await until(() => tool.out().includes('pulse'), 'the pulse to have ended');
  tool.type('o');
  await until(() => tool.out().includes('door 5'), 'the next door');
  tool.type('s');
  t.equal(await tool.ended, 1);
  t.match(tool.out(), /door 4: 门磁无反应 switch silent[\s\S]*door 5: 跳过 skipped/);
});

t.test('pulses alone, as JSON', async (t) => {
  const tool = lockerTest(t, '--no-wait', '--json', '7', '6');
  t.equal(await tool.ended, 0);
  const report = JSON.parse(tool.out());
  t.match(report, {
    passed: 2,
    failed: 0,
    lockers: [
      { locker: 7, result: 'ok' },
      { locker: 6, result: 'ok' },
    ],
  });
  for (const { pulseMs } of report.lockers) t.ok(Math.abs(pulseMs - 500) <= 2, `${pulseMs} ms`);
});

t.test('Ctrl-C switches the lock off, lets the port go and shows what was found', async (t) => {
  const tool = lockerTest(t, '--long', 'all');
  await until(async () => (await locksOn()).length === 1, 'a lock that is on');
  tool.kill('SIGINT');
  t.equal(await tool.ended, 130);
  t.strictSame(await locksOn(), []);
  t.match(tool.out(), /✗ +1 +\S+ +– +– {2}中断 stopped/);
  const opened = await openPort(port, { baudRate: 57_600 });
  await opened.close();
});

t.test('a port that is in use is said to be, by whom, and what to do', async (t) => {
  const kiosk = await openPort(port, { baudRate: 57_600 });
  t.teardown(() => kiosk.close());
  const tool = lockerTest(t, 'all');
  t.equal(await tool.ended, 1);
  t.match(tool.err(), new RegExp(`held by [^]*\\(process\\s+${process.pid}\\)`));
  t.match(tool.err(), /串口被别的程序占用。如果是书亭程序，先把它停下/);
  t.match(tool.err(), /Stop the other\s+program, perhaps the kiosk/);
});

t.test('an impossible wait is refused with the limits', async (t) => {
  const tool = lockerTest(t, '--wait', '0', '1');
  t.equal(await tool.ended, 2);
  t.match(tool.err(), /--wait <seconds>' argument '0' is invalid. A number from 1 to \d+ is needed/);
});
