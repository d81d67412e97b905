import t, { type Test } from 'tap';
import { scanReportOf } from '../../../scripts/technician/scan-test/scan-report.js';
import type { Task } from '../../../scripts/technician/scan-test/scan-test.js';
import { scanTest } from '../../../scripts/technician/scan-test/scan-test.js';
import { scanReportText } from '../../../scripts/technician/scan-test/words.js';
import { displayWidth } from '../../../src/terminal/columns.js';
import { FakeGm65 } from '../../support/gm65.js';
import { type VirtualHost, virtualHost } from '../../support/virtual-host.js';

const library = { checkDigit: true, institutions: [] };

/** Starts `scan-test` on the port `reader` of a test's computer. */
function start(host: VirtualHost, options: Partial<Task> = {}) {
  let out = '';
  const stop = new AbortController();
  const write = (text: string) => {
    out += text;
  };
  const task: Task = {
    path: 'reader',
    baudRate: 9_600,
    kiosk: null,
    library,
    model: null,
    count: Number.POSITIVE_INFINITY,
    json: false,
    ...options,
  };
  const ended = scanTest(task, { host, write, stop: stop.signal });
  return { out: () => out, stop: () => stop.abort(), ended };
}

function plug(t: Test) {
  const host = virtualHost(t);
  const line = host.plug('reader', () => undefined);
  const { until } = host.timers;
  return { host, line, until, scan: (code: string) => line.write(Buffer.from(`${code}\r`, 'latin1')) };
}

t.test('shows each scan with its symbology and meaning, narrow enough for a photo', async (t) => {
  const { host, scan, until } = plug(t);
  const tool = start(host);
  await until(() => tool.out().includes('Ctrl-C'), 'it is ready');
  const pass = `LN1:${'SECRET'.repeat(30)}`;
  for (const code of [
    ']F030234000517861',
    `]Q1${pass}`,
    ']E09787020002207',
    'LNL:JN-07:03',
    '134567890123456789',
  ])
    scan(code);
  await until(() => tool.out().includes('#5'), 'five scans');
  const said = tool.out();
  t.match(said, /✓ .*]F0 Codabar\n.*a book: 30234000517861/);
  t.match(said, /]Q1 QR\n.*借书码/);
  t.match(said, /an ISBN/);
  t.match(said, /the code of door 3/);
  t.match(said, /✗ .*no AIM id\n.*微信付款码/);
  t.notMatch(said, /SECRET|53 45|4567890/, 'a pass or a payment code is nobody’s business');
  for (const line of said.split('\n')) t.ok(displayWidth(line) <= 60, line);
  tool.stop();
  await tool.ended;
  t.match(tool.out(), /scans +5\n.*foreign +1/);
});

t.test('keeps what was misread private too: a garbled pass, a card with another check digit', async (t) => {
  const { garbled, words } = {
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
    const report = scanReportOf(text, null, library);
    t.equal(report.scan.kind, 'foreign');
    t.notMatch(JSON.stringify(report), words, text);
    t.notMatch(scanReportText(1, report), words, text);
  }
  const long = scanReportOf(`https://x.example/${'a'.repeat(500)}`, null, library);
  t.ok((long.text ?? '').length <= 41, 'the beginning of a long code');
  t.equal(scanReportOf('30234000517862', null, library).text, '30234000517862', 'a book is nobody’s secret');
});

t.test('tells repeats and noise, as JSON too, and ends after --count scans', async (t) => {
  const { host, line, scan, until } = plug(t);
  const tool = start(host, { count: 2, json: true });
  await until(() => line.isOpen, 'it is open');
  scan('30234000517861');
  scan('30234000517861');
  scan('\u0001junk');
  scan('33191000105864\rTHIRD');
  await tool.ended;
  const lines = tool
    .out()
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text));
  t.match(lines[0], { kind: 'item', bytes: 14, aimId: null });
  t.ok(lines.some((each) => each.repeat === true));
  t.ok(lines.some((each) => each.noiseBytes > 0));
  t.match(lines.at(-1), { summary: { scans: 2, foreign: 0 } });
});

t.test('shows the registers of a GM65 beside its profile, changes none, and shows its scans', async (t) => {
  const host = virtualHost(t);
  const module = new FakeGm65(host);
  module.set([0x0000, 0xd7], [0x0060, 0x01], [0x0013, 0x8a]);
  const tool = start(host, { baudRate: 115_200, model: 'gm65', count: 1 });
  await host.timers.until(() => tool.out().includes('Ctrl-C'), 'it is ready');
  module.scan('30234000517861');
  await tool.ended;
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
  const host = virtualHost(t);
  const module = new FakeGm65(host);
  module.set([0x0000, 0xd7], [0x0060, 0x01]);
  module.deaf = true;
  const tool = start(host, { model: 'gm861', count: 1 });
  await host.timers.until(() => tool.out().includes('Ctrl-C'), 'it is ready');
  module.scan('30234000517861');
  await tool.ended;
  t.match(tool.out(), /✗ GM861 没有回答 does not answer/);
});

t.test('ends with the fault when another program has the port, or the reader goes away', async (t) => {
  const { host, until } = plug(t);
  const other = await host.openPort('reader', { baudRate: 9_600 });
  await t.rejects(start(host).ended, { code: 'port.busy' });
  await other.close();
  const tool = start(host);
  await until(() => tool.out().includes('Ctrl-C'), 'it is ready');
  host.unplug('reader');
  await t.rejects(tool.ended, { code: 'port.lost' });
});
