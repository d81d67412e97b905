import t, { type Test } from 'tap';
import { createReader, type ReaderEvent } from '../../../firmware-bridge/reader/reader.js';
import { kioskId, lockerNo } from '../../../src/kernel/ids.js';
import { FakeGm65 } from '../../support/gm65.js';
import { openPty } from '../../support/pty.js';
import { silentLog } from '../../support/silent-log.js';
import { until } from '../../support/until.js';

const item = '30234000517861';

function readFrom(
  t: Test,
  path: string,
  readerKind: 'gm65' | 'gm861' | 'generic' = 'gm65',
  baudRate = 9_600,
) {
  const events: ReaderEvent[] = [];
  const reader = createReader({
    path,
    baudRate,
    readerKind,
    kiosk: kioskId('jn-01'),
    lockers: [lockerNo(1)],
    library: { checkDigit: true, institutions: [] },
    log: silentLog,
    onEvent: (event) => events.push(event),
  });
  t.teardown(() => reader.close());
  reader.start();
  const outcomes = () => events.flatMap((event) => (event.kind === 'settings' ? [event.outcome] : []));
  const scans = () => events.filter(({ kind }) => kind === 'scan').length;
  return { events, outcomes, scans, reader };
}

function plug(t: Test): FakeGm65 {
  const module = new FakeGm65();
  t.teardown(() => module.unplug());
  return module;
}

t.test('a module from the factory is set once and saved; the next time nothing is written', async (t) => {
  const module = plug(t);
  const first = readFrom(t, module.path);
  await until(() => first.outcomes().length === 1, 'it is configured', 5_000);
  t.match(first.outcomes(), [{ kind: 'configured', repaired: [0x0000, 0x0003, 0x0013] }]);
  t.equal(module.flash.get(0x0000), 0x91 | 0x47, 'the other bits stay');
  t.equal(module.flash.get(0x0003), 0x02);
  await first.reader.close();
  module.asked.length = 0;
  const second = readFrom(t, module.path);
  await until(() => second.outcomes().length === 1, 'it is looked at again', 5_000);
  t.match(second.outcomes(), [{ kind: 'configured', repaired: [] }]);
  t.notOk(
    module.asked.some((kind) => kind === 'write' || kind === 'save'),
    'its flash is spared',
  );
});

t.test(
  'scans come through while it is being set, and a printed setting code does nothing afterwards',
  async (t) => {
    const module = plug(t);
    const { outcomes, scans, events } = readFrom(t, module.path);
    await until(() => module.asked.includes('read'), 'it is being looked at', 5_000);
    module.scan(item);
    await until(() => outcomes().length === 1 && scans() === 1, 'settings and scan', 5_000);
    module.scan('@MODE02');
    t.equal((module.ram.get(0x0000) ?? 0) & 0x03, 0x03, 'still reads by itself');
    t.notOk(
      events.some(({ kind }) => kind === 'noise'),
      'no reply is taken for noise',
    );
  },
);

t.test('after a factory reset it is found at 9600 and brought back to its speed', async (t) => {
  const module = plug(t);
  const { outcomes, scans } = readFrom(t, module.path, 'gm65', 115_200);
  await until(() => outcomes().length === 1, 'it is configured', 8_000);
  t.match(outcomes()[0], { kind: 'configured' });
  t.ok(Math.abs(module.baudRate - 115_200) < 3_000, `${module.baudRate} baud`);
  module.powerCut();
  t.ok(Math.abs(module.baudRate - 115_200) < 3_000, 'also after a power cut');
  module.scan(item);
  await until(() => scans() === 1, 'it scans at that speed');
});

t.test('a GM861 is told to send AIM identifiers', async (t) => {
  const module = plug(t);
  const { outcomes } = readFrom(t, module.path, 'gm861');
  await until(() => outcomes().length === 1, 'it is configured', 5_000);
  t.equal(module.flash.get(0x00d0), 0x80);
});

t.test('one that does not answer is told, and its scans are taken all the same', async (t) => {
  const module = plug(t);
  module.deaf = true;
  const { outcomes, scans } = readFrom(t, module.path);
  await until(() => outcomes().length === 1, 'it is given up', 8_000);
  t.match(outcomes(), [{ kind: 'unconfigured' }]);
  module.scan(item);
  await until(() => scans() === 1, 'the scan');
});

t.test('one that goes while it is being set is lost, and tried again', async (t) => {
  const module = plug(t);
  const { events, outcomes } = readFrom(t, module.path);
  await until(() => module.asked.includes('read'), 'it is being looked at', 5_000);
  module.unplug();
  await until(() => events.some(({ kind }) => kind === 'lost'), 'the loss', 5_000);
  t.same(outcomes(), []);
});

t.test('to a generic reader no byte is ever written', async (t) => {
  const pty = openPty();
  t.teardown(() => pty.unplug());
  const heard: number[] = [];
  pty.onData((bytes) => heard.push(...bytes));
  const { scans } = readFrom(t, pty.path, 'generic');
  await until(() => {
    if (scans() === 0) pty.write(Buffer.from(`${item}\r`));
    return scans() > 0;
  }, 'a scan');
  t.same(heard, []);
});
