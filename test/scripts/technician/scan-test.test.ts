import t, { type Test } from 'tap';
import { openPort } from '../../../firmware-bridge/port/index.js';
import { sightingOf } from '../../../scripts/technician/scan-test/sighting.js';
import { sightingText } from '../../../scripts/technician/scan-test/words.js';
import { displayWidth } from '../../../src/terminal/columns.js';
import { FakeGm65 } from '../../support/gm65.js';
import { openPty } from '../../support/pty.js';
import { until } from '../../support/until.js';
import { runTool } from './technician.js';

function plug(t: Test) {
  const pty = openPty();
  t.teardown(() => pty.unplug());
  return pty;
}

t.test('shows each scan with its symbology and meaning, narrow enough for a photo', async (t) => {
  const pty = plug(t);
  const tool = runTool(t, 'scan-test', ['--port', pty.path]);
  await until(() => tool.out().includes('Ctrl-C'), 'it is ready', 10_000);
  const pass = `LN1:${'SECRET'.repeat(30)}`;
  for (const code of [
    ']F030234000517861',
    `]Q1${pass}`,
    ']E09787020002207',
    'LNL:JN-07:03',
    '134567890123456789',
  ])
    pty.write(Buffer.from(`${code}\r`));
  await until(() => tool.out().includes('#5'), 'five scans');
  const said = tool.out();
  t.match(said, /✓ .*]F0 Codabar\n.*a book: 30234000517861/);
  t.match(said, /]Q1 QR\n.*借书码/);
  t.match(said, /an ISBN/);
  t.match(said, /the code of door 3/);
  t.match(said, /✗ .*no AIM id\n.*微信付款码/);
  t.notMatch(said, /SECRET|53 45|4567890/, 'a pass or a payment code is nobody’s business');
  for (const line of said.split('\n')) t.ok(displayWidth(line) <= 60, line);
  tool.kill('SIGINT');
  t.equal(await tool.ended, 0);
  t.match(tool.out(), /scans +5\n.*foreign +1/);
});

t.test('keeps what was misread private too: a garbled pass, a card with another check digit', async (t) => {
  const { library, garbled, words } = {
    library: { checkDigit: true, institutions: [] },
    garbled: [
      ']Q1LN1:SECRET\u00e9SECRET',
      'xLNS1:SECRET',
      'ln1:SECRET',
      '21234567890120',
      ']F0A21234567890120B',
    ],
    words: /SECRET|1234567|45 43 52|32 33 34/,
  };
  for (const text of garbled) {
    const sighting = sightingOf(text, null, library);
    t.equal(sighting.scan.kind, 'foreign');
    t.notMatch(JSON.stringify(sighting), words, text);
    t.notMatch(sightingText(1, sighting), words, text);
  }
  const long = sightingOf(`https://x.example/${'a'.repeat(500)}`, null, library);
  t.ok((long.text ?? '').length <= 41, 'the beginning of a long code');
  t.equal(sightingOf('30234000517862', null, library).text, '30234000517862', 'a book is nobody’s secret');
});

t.test('tells repeats and noise, as JSON too, and ends after --count scans', async (t) => {
  const pty = plug(t);
  const tool = runTool(t, 'scan-test', ['--port', pty.path, '--count', '2', '--json']);
  const scan = (code: string) => pty.write(Buffer.from(`${code}\r`, 'latin1'));
  await until(
    () => {
      if (tool.out() === '') scan('30234000517861');
      return tool.out() !== '';
    },
    'the first scan',
    10_000,
  );
  scan('30234000517861');
  scan('\u0001junk');
  pty.write(Buffer.from('33191000105864\rTHIRD\r'));
  t.equal(await tool.ended, 0);
  const lines = tool
    .out()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.match(lines[0], { kind: 'item', bytes: 14, aimId: null });
  t.ok(lines.some((line) => line.repeat === true));
  t.ok(lines.some((line) => line.noiseBytes > 0));
  t.match(lines.at(-1), { summary: { scans: 2, foreign: 0 } });
});

t.test('shows the registers of a GM65 beside its profile, changes none, and shows its scans', async (t) => {
  const module = new FakeGm65();
  t.teardown(() => module.unplug());
  module.set([0x0000, 0xd7], [0x0060, 0x01], [0x0013, 0x8a]);
  const tool = runTool(t, 'scan-test', ['--port', module.path, '--baud', '115200', '--gm65', '--count', '1']);
  await until(() => tool.out().includes('Ctrl-C'), 'it is ready', 15_000);
  module.scan('30234000517861');
  t.equal(await tool.ended, 0);
  const said = tool.out();
  t.match(said, /✗ GM65 {2}9600 Bd {2}应为 should be 115200/);
  t.match(said, /✓ 0000 {2}D7\n/);
  t.match(said, /✗ 0003 {2}01 {2}应为 should be 02\n {2}✗ 关闭设置码 printed setting codes/);
  t.match(said, /a book: 30234000517861/);
  t.notOk(
    module.asked.some((kind) => kind === 'write' || kind === 'save'),
    'it only reads',
  );
  for (const line of said.split('\n')) t.ok(displayWidth(line) <= 60, line);
});

t.test('says that a module does not answer, and shows its scans', async (t) => {
  const module = new FakeGm65();
  t.teardown(() => module.unplug());
  module.set([0x0000, 0xd7], [0x0060, 0x01]);
  module.deaf = true;
  const tool = runTool(t, 'scan-test', ['--port', module.path, '--gm861', '--count', '1']);
  await until(() => tool.out().includes('Ctrl-C'), 'it is ready', 15_000);
  module.scan('30234000517861');
  t.equal(await tool.ended, 0);
  t.match(tool.out(), /✗ GM861 没有回答 does not answer/);
});

t.test('says plainly who has the port, and what to do', async (t) => {
  const pty = plug(t);
  const kiosk = await openPort(pty.path, { baudRate: 9_600 });
  t.teardown(() => kiosk.close());
  const tool = runTool(t, 'scan-test', ['--port', pty.path]);
  t.equal(await tool.ended, 1);
  t.match(tool.err(), new RegExp(`${process.pid}`), 'by its number');
  t.match(tool.err(), /串口被别的程序占用/);
});

t.test('a reader that goes away ends it with a word', async (t) => {
  const pty = plug(t);
  const tool = runTool(t, 'scan-test', ['--port', pty.path]);
  await until(() => tool.out().includes('Ctrl-C'), 'it is ready', 10_000);
  pty.unplug();
  t.equal(await tool.ended, 1);
  t.match(tool.err(), /串口断开了/);
});

t.test('a reader that is not named, or a speed that is no number, is refused', async (t) => {
  for (const [args, sentence] of [
    [[], /^error: either --config or --port is needed\n$/],
    [['--port', '/dev/null', '--baud', 'fast'], /^error: .*--baud <speed>' argument 'fast' is invalid.*\n$/],
  ] as const) {
    const tool = runTool(t, 'scan-test', args);
    t.equal(await tool.ended, 2);
    t.match(tool.err(), sentence);
  }
});
