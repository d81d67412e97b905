import t from 'tap';
import { Bench, lockers, settings } from './bench.js';

t.test('without settings every pin is an input until APPLY, and resets change nothing of that', async (t) => {
  for (const flags of [0, 1]) {
    const bench = new Bench();
    for (let i = 0; i < 20; i += 1) {
      bench.hello();
      bench.ask({ ...settings, flags }, 'answer');
      for (const locker of lockers) bench.ask(locker, 'answer');
      bench.machine.run((i * 7.919) % 20);
      bench.machine.reset();
      bench.machine.run(20);
    }
    t.same(bench.driven, []);
    bench.hello();
    bench.configure({ ...settings, flags });
    const rest = flags ? 'high' : 'low';
    t.match(bench.driven, [
      { pin: 22, level: rest },
      { pin: 23, level: rest },
    ]);
  }
});

t.test('applying what is live already touches no pin', async (t) => {
  const bench = Bench.ready();
  const touched: number[] = [];
  bench.machine.onPinChange((pin) => touched.push(pin));
  t.same(bench.configure(), [0, 0, 0, 0]);
  bench.hello();
  t.same(bench.configure(), [0, 0, 0, 0], 'in another session too');
  t.same(touched, []);
  bench.configure({ ...settings, debounceMs: 31 });
  t.same([...new Set(touched)], [22, 23], 'other settings do');
});

t.test('an output of raw Firmata that becomes a lock is off before anybody can pulse it', async (t) => {
  const bench = Bench.ready();
  const [first, second] = lockers;
  bench.askFirmata([0xf4, 30, 1, 0xf5, 30, 1]);
  t.same(bench.highPins(), [30]);
  t.same(bench.configure(settings, [first, { ...second, lockPin: 30 }]), [0, 0, 0, 0]);
  t.same(bench.highPins(), []);
  t.equal(bench.machine.pinLevel(30), 'low');
});
