import t from 'tap';
import { Bench, settings } from './bench.js';

const version = [0xf9, 2, 5];
const name = [...'lening'].flatMap((letter) => [letter.charCodeAt(0), 0]);
const setPinMode = (pin: number, mode: number) => [0xf4, pin, mode];
const setPinValue = (pin: number, level: number) => [0xf5, pin, level];
const writePort = (port: number, levels: number) => [0x90 | port, levels & 0x7f, levels >> 7];
const pinState = (pin: number) => [0xf0, 0x6d, pin, 0xf7];
const output = 1;
const pullUp = 0x0b;

/** Every raw request that would move a pin on a stock Firmata. */
const movesPin = (pin: number) => [
  ...setPinMode(pin, output),
  ...setPinValue(pin, 1),
  ...writePort(pin >> 3, 0xff),
  ...setPinMode(pin, pullUp),
  0xff,
];

t.test('says version and name unasked after every reset, and nothing else', async (t) => {
  const greeting = [...version, 0xf0, 0x79, 2, 0, ...name, 0xf7];
  const bench = new Bench();
  t.same(bench.firmata, greeting);
  bench.machine.reset();
  bench.machine.run(1_000);
  t.same(bench.firmata, [...greeting, ...greeting]);
});

t.test('answers who it is when asked, with or without a session', async (t) => {
  for (const bench of [new Bench(), Bench.ready()]) {
    t.same(bench.askFirmata([0xf9]), version);
    t.same(bench.askFirmata([0xf0, 0x79, 0xf7]), [0xf0, 0x79, 2, 0, ...name, 0xf7]);
  }
});

t.test(
  'describes 70 pins of which none is analog; the serial line and known locks can do nothing',
  async (t) => {
    const able = (bench: Bench) => {
      const [start, command, ...rest] = bench.askFirmata([0xf0, 0x6b, 0xf7], 120);
      t.same([start, command, rest.pop()], [0xf0, 0x6c, 0xf7]);
      const perPin = String.fromCharCode(...rest).split('\x7f');
      t.equal(perPin.pop(), '');
      t.equal(perPin.length, 70);
      t.same(
        new Set(perPin),
        new Set(['', '\x00\x01\x01\x01\x0b\x01']),
        'input, output, pull-up, one bit each',
      );
      return perPin.flatMap((modes, pin) => (modes === '' ? [] : [pin]));
    };
    const all = Array.from({ length: 68 }, (_, i) => i + 2);
    t.same(able(new Bench()), all);
    t.same(
      able(Bench.ready()),
      all.filter((pin) => pin !== 22 && pin !== 23),
    );
    t.same(new Bench().askFirmata([0xf0, 0x69, 0xf7]), [0xf0, 0x6a, ...Array(70).fill(0x7f), 0xf7]);
  },
);

t.test('tells the state of a pin, and nothing of one it does not have', async (t) => {
  const bench = Bench.ready();
  t.same(bench.askFirmata(pinState(54)), [0xf0, 0x6e, 54, pullUp, 1, 0xf7]);
  t.same(bench.askFirmata(pinState(22)), [0xf0, 0x6e, 22, output, 0, 0xf7]);
  t.same(bench.askFirmata(pinState(2)), [0xf0, 0x6e, 2, 0, 0, 0xf7]);
  t.same(bench.askFirmata(pinState(70)), []);
});

t.test('reports a port of inputs when asked, at each change, and no more after 0xFF', async (t) => {
  const bench = Bench.ready();
  t.same(bench.askFirmata([0xd6, 1]), [0x96, 0, 1], 'pins 48 to 55: 55 is pulled up');
  bench.machine.drivePin(54, 'released');
  t.same(bench.askFirmata([]), [0x96, 0x40, 1]);
  t.same(bench.askFirmata([0xff]), []);
  bench.machine.drivePin(54, 'low');
  t.same(bench.askFirmata([]), []);
  t.same(bench.askFirmata([0xd9, 1, 0xdf, 1]), [], 'ports it does not have');
});

t.test('before settings raw Firmata moves no pin at all: any may be a lock’s', async (t) => {
  const bench = new Bench();
  for (let pin = 0; pin < 128; pin += 1) bench.askFirmata(movesPin(pin), 3);
  t.same(bench.driven, []);
  for (let pin = 2; pin < 70; pin += 1) t.equal(bench.machine.pinLevel(pin), 'floating');
  bench.hello();
  t.ok(bench.ask({ kind: 'heartbeat' }, 'status').ignoredWrites > 68 * 4);
});

for (const flags of [0, 1]) {
  t.test(
    `no raw request reaches a lock pin, at rest or during a pulse (${flags ? 'active-low' : 'active-high'})`,
    async (t) => {
      const bench = new Bench();
      bench.hello();
      bench.configure({ ...settings, flags, hostSilenceMs: 10_000 });
      const attempts = [...movesPin(22), ...setPinMode(22, 0), ...setPinValue(22, 0), ...writePort(2, 0)];
      const rest = flags ? 'high' : 'low';
      const edges: string[] = [];
      bench.machine.onPinChange((pin, level) => pin === 22 && edges.push(level));
      bench.askFirmata(attempts);
      t.same(edges, [], 'at rest');
      bench.ask({ kind: 'pulse', locker: 1, pulseMs: 300, tag: 1 }, 'answer');
      bench.askFirmata(attempts);
      bench.machine.run(400);
      t.same(edges, [flags ? 'low' : 'high', rest], 'on and off by the pulse alone');
      t.match(bench.heard('pulsed'), [{ measuredMs: 300 }]);
      t.equal(bench.ask({ kind: 'heartbeat' }, 'status').ignoredWrites >= 8, true);
    },
  );
}

t.test('raw Firmata can neither drive a door pin nor take its pull-up away', async (t) => {
  const bench = Bench.ready();
  const changes: number[] = [];
  bench.machine.onPinChange((pin) => changes.push(pin));
  for (const pin of [54, 55]) bench.askFirmata([...movesPin(pin), ...setPinMode(pin, 0), ...writePort(6, 0)]);
  t.same(changes, []);
  t.equal(bench.machine.pinLevel(54), 'pulled-up');
});

t.test('a pin that is nobody’s works as with any Firmata', async (t) => {
  const bench = Bench.ready();
  bench.askFirmata([...setPinMode(13, output), ...setPinValue(13, 1)]);
  t.equal(bench.machine.pinLevel(13), 'high');
  bench.askFirmata(writePort(1, 0));
  t.equal(bench.machine.pinLevel(13), 'low');
  bench.askFirmata(setPinMode(13, pullUp));
  t.equal(bench.machine.pinLevel(13), 'pulled-up');
  t.equal(bench.ask({ kind: 'heartbeat' }, 'status').ignoredWrites, 0);
});

t.test('reporting every port leaves the board time to hear all the line can carry', async (t) => {
  const bench = Bench.ready();
  for (let port = 0; port < 9; port += 1) bench.askFirmata([0xd0 | port, 1]);
  // Pin 13 is nobody's; a write that changes nothing needs no answer.
  bench.write(...Array.from({ length: 500 }, () => setPinValue(13, 0)).flat());
  bench.machine.run(270);
  bench.hello();
  t.match(bench.ask({ kind: 'heartbeat' }, 'status'), { rxOverruns: 0, badFrames: 0 });
});
