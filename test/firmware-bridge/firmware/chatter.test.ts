import t, { type Test } from 'tap';
import { Bench, settings as hasty } from './bench.js';

const settings = { ...hasty, hostSilenceMs: 60_000 };
const doorPin = 54;
const first = 0b01;
const both = 0b11;
const queryDoors = { kind: 'queryDoors' } as const;

/** Both doors shut and known, and a host that may be silent for a minute. */
function ready(): Bench {
  const bench = Bench.ready();
  bench.configure(settings);
  bench.machine.run(40);
  return bench;
}

/** Moves locker 1's switch as often as asked; gives every DOORS that came unasked. */
function toggle(bench: Bench, times: number, everyMs: number, atEach: () => void = () => undefined) {
  const before = bench.heard('doors').length;
  for (let i = 0; i < times; i += 1) {
    bench.machine.drivePin(doorPin, i % 2 === 0 ? 'released' : 'low');
    atEach();
    bench.machine.run(everyMs);
  }
  return bench.heard('doors').slice(before);
}

/** A switch that bounces so often, a millisecond each way, and ends up open. */
function bounce(bench: Bench, times: number): void {
  for (let i = 0; i < times; i += 1) {
    bench.machine.drivePin(doorPin, 'low');
    bench.machine.run(1);
    bench.machine.drivePin(doorPin, 'released');
    bench.machine.run(1);
  }
}

function neverChatters(t: Test, doors: readonly { chattering: number; known: number }[]): void {
  t.ok(
    doors.every(({ chattering, known }) => chattering === 0 && known === both),
    'no chatter',
  );
}

t.test('a door swung open and shut once a second is told each time', async (t) => {
  const bench = ready();
  const doors = toggle(bench, 40, 500);
  t.equal(doors.length, 40);
  neverChatters(t, doors);
});

t.test('a switch that bounces fifteen times at each opening does not chatter', async (t) => {
  const bench = ready();
  const before = bench.heard('doors').length;
  for (let i = 0; i < 20; i += 1) {
    bounce(bench, 15);
    bench.machine.run(470);
    bench.machine.drivePin(doorPin, 'low');
    bench.machine.run(500);
  }
  const doors = bench.heard('doors').slice(before);
  t.equal(doors.length, 40);
  neverChatters(t, doors);
});

const restless: [string, number, number][] = [
  ['toggled five times a second', 200, 8],
  ['toggled ten times a second', 100, 8],
  ['a 20 Hz buzz', 25, 1],
  ['a 200 Hz buzz', 2.5, 1],
];
for (const [what, everyMs, mostDoors] of restless) {
  t.test(`${what}, a switch chatters: its door is unknown, and said so once`, async (t) => {
    const bench = ready();
    const doors = toggle(bench, 4_000 / everyMs, everyMs);
    t.ok(doors.length <= mostDoors, `${doors.length} DOORS in four seconds`);
    t.match(doors.at(-1), { chattering: first, known: both & ~first });
    t.match(bench.ask(queryDoors, 'doors'), { chattering: first, known: both & ~first });
  });
}

t.test('half a minute of chatter is one report, and the other door is told as ever', async (t) => {
  const bench = ready();
  toggle(bench, 20, 100);
  const doors = toggle(bench, 120, 250, () => {
    if (bench.machine.elapsedMs > 10_000) bench.machine.drivePin(55, 'low');
  });
  t.match(doors, [{ known: both & ~first, open: 0b10 | (doors[0]?.open ?? 0), chattering: first }]);
});

t.test('it is over when the switch has been quiet for two and a half seconds', async (t) => {
  const bench = ready();
  toggle(bench, 40, 100);
  const quietMs = bench.machine.elapsedMs - 100;
  const before = bench.heard('doors').length;
  while (bench.heard('doors').length === before && bench.machine.elapsedMs < quietMs + 4_000)
    bench.machine.run(10);
  const afterMs = bench.machine.elapsedMs - quietMs;
  t.ok(Math.abs(afterMs - 2_400 - settings.debounceMs) < 130, `${afterMs.toFixed(0)} ms`);
  t.match(bench.heard('doors').at(-1), { known: both, open: 0, chattering: 0 });
});

t.test('a switch that buzzes from the start is never known', async (t) => {
  const bench = new Bench();
  bench.hello();
  bench.configure(settings);
  const doors = toggle(bench, 400, 2.5);
  t.ok(doors.every(({ known }) => (known & first) === 0));
  t.equal(doors.at(-1)?.chattering, first);
});

t.test('a chattering door neither ends a pulse nor counts as opened', async (t) => {
  const bench = ready();
  toggle(bench, 40, 100);
  bench.ask({ kind: 'pulse', locker: 1, pulseMs: 600, tag: 9 }, 'answer');
  toggle(bench, 10, 100);
  t.match(bench.heard('pulsed'), [{ measuredMs: 600, ended: 0 }]);
  t.match(bench.ask(queryDoors, 'doors'), { lastTag: 9, lastOpened: 0 });
});
