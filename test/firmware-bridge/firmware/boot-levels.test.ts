import t from 'tap';
import type { PinLevel } from '../../../firmware-bridge/emulator/io-port.js';
import { Bench, type Locker, type Settings, settings } from './bench.js';
import { copyOf, eepromWith } from './eeprom.js';

/** Lockers whose locks are on as many ports as there are, with locker n's door 34 pins on. */
const lockersOf = (total: number) =>
  Array.from({ length: total }, (_, i): Locker => {
    return { kind: 'locker', locker: i + 1, lockPin: 2 + i, doorPin: 2 + 34 + i, itemPin: 0, flags: 0 };
  });

/** Park and Miller's generator: the same resets in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 0x7fff_ffff;
    return state % below;
  };
}

const cabinet = (total: number, flags: number): [Settings, Locker[]] => [
  { ...settings, lockers: total, flags, hostSilenceMs: 60_000 },
  lockersOf(total),
];

for (const [total, withinMs] of [
  [2, 0.25],
  [24, 0.65],
  [32, 0.8],
] as const) {
  t.test(`every lock of ${total} is driven off within ${withinMs} ms of a reset`, async (t) => {
    for (const flags of [0, 1]) {
      const bench = new Bench({ eeprom: eepromWith(copyOf(1, ...cabinet(total, flags))) });
      bench.machine.reset();
      const resetMs = bench.machine.elapsedMs;
      bench.machine.run(20);
      const driven = bench.driven.filter(({ toMs }) => toMs === undefined);
      t.equal(driven.length, total);
      t.ok(driven.every(({ level }) => level === (flags ? 'high' : 'low')));
      const lastMs = Math.max(...driven.map(({ fromMs }) => fromMs)) - resetMs;
      t.comment(`the last of ${total} driven ${lastMs.toFixed(3)} ms after the reset`);
      t.ok(lastMs < withinMs);
    }
  });
}

t.test('also when the newer copy is spoilt, in hardly twice the time', async (t) => {
  const [wanted, table] = cabinet(24, 1);
  const spoilt = copyOf(2, wanted, table).map((byte, at) => (at === 100 ? byte ^ 1 : byte));
  const bench = new Bench({ eeprom: eepromWith(copyOf(1, wanted, table), spoilt) });
  bench.machine.reset();
  const resetMs = bench.machine.elapsedMs;
  bench.machine.run(20);
  const driven = bench.driven.filter(({ toMs }) => toMs === undefined);
  t.equal(driven.length, 24);
  t.ok(Math.max(...driven.map(({ fromMs }) => fromMs)) - resetMs < 1.2);
});

for (const flags of [0, 1]) {
  const name = flags ? 'active-low' : 'active-high';
  t.test(`600 resets at any moment: no lock pin is at its on level for a cycle (${name})`, async (t) => {
    const random = numbers(5 + flags);
    const [wanted, table] = cabinet(8, flags);
    const lockPins = new Set(table.map(({ lockPin }) => lockPin));
    const bench = new Bench({ eeprom: eepromWith(copyOf(1, wanted, table)) });
    const seen = new Set<PinLevel>();
    bench.machine.onPinChange((pin, level) => lockPins.has(pin) && seen.add(level));
    const { machine } = bench;
    let toReady = 0;
    for (let i = 0; i < 600; i += 1) {
      // Most of them within the first millisecond, in steps of 16 cycles; a few only after the greeting.
      machine.run(i % 20 === 0 ? 20 : random(1_000) / 1_000);
      if (machine.pinLevel(2) === (flags ? 'high' : 'low')) toReady += 1;
      const how = random(4);
      if (how === 3) {
        machine.powerOff();
        machine.powerOn();
      } else machine.reset((['external', 'brown-out', 'watchdog'] as const)[how]);
    }
    t.same(seen, new Set(flags ? ['floating', 'pulled-up', 'high'] : ['floating', 'low']));
    t.ok(toReady > 100 && toReady < 590, `${toReady} resets came after the pins were driven`);
  });
}

t.test('a reset in the middle of a pulse has the lock off for good', async (t) => {
  const [wanted, table] = cabinet(8, 1);
  const bench = new Bench({ eeprom: eepromWith(copyOf(1, wanted, table)) });
  bench.hello();
  bench.ask({ kind: 'pulse', locker: 1, pulseMs: 1_000, tag: 1 }, 'answer');
  t.equal(bench.machine.pinLevel(2), 'low');
  const levels: PinLevel[] = [];
  bench.machine.onPinChange((pin, level) => pin === 2 && levels.push(level));
  bench.machine.reset('watchdog');
  bench.machine.run(1_000);
  t.same(levels, ['floating', 'pulled-up', 'high']);
});
