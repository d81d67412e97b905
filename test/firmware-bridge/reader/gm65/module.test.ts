import t, { type Test } from 'tap';
import type { Gm65Model } from '../../../../firmware-bridge/reader/gm65/profile.js';
import { createReader, type ReaderEvent } from '../../../../firmware-bridge/reader/reader.js';
import { kioskId, lockerNo } from '../../../../src/kernel/ids.js';
import { limits } from '../../../../src/kernel/limits.js';
import { silentLog } from '../../../../src/kernel/log.js';
import { FakeGm65 } from '../../../support/gm65.js';
import { type VirtualHost, virtualHost } from '../../../support/virtual-host.js';

const item = '30234000517861';

function readFrom(
  t: Test,
  host: VirtualHost,
  readerKind: 'gm65' | 'gm861' | 'generic' = 'gm65',
  baudRate = 9_600,
) {
  const events: ReaderEvent[] = [];
  const reader = createReader({
    host,
    path: 'reader',
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
  const { until } = host.timers;
  return { events, outcomes, scans, reader, until };
}

/** As the profile of a GM65 wants it. */
const right = [
  [0x0000, 0xd7],
  [0x0003, 0x02],
  [0x0013, 0x8a],
  [0x0060, 0x01],
] as const;

function plug(t: Test, model: Gm65Model = 'gm65'): FakeGm65 {
  return new FakeGm65(virtualHost(t), model);
}

t.test('a module from the factory is set once and saved; the next time nothing is written', async (t) => {
  const module = plug(t);
  const first = readFrom(t, module.host);
  await first.until(() => first.outcomes().length === 1, 'it is configured');
  t.match(first.outcomes(), [{ kind: 'configured', repaired: [0x0000, 0x0003, 0x0013, 0x0060] }]);
  t.equal(module.flash.get(0x0000), 0xd7, 'the other bits stay');
  t.equal(module.flash.get(0x0003), 0x02);
  await first.reader.close();
  module.asked.length = 0;
  const second = readFrom(t, module.host);
  await second.until(() => second.outcomes().length === 1, 'it is looked at again');
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
    module.scanBeforeAnswer = item;
    const { outcomes, scans, events, until } = readFrom(t, module.host);
    await until(() => outcomes().length === 1 && scans() === 1, 'settings and scan');
    module.scan('@MODE02');
    t.equal((module.ram.get(0x0000) ?? 0) & 0x03, 0x03, 'still reads by itself');
    t.notOk(
      events.some(({ kind }) => kind === 'noise'),
      'no reply is taken for noise',
    );
  },
);

t.test('one found at 9600 is brought to its speed and keeps it', async (t) => {
  const module = plug(t);
  module.set(...right);
  const { outcomes, scans, until } = readFrom(t, module.host, 'gm65', 115_200);
  await until(() => outcomes().length === 1, 'it is configured');
  t.match(outcomes()[0], { kind: 'configured' });
  t.ok(Math.abs(module.baudRate - 115_200) < 3_000, `${module.baudRate} baud`);
  module.powerCut();
  t.ok(Math.abs(module.baudRate - 115_200) < 3_000, 'also after a power cut');
  module.scan(item);
  await until(() => scans() === 1, 'it scans at that speed');
});

t.test('one that is reset while it is in use is found again as soon as somebody scans', async (t) => {
  const module = plug(t);
  module.set(...right, [0x002a, 0x1a], [0x002b, 0x00]);
  const { outcomes, scans, events, until } = readFrom(t, module.host, 'gm65', 115_200);
  await until(() => outcomes().length === 1, 'it is looked at');
  module.factoryReset();
  module.set([0x0000, 0xd7], [0x0060, 0x01]);
  module.asked.length = 0;
  const noises = () => events.filter(({ kind }) => kind === 'noise').length;
  for (const garbage of [1, 2]) {
    module.scan(item);
    await until(() => noises() === garbage, 'garbage');
  }
  t.same(module.asked, [], 'not every noise makes it look');
  await module.host.timers.pass(limits.gm65SpeedProbeMs);
  module.scan(item);
  await until(() => outcomes().length === 2, 'it is found and set');
  t.match(outcomes()[1], { kind: 'configured', repaired: [0x0003, 0x0013] });
  module.scan(item);
  await until(() => scans() === 1, 'the scan');
  t.notOk(events.some(({ kind }) => kind === 'lost'));
});

t.test('a GM861 is told to send AIM identifiers', async (t) => {
  const module = plug(t, 'gm861');
  const { outcomes, events, until } = readFrom(t, module.host, 'gm861');
  await until(() => outcomes().length === 1, 'it is configured');
  t.equal(module.flash.get(0x00d0), 0x80);
  module.scan(item);
  await until(() => events.some(({ kind }) => kind === 'scan'), 'a scan');
  t.match(events.at(-1), { scan: { kind: 'item', item }, bytes: item.length + 3 });
});

t.test('one that does not answer is told, and its scans are taken all the same', async (t) => {
  const module = plug(t);
  module.set(...right);
  module.deaf = true;
  const { outcomes, scans, until } = readFrom(t, module.host);
  await until(() => outcomes().length === 1, 'it is given up');
  t.match(outcomes(), [{ kind: 'unconfigured' }]);
  module.scan(item);
  await until(() => scans() === 1, 'the scan');
});

t.test('one that goes while it is being set is lost, and tried again', async (t) => {
  const module = plug(t);
  const { events, outcomes, until } = readFrom(t, module.host);
  await until(() => module.asked.includes('read'), 'it is being looked at');
  module.unplug();
  await until(() => events.some(({ kind }) => kind === 'lost'), 'the loss');
  t.same(outcomes(), []);
});

t.test('to a generic reader no byte is ever written', async (t) => {
  const host = virtualHost(t);
  const heard: number[] = [];
  const line = host.plug('reader', (bytes) => heard.push(...bytes));
  const { scans, until } = readFrom(t, host, 'generic');
  await until(() => line.isOpen, 'it is open');
  line.write(Buffer.from(`${item}\r`));
  await until(() => scans() > 0, 'a scan');
  t.same(heard, []);
});

t.test('one that is plugged in as a virtual serial port stays one', async (t) => {
  const module = plug(t);
  module.set(...right, [0x000d, 0x03], [0x0060, 0x41], [0x002c, 0x02]);
  const { outcomes, until } = readFrom(t, module.host);
  await until(() => outcomes().length === 1, 'it is looked at');
  t.same(outcomes(), [{ kind: 'configured', repaired: [] }], 'so do a TAB at the end, and all symbologies');
});

t.test('a register that keeps its own value is named, and the others are set and saved', async (t) => {
  const module = plug(t);
  module.stubborn.add(0x0000).add(0x0013);
  const { outcomes, until } = readFrom(t, module.host);
  await until(() => outcomes().length === 1, 'it is looked at');
  t.match(outcomes(), [{ kind: 'unconfigured', why: /0000 does not keep.*0013 does not keep/ }]);
  t.equal(module.flash.get(0x0003), 0x02, 'setting codes are off all the same');
});

t.test('a late answer is not taken for the next question’s, nor for noise', async (t) => {
  const module = plug(t);
  const { events, outcomes, until } = readFrom(t, module.host);
  module.lateOnceMs = limits.gm65ReplyMs * 1.5;
  await until(() => outcomes().length === 1, 'it is configured');
  t.match(outcomes(), [{ kind: 'configured', repaired: [0x0000, 0x0003, 0x0013, 0x0060] }]);
  t.notOk(events.some(({ kind }) => kind === 'noise'));
});

t.test('an answer that came in time counts, however late our own program hears it', async (t) => {
  const module = plug(t);
  module.stallOnceMs = limits.gm65ReplyMs * 1.5;
  const { outcomes, until } = readFrom(t, module.host);
  await until(() => outcomes().length === 1, 'it is configured');
  t.equal(module.asked.filter((kind) => kind === 'heartbeat').length, 1, 'it was not asked again');
});

t.test('one that does not follow to another speed is used at its own', async (t) => {
  const module = plug(t);
  module.set(...right);
  module.stubborn.add(0x002a).add(0x002b);
  const { outcomes, scans, until } = readFrom(t, module.host, 'gm65', 115_200);
  await until(() => outcomes().length === 1, 'it is looked at');
  t.match(outcomes(), [{ kind: 'unconfigured', why: 'it stays at 9600 baud' }]);
  module.scan(item);
  await until(() => scans() === 1, 'the scan');
});
