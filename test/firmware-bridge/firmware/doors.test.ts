import t from 'tap';
import { Bench, settings } from './bench.js';

const doorPin = 54;
const queryDoors = { kind: 'queryDoors' } as const;
const states = (bench: Bench) => bench.heard('doors').map(({ known, open }) => [known, open]);

/** Opens or shuts locker 1's door; its switch closes with it. */
const door = (bench: Bench, state: 'open' | 'shut') =>
  bench.machine.drivePin(doorPin, state === 'open' ? 'released' : 'low');

t.test('doors are unknown after APPLY, and told when their switches have settled', async (t) => {
  const bench = new Bench();
  door(bench, 'shut');
  bench.hello();
  bench.configure();
  bench.machine.run(40);
  // Locker 2's switch is open, which with its wiring is a shut door.
  t.same(states(bench), [
    [0, 0],
    [0b11, 0],
  ]);
  t.match(bench.exchange(queryDoors, { sequence: 77 }), [
    { sequence: 77, message: { known: 0b11, open: 0 } },
  ]);
});

t.test(
  'a door is told open once its switch was stable for the debounce time, and shut likewise',
  async (t) => {
    const bench = Bench.ready();
    const before = bench.frames.length;
    door(bench, 'open');
    bench.machine.run(settings.debounceMs - 2);
    t.equal(bench.frames.length, before);
    bench.machine.run(12);
    t.match(bench.frames.slice(before), [
      { sequence: 0, message: { kind: 'doors', known: 0b11, open: 0b01 } },
    ]);
    bench.machine.drivePin(55, 'low');
    bench.machine.run(50);
    t.equal(bench.heard('doors').at(-1)?.open, 0b11);
    door(bench, 'shut');
    bench.machine.run(50);
    t.equal(bench.heard('doors').at(-1)?.open, 0b10);
  },
);

t.test('a bouncing switch is one change, told when it has come to rest', async (t) => {
  const bench = Bench.ready();
  const before = bench.frames.length;
  for (let i = 0; i < 40; i += 1) {
    door(bench, i % 2 === 0 ? 'open' : 'shut');
    bench.machine.run(5);
  }
  t.equal(bench.frames.length, before, 'nothing while it bounces');
  door(bench, 'open');
  bench.machine.run(50);
  t.match(bench.frames.slice(before), [{ message: { known: 0b11, open: 0b01 } }]);
});

t.test('a switch that bounces from the start stays unknown', async (t) => {
  const bench = new Bench();
  bench.hello();
  bench.configure({ ...settings, debounceMs: 255, hostSilenceMs: 10_000 });
  for (let i = 0; i < 50; i += 1) {
    door(bench, i % 2 === 0 ? 'open' : 'shut');
    bench.machine.run(20);
  }
  t.equal(bench.ask(queryDoors, 'doors').known, 0b10);
});

t.test('remembers the last pulse, and that its door was opened', async (t) => {
  const bench = Bench.ready();
  t.match(bench.ask(queryDoors, 'doors'), { lastTag: 0, lastLocker: 0, lastOpened: 0 });
  bench.ask({ kind: 'pulse', locker: 1, pulseMs: 100, tag: 0xbeef }, 'answer');
  t.match(bench.ask(queryDoors, 'doors'), { lastTag: 0xbeef, lastLocker: 1, lastOpened: 0 });
  bench.machine.drivePin(55, 'low');
  bench.machine.run(50);
  t.equal(bench.ask(queryDoors, 'doors').lastOpened, 0, 'another door does not count');
  door(bench, 'open');
  bench.machine.run(50);
  t.match(bench.heard('doors').at(-1), { lastTag: 0xbeef, lastLocker: 1, lastOpened: 1 });
  door(bench, 'shut');
  bench.machine.run(50);
  t.equal(bench.ask(queryDoors, 'doors').lastOpened, 1, 'shut again, it was opened all the same');
  bench.ask({ kind: 'pulse', locker: 2, pulseMs: 100, tag: 2 }, 'answer');
  t.match(
    bench.ask(queryDoors, 'doors'),
    { lastTag: 2, lastLocker: 2, lastOpened: 1 },
    'that door stood open',
  );
});

t.test('a refused or repeated pulse leaves the memory alone', async (t) => {
  const bench = Bench.ready();
  const sequence = bench.send({ kind: 'pulse', locker: 1, pulseMs: 100, tag: 1 });
  bench.machine.run(30);
  bench.ask({ kind: 'pulse', locker: 2, pulseMs: 100, tag: 2 }, 'answer');
  t.match(bench.ask(queryDoors, 'doors'), { lastTag: 1, lastLocker: 1 });
  door(bench, 'open');
  bench.runWithHost(200);
  bench.exchange({ kind: 'pulse', locker: 1, pulseMs: 100, tag: 1 }, { sequence });
  t.match(bench.ask(queryDoors, 'doors'), { lastTag: 1, lastLocker: 1, lastOpened: 1 });
});

t.test('doors are watched without a host, for the next one', async (t) => {
  const bench = Bench.ready();
  bench.ask({ kind: 'pulse', locker: 1, pulseMs: 100, tag: 5 }, 'answer');
  bench.machine.run(settings.hostSilenceMs + 10);
  const before = bench.frames.length;
  door(bench, 'open');
  bench.machine.run(100);
  door(bench, 'shut');
  bench.machine.run(100);
  t.equal(bench.frames.length, before, 'nobody to tell');
  bench.hello();
  t.match(bench.ask(queryDoors, 'doors'), { known: 0b11, open: 0, lastTag: 5, lastLocker: 1, lastOpened: 1 });
});
