import t from 'tap';
import { Bench } from './bench.js';

const lockPin = 22;
const doorPin = 54;
const pulse = { kind: 'pulse', locker: 1, pulseMs: 400, tag: 1 } as const;

t.test('a coil is switched off as soon as its door has opened, and the host hears that first', async (t) => {
  const bench = Bench.ready();
  bench.machine.drivePin(doorPin, 'low');
  bench.runWithHost(100);
  bench.ask(pulse, 'answer');
  bench.machine.drivePin(doorPin, 'high');
  bench.runWithHost(80);
  t.notOk(bench.highPins().includes(lockPin), 'long before its 400 ms are over');
  const [pulsed] = bench.heard('pulsed');
  t.match(pulsed, { locker: 1, ended: 3 });
  t.ok((pulsed?.measuredMs ?? 400) < 100, 'and measured as short as it was');
  const kinds = bench.frames.map(({ message }) => message.kind);
  t.ok(kinds.lastIndexOf('pulsed') < kinds.lastIndexOf('doors'), 'the next door may be unlocked at once');
});

t.test('a door that stood open already does not cut the pulse short', async (t) => {
  const bench = Bench.ready();
  bench.machine.drivePin(doorPin, 'high');
  bench.runWithHost(100);
  bench.ask(pulse, 'answer');
  bench.runWithHost(450);
  t.match(bench.heard('pulsed'), [{ ended: 0 }]);
});
