import t from 'tap';
import { Bench, type Locker, settings } from './bench.js';

/** Six lockers of which four may be unlocked at once; locker n's lock is at pin 21 + n, its door at 53 + n. */
const table = Array.from({ length: 6 }, (_, i): Locker => {
  return { kind: 'locker', locker: i + 1, lockPin: 22 + i, doorPin: 54 + i, itemPin: 0, flags: 0 };
});
const four = { ...settings, lockers: table.length, locksOnMax: 4, hostSilenceMs: 10_000 };

const pulse = (locker: number, pulseMs: number) =>
  ({ kind: 'pulse', locker, pulseMs, tag: 100 + locker }) as const;

function readyWith(wanted = four): Bench {
  const bench = new Bench();
  for (const { doorPin } of table) bench.machine.drivePin(doorPin, 'low');
  bench.hello();
  bench.configure(wanted, table);
  bench.machine.run(40);
  return bench;
}

const onTimesMs = (bench: Bench) =>
  bench.driven
    .filter(({ level }) => level === 'high')
    .map(({ pin, fromMs, toMs = Number.POSITIVE_INFINITY }) => [pin, toMs - fromMs] as const);

t.test('as many locks are on at once as the settings allow, and each ends by its own time', async (t) => {
  const bench = readyWith();
  const lengths = [900, 300, 600, 150];
  for (const [i, pulseMs] of lengths.entries()) t.equal(bench.ask(pulse(i + 1, pulseMs), 'answer').result, 0);
  t.same(bench.highPins(), [22, 23, 24, 25]);
  t.match(bench.ask(pulse(5, 100), 'answer'), { result: 2 }, 'too many locks on');
  t.equal(bench.ask({ kind: 'heartbeat' }, 'status').locksOn, 4);
  bench.machine.run(1_000);
  for (const [pin, onMs] of onTimesMs(bench)) {
    const wantedMs = lengths[pin - 22] ?? 0;
    t.ok(onMs <= wantedMs && onMs > wantedMs - 1.1, `pin ${pin}: ${onMs.toFixed(3)} ms`);
  }
  t.same(
    bench.heard('pulsed').map(({ locker, measuredMs, ended }) => [locker, measuredMs, ended]),
    [
      [4, 150, 0],
      [2, 300, 0],
      [3, 600, 0],
      [1, 900, 0],
    ],
  );
});

for (const locksOnMax of [1, 2, 3]) {
  t.test(`never more than ${locksOnMax} when the settings say so; one that ended makes room`, async (t) => {
    const bench = readyWith({ ...four, locksOnMax });
    const results = table.map(({ locker }) => bench.ask(pulse(locker, 400), 'answer').result);
    t.same(
      results,
      table.map((_, i) => (i < locksOnMax ? 0 : 2)),
    );
    bench.machine.run(400);
    t.equal(bench.ask(pulse(6, 100), 'answer').result, 0);
  });
}

t.test('an opened door ends the pulse of its own lock and of no other', async (t) => {
  const bench = readyWith();
  bench.machine.drivePin(55, 'released');
  bench.machine.run(50);
  for (const locker of [1, 2, 3]) bench.ask(pulse(locker, 800), 'answer');
  bench.machine.drivePin(54, 'released');
  bench.machine.run(60);
  t.same(bench.highPins(), [23, 24], 'door 2 stood open before');
  t.match(bench.heard('pulsed'), [{ locker: 1, ended: 3 }]);
  bench.machine.run(800);
  t.match(bench.heard('pulsed').slice(1), [
    { locker: 2, measuredMs: 800, ended: 0 },
    { locker: 3, measuredMs: 800, ended: 0 },
  ]);
});

for (const [how, end, ended] of [
  ['a silent host', (bench: Bench) => bench.machine.run(500), 1],
  ['HELLO', (bench: Bench) => void bench.hello(), 2],
] as const) {
  t.test(`${how} has every lock switched off, and each is a trip of the guard`, async (t) => {
    const bench = readyWith({ ...four, hostSilenceMs: 500 });
    for (const locker of [1, 2, 3, 4]) bench.ask(pulse(locker, 1_000), 'answer');
    end(bench);
    t.same(bench.highPins(), []);
    t.same(
      bench.heard('pulsed').map((each) => [each.locker, each.ended]),
      [1, 2, 3, 4].map((locker) => [locker, ended]),
    );
    bench.hello();
    t.match(bench.ask({ kind: 'heartbeat' }, 'status'), { guardTrips: 4, locksOn: 0 });
  });
}

t.test('a pulse that is too long is cut to the settings’ longest, and that is a trip too', async (t) => {
  const bench = readyWith();
  bench.ask(pulse(1, 1_000), 'answer');
  bench.machine.run(1_000);
  t.equal(bench.ask({ kind: 'heartbeat' }, 'status').guardTrips, 0, 'one that ends by time is none');
  bench.ask(pulse(2, 1_001), 'answer');
  bench.machine.run(1_000);
  t.match(bench.heard('pulsed').at(-1), { locker: 2, measuredMs: 1_000 });
  t.equal(bench.ask({ kind: 'heartbeat' }, 'status').guardTrips, 1);
});

t.test('each of the last four pulses may be repeated, and is answered as it was', async (t) => {
  const bench = readyWith();
  const first = 100;
  for (const locker of [1, 2, 3, 4]) bench.exchange(pulse(locker, 50), { sequence: first + locker });
  bench.exchange(pulse(0, 50), { sequence: first + 5 });
  bench.machine.run(100);
  const results = [2, 3, 4, 5].map((i) => {
    const [frame] = bench.exchange(pulse(i === 5 ? 0 : i, 50), { sequence: first + i });
    return frame?.message.kind === 'answer' ? frame.message.result : null;
  });
  t.same(results, [0, 0, 0, 1]);
  t.equal(onTimesMs(bench).length, 4, 'none was executed again');
});
