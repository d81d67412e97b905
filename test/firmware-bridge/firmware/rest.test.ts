import t from 'tap';
import { Bench, lockers, settings } from './bench.js';

const pulse = (locker: number, pulseMs = 100) => ({ kind: 'pulse', locker, pulseMs, tag: 1 }) as const;
const resting = { ...settings, restMs: 2_000, locksOnMax: 4, hostSilenceMs: 60_000 };

function ready(wanted = resting): Bench {
  const bench = Bench.ready();
  bench.configure(wanted);
  return bench;
}

const countOn = (bench: Bench, pin = 22) =>
  bench.driven.filter((each) => each.pin === pin && each.level === 'high').length;

t.test('a coil that was on rests, and the refusal says for how long', async (t) => {
  const bench = ready();
  bench.ask(pulse(1), 'answer');
  while (bench.heard('pulsed').length === 0) bench.machine.run(1);
  const offAtMs = bench.driven.findLast(({ pin, level }) => pin === 22 && level === 'low')?.fromMs ?? 0;
  const { result, detail } = bench.ask(pulse(1), 'answer');
  t.equal(result, 7);
  const restedMs = bench.machine.elapsedMs - offAtMs;
  t.ok(detail < 2_000 && detail > 2_000 - restedMs - 1, `${detail} ms left after ${restedMs.toFixed(1)} ms`);
  bench.machine.runUntil(offAtMs + 1_990);
  t.equal(bench.ask(pulse(1), 'answer').result, 7);
  t.equal(countOn(bench), 1);
  bench.machine.runUntil(offAtMs + 2_001);
  t.equal(bench.ask(pulse(1), 'answer').result, 0);
  t.equal(countOn(bench), 2);
});

t.test('each coil rests for itself', async (t) => {
  const bench = ready();
  bench.ask(pulse(1), 'answer');
  bench.machine.run(150);
  t.equal(bench.ask(pulse(2), 'answer').result, 0);
});

t.test('a lock that is on may go on again after its pulse and its rest', async (t) => {
  const bench = ready();
  bench.ask(pulse(1, 500), 'answer');
  const { result, detail } = bench.ask(pulse(1, 500), 'answer');
  t.equal(result, 7);
  t.ok(detail > 2_400 && detail <= 2_500, `${detail} ms`);
  const none = ready({ ...resting, restMs: 0 });
  none.ask(pulse(1, 500), 'answer');
  t.equal(none.ask(pulse(1, 500), 'answer').result, 7, 'also when no rest is needed');
});

t.test('a rest longer than the detail can say', async (t) => {
  const bench = ready({ ...resting, restMs: 65_535 });
  bench.ask(pulse(1, 500), 'answer');
  t.match(bench.ask(pulse(1), 'answer'), { result: 7, detail: 65_535 });
});

t.test('a pulse cut short rests as well', async (t) => {
  const bench = ready();
  bench.ask(pulse(1, 500), 'answer');
  bench.hello();
  t.equal(bench.ask(pulse(1), 'answer').result, 7);
});

t.test('neither another session nor other settings make a coil rested', async (t) => {
  const bench = ready();
  bench.ask(pulse(1), 'answer');
  bench.machine.run(150);
  const [first, second] = lockers;
  bench.hello();
  bench.configure({ ...resting, debounceMs: 31 }, [
    { ...first, lockPin: second.lockPin },
    { ...second, lockPin: first.lockPin },
  ]);
  t.equal(bench.ask(pulse(2), 'answer').result, 7, 'the coil is the second locker’s now');
  t.equal(bench.ask(pulse(1), 'answer').result, 0);
});

t.test('without a rest in the settings the next pulse may follow at once', async (t) => {
  const bench = ready({ ...resting, restMs: 0 });
  for (let i = 1; i <= 5; i += 1) {
    t.equal(bench.ask(pulse(1, 20), 'answer').result, 0);
    bench.machine.run(20);
  }
  t.equal(countOn(bench), 5);
});
