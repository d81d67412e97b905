import t from 'tap';
import { Bench, type Locker, lockers, settings } from './bench.js';

const queryDoors = { kind: 'queryDoors' } as const;
const [first, second] = lockers;
/** An item closes the first locker's switch and opens the third's; the second has none. */
const table: Locker[] = [
  { ...first, itemPin: 60, flags: 2 },
  second,
  { ...first, locker: 3, lockPin: 24, doorPin: 56, itemPin: 61 },
];
const three = { ...settings, lockers: table.length, hostSilenceMs: 60_000 };

function ready(): Bench {
  const bench = new Bench();
  bench.hello();
  bench.configure(three, table);
  bench.machine.run(40);
  return bench;
}

t.test('items are told after the doors when settings went live, and when they have settled', async (t) => {
  const bench = ready();
  t.match(bench.heard('items'), [
    { known: 0, present: 0 },
    { known: 0b101, present: 0b100 },
  ]);
  const kinds = bench.frames.map(({ message }) => message.kind).filter((kind) => kind !== 'answer');
  t.same(kinds, ['welcome', 'doors', 'items', 'doors', 'items']);
  t.equal(bench.machine.pinLevel(60), 'pulled-up');
});

t.test('QUERY_DOORS is answered with both, carrying its sequence', async (t) => {
  t.match(ready().exchange(queryDoors, { sequence: 9 }), [
    { sequence: 9, message: { kind: 'doors' } },
    { sequence: 9, message: { kind: 'items', known: 0b101, present: 0b100 } },
  ]);
});

t.test('an item put in or taken out is told once its switch has settled, and alone', async (t) => {
  const bench = ready();
  const before = bench.frames.length;
  bench.machine.drivePin(60, 'low');
  bench.machine.run(settings.debounceMs - 2);
  t.equal(bench.frames.length, before);
  bench.machine.run(12);
  bench.machine.drivePin(61, 'low');
  bench.machine.run(50);
  t.match(bench.frames.slice(before), [
    { sequence: 0, message: { kind: 'items', present: 0b101 } },
    { sequence: 0, message: { kind: 'items', present: 0b001 } },
  ]);
});

t.test('an item switch that chatters is not known, and is not told a hundred times', async (t) => {
  const bench = ready();
  const before = bench.frames.length;
  for (let i = 0; i < 400; i += 1) {
    bench.machine.drivePin(60, i % 2 ? 'low' : 'released');
    bench.machine.run(4);
  }
  t.match(bench.frames.slice(before), [{ message: { kind: 'items', known: 0b100 } }]);
});

t.test('a cabinet without item switches hears nothing of items', async (t) => {
  const bench = Bench.ready();
  bench.exchange(queryDoors);
  t.same(bench.heard('items'), []);
});

t.test('an item’s pin is the guard’s: claimed once, and closed to raw Firmata', async (t) => {
  const twice = new Bench();
  twice.hello();
  t.same(
    twice
      .configure({ ...settings, lockers: 2 }, [
        { ...first, itemPin: 60 },
        { ...second, itemPin: 60 },
      ])
      .at(-1),
    5,
  );
  t.same(
    twice.configure({ ...settings, lockers: 2 }, [first, { ...second, itemPin: first.lockPin }]).at(-1),
    5,
  );
  t.same(twice.configure({ ...settings, lockers: 2 }, [first, { ...second, itemPin: 70 }]).at(-1), 5);
  const bench = ready();
  bench.askFirmata([0xf4, 60, 1, 0xf5, 60, 1]);
  t.equal(bench.machine.pinLevel(60), 'pulled-up');
  t.equal(bench.ask({ kind: 'heartbeat' }, 'status').ignoredWrites, 2);
});
