/** The tools as commands, on real ports where nothing has to be answered in time; what they do is tested in virtual time. */
import t, { type Test } from 'tap';
import { openPort } from '../../../firmware-bridge/port/index.js';
import { openPty } from '../../support/pty.js';
import { until } from '../../support/until.js';
import { cabinetPath, runTool } from './technician.js';

const cabinet = ['--cabinet', cabinetPath('mega-24')];

function plug(t: Test) {
  const pty = openPty();
  t.teardown(() => pty.unplug());
  return pty;
}

for (const [tool, options] of [
  ['board-info', cabinet],
  ['locker-test', [...cabinet, '--json', 'all']],
  ['scan-test', []],
] as const) {
  t.test(`${tool}: a port that is in use is said to be, by whom, and what to do`, async (t) => {
    const { path } = plug(t);
    const kiosk = await openPort(path, { baudRate: 57_600 });
    t.teardown(() => kiosk.close());
    const running = runTool(t, tool, [...options, '--port', tool === 'scan-test' ? path : `main=${path}`]);
    t.equal(await running.ended, 1);
    const said = running.out() + running.err();
    t.match(said, new RegExp(`held by [^]*\\(process\\s+${process.pid}\\)`));
    t.match(said, /串口被别的程序占用。如果是书亭程序，先把它停下/);
    t.match(said, /Stop the other\s+program, perhaps the kiosk/);
  });
}

t.test('locker-test: Ctrl-C lets the port go', async (t) => {
  const pty = plug(t);
  let isAsked = false;
  pty.onData(() => {
    isAsked = true;
  });
  const tool = runTool(t, 'locker-test', [...cabinet, '--port', `main=${pty.path}`, 'all']);
  await until(() => isAsked, 'the board being asked');
  tool.kill('SIGINT');
  t.equal(await tool.ended, 130);
  await (await openPort(pty.path, { baudRate: 57_600 })).close();
});

t.test('scan-test: shows scans until Ctrl-C, or until the reader is gone', async (t) => {
  const pty = plug(t);
  const tool = runTool(t, 'scan-test', ['--port', pty.path]);
  await until(() => tool.out().includes('Ctrl-C'), 'it is ready');
  pty.write(Buffer.from('30234000517861\r'));
  await until(() => tool.out().includes('a book'), 'a scan');
  tool.kill('SIGINT');
  t.equal(await tool.ended, 0);
  t.match(tool.out(), /scans +1\n/);
  const again = runTool(t, 'scan-test', ['--port', pty.path]);
  await until(() => again.out().includes('Ctrl-C'), 'it is ready again');
  pty.unplug();
  t.equal(await again.ended, 1);
  t.match(again.err(), /串口断开了/);
});

const main = ['--port', 'main=/dev/null'];
for (const [why, tool, args, sentence] of [
  ['a cabinet described twice', 'board-info', [...cabinet, '--config', 'a.yaml'], /either --config, or/],
  [
    'an impossible wait',
    'locker-test',
    [...cabinet, ...main, '--wait', '0', '1'],
    /argument '0' is invalid. A number from 1 to \d+ is needed/,
  ],
  [
    'a pulse alone that is to restore',
    'locker-test',
    [...cabinet, ...main, '--restore', '--no-wait', '1'],
    /--restore needs --config, and not --no-wait/,
  ],
  ['no reader', 'scan-test', [], /either --config or --port is needed\n$/],
  ['a speed that is no number', 'scan-test', ['--port', '/dev/null', '--baud', 'fast'], /'fast' is invalid/],
] as const) {
  t.test(`${tool}: ${why} is refused in one sentence`, async (t) => {
    const running = runTool(t, tool, args);
    t.equal(await running.ended, 2);
    t.match(running.err(), sentence);
  });
}
