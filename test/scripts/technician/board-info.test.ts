import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { startEmulator } from '../../../firmware-bridge/emulator/client.js';
import { openPort } from '../../../firmware-bridge/port/index.js';
import { durationWords, ranges, resetCauseWords } from '../../../scripts/technician/board-info/words.js';
import { displayWidth } from '../../../src/terminal/columns.js';
import { openPty } from '../../support/pty.js';
import { StandardFirmata } from '../../support/standard-firmata.js';
import { cabinetPath, runTool } from './technician.js';

const cabinetFile = cabinetPath('mega-48');
const emulator = await startEmulator({ cabinetFile });
t.teardown(() => emulator.stop());
const { left = '', right = '' } = emulator.boards;

const portsOf = (ports: Readonly<Record<string, string>>) =>
  Object.entries(ports).flatMap(([board, path]) => ['--port', `${board}=${path}`]);
const boardInfo = (t: Test, ...args: readonly string[]) =>
  runTool(t, 'board-info', ['--cabinet', cabinetFile, ...portsOf({ left, right }), ...args]);

t.test('boards that nobody has configured yet say so, and still do after being asked', async (t) => {
  for (let time = 1; time <= 2; time += 1) {
    const tool = boardInfo(t);
    t.equal(await tool.ended, 0, tool.err());
    t.match(
      tool.out(),
      /board left[\s\S]*settings +– 尚无 none yet[\s\S]*board right[\s\S]*settings +– 尚无 none yet/,
    );
    t.notMatch(tool.out(), 'doors');
  }
});

t.test('a configured board tells its doors, with all else that a technician asks', async (t) => {
  const warm = runTool(t, 'locker-test', [
    '--cabinet',
    cabinetFile,
    ...portsOf({ left, right }),
    '--no-wait',
    '1',
    '25',
  ]);
  t.equal(await warm.ended, 0, warm.err());
  await emulator.fault({ kind: 'force', locker: 27 });
  const tool = boardInfo(t);
  t.equal(await tool.ended, 0, tool.err());
  const [, ofRight = ''] = tool.out().split('board right');
  t.match(ofRight, /firmware +lening \d+\.\d+, protocol \d/);
  t.match(ofRight, /reset by +上电 power-on/);
  t.match(ofRight, /settings +✓ 相同 equal/);
  t.match(ofRight, /bad frames +0\n/);
  t.match(ofRight, /doors open +27\n.*doors shut +25-26 28-48\n.*unknown +–\n.*chattering +–\n/);
  t.ok(Math.max(...tool.out().split('\n').map(displayWidth)) <= 60, 'it fits a photo of the screen');
});

t.test(
  'as JSON; a board that keeps the settings of another description is told from one that agrees',
  async (t) => {
    const other = join(t.testdir(), 'other.yaml');
    writeFileSync(other, readFileSync(cabinetFile, 'utf8').replace('debounceMs: 30', 'debounceMs: 31'));
    const args = ['--json', '--cabinet', other, ...portsOf({ left, right })];
    const tool = runTool(t, 'board-info', args);
    t.equal(await tool.ended, 0, tool.err());
    const { boards } = JSON.parse(tool.out());
    t.match(boards, [
      { board: 'left', settings: 'different', status: { locksOn: 0 }, lockers: { 1: { door: 'unknown' } } },
      { board: 'right', settings: 'equal', lockers: { 27: { door: 'open' }, 48: { door: 'closed' } } },
    ]);
  },
);

t.test(
  'a stock Firmata is named with the remedy and asked nothing but who it is; a port in use names its user',
  async (t) => {
    const pty = openPty();
    t.teardown(() => pty.unplug());
    const stock = new StandardFirmata((bytes) => pty.write(bytes));
    pty.onData((bytes) => stock.receive(bytes));
    const kiosk = await openPort(right, { baudRate: 57_600 });
    t.teardown(() => kiosk.close());
    const args = ['--cabinet', cabinetFile, ...portsOf({ left: pty.path, right })];
    const tool = runTool(t, 'board-info', args);
    t.equal(await tool.ended, 1);
    const [ofLeft = '', ofRight = ''] = tool.out().split('board right');
    t.match(ofLeft, /StandardFirmata/);
    t.match(ofLeft, /不是所描述的锁板/);
    t.match(ofLeft, /flash\s+firmware-bridge\/firmware/);
    t.ok(
      stock.messages.every((message) => /^(f9|f0 ?79 ?f7)$/i.test(message)),
      stock.messages.join(),
    );
    t.match(ofRight, new RegExp(`process\\s+${process.pid}\\)`));
  },
);

t.test('a cabinet described twice is refused', async (t) => {
  const tool = runTool(t, 'board-info', ['--cabinet', cabinetFile, '--config', 'kiosk.yaml']);
  t.equal(await tool.ended, 2);
  t.match(tool.err(), /^error: either --config, or --cabinet/);
});

t.test('numbers become words', async (t) => {
  t.match(resetCauseWords(9), /power-on; .*watchdog/);
  t.match(resetCauseWords(0), /unknown/);
  t.strictSame([0, 59, 61, 3_600, 90_061].map(durationWords), [
    '0 s',
    '59 s',
    '1 min 1 s',
    '1 h 0 min',
    '1 d 1 h',
  ]);
  t.strictSame([[], [7], [3, 1, 2, 9]].map(ranges), ['–', '7', '1-3 9']);
});
