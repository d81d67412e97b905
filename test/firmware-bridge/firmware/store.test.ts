import t from 'tap';
import { settingsCrcOf } from '../../../firmware-bridge/board/wire.js';
import { Bench, lockers, type Settings, settings } from './bench.js';
import { copyOf, copyPlaces, eepromOf, eepromWith, erased, settle, WatchedEeprom } from './eeprom.js';

const pulse = { kind: 'pulse', locker: 1, pulseMs: 100, tag: 7 } as const;
const crcOf = (wanted: Settings) => settingsCrcOf(wanted, lockers);

t.test('keeps settings as the format says', async (t) => {
  const [first] = copyPlaces;
  const copy = copyOf(1);
  t.same(eepromOf().slice(first, first + copy.length), copy);
});

for (const [how, restart] of [
  ['a reset', (bench: Bench) => bench.machine.reset()],
  [
    'power-off',
    (bench: Bench) => {
      bench.machine.powerOff();
      bench.machine.powerOn();
    },
  ],
] as const) {
  t.test(`after ${how} the settings are live before any host has spoken`, async (t) => {
    const bench = Bench.ready();
    settle(bench);
    restart(bench);
    bench.machine.run(60);
    t.equal(bench.machine.pinLevel(22), 'low');
    t.equal(bench.machine.pinLevel(54), 'pulled-up');
    t.equal(bench.hello().settingsCrc, crcOf(settings));
    t.match(bench.ask({ kind: 'queryDoors' }, 'doors'), { known: 0b11, open: 0 });
    t.equal(bench.ask(pulse, 'answer').result, 0, 'without SETTINGS or APPLY');
    t.same(bench.highPins(), [22]);
    bench.machine.run(settings.hostSilenceMs);
    t.match(bench.heard('pulsed'), [{ locker: 1, measuredMs: 100, ended: 0 }]);
  });
}

t.test('settings that are live already are not written again', async (t) => {
  const eeprom = new WatchedEeprom(erased());
  const bench = new Bench({ eeprom });
  bench.hello();
  bench.configure();
  settle(bench);
  bench.machine.reset();
  bench.machine.run(20);
  const before = eeprom.states.length;
  for (let i = 0; i < 3; i += 1) {
    bench.hello();
    t.same(bench.configure(), [0, 0, 0, 0]);
    settle(bench);
  }
  t.equal(eeprom.states.length, before);
});

t.test('of settings that come faster than they can be kept, the last ones are kept', async (t) => {
  for (const restMs of [1, 2]) {
    const bench = new Bench({ eeprom: eepromOf() });
    bench.hello();
    for (const wanted of [
      { ...settings, debounceMs: 31 },
      { ...settings, restMs: 1 },
      { ...settings, restMs },
    ])
      bench.configure(wanted);
    settle(bench);
    bench.machine.reset();
    bench.machine.run(20);
    t.equal(bench.hello().settingsCrc, crcOf({ ...settings, restMs }));
  }
});

t.test('other settings and back again before they were kept: the copy of the first ones stays', async (t) => {
  const eeprom = eepromOf();
  const bench = new Bench({ eeprom });
  bench.hello();
  for (const wanted of [{ ...settings, debounceMs: 31 }, settings]) {
    for (const message of [wanted, ...lockers, { kind: 'apply', settingsCrc: crcOf(wanted) } as const]) {
      bench.send(message);
      bench.machine.run(7);
    }
  }
  settle(bench);
  t.match(bench.heard('answer').slice(-1), [{ command: 5, result: 0, detail: crcOf(settings) }]);
  const [first, second] = copyPlaces;
  t.same(eeprom.slice(first, first + copyOf(1).length), copyOf(1));
  t.equal(eeprom[second], 0xff);
});

t.test('a change writes each cell of the other copy once, and only those that differ', async (t) => {
  const eeprom = new WatchedEeprom(eepromWith(copyOf(3, { ...settings, restMs: 1 }), copyOf(4)));
  const bench = new Bench({ eeprom });
  bench.hello();
  eeprom.touched.clear();
  bench.configure({ ...settings, restMs: 2 });
  settle(bench);
  const [first] = copyPlaces;
  const cells = [...eeprom.touched.keys()].map((cell) => cell - first).sort((a, b) => a - b);
  const crcAt = copyOf(1).length - 2;
  t.same(cells, [0, 4, crcAt, crcAt + 1]);
  const [generation = 0, ...others] = cells.map((cell) => eeprom.touched.get(first + cell) ?? 0);
  t.equal(generation, 4, 'taken away at first and given at last, each erased and written');
  t.ok(others.every((times) => times === 2));
});

t.test('writing keeps nobody waiting', async (t) => {
  const bench = Bench.ready();
  settle(bench);
  bench.machine.reset();
  bench.machine.run(20);
  bench.hello();
  const { loopMaxUs: before } = bench.ask({ kind: 'heartbeat' }, 'status');
  bench.configure({ ...settings, pulseMaxMs: 900 });
  t.equal(bench.ask(pulse, 'answer').result, 0, 'live at once');
  settle(bench);
  bench.hello();
  const { loopMaxUs } = bench.ask({ kind: 'heartbeat' }, 'status');
  t.comment(`longest round ${loopMaxUs} µs, before ${before} µs`);
  t.ok(loopMaxUs < before + 1_500);
});

t.test('generations go round', async (t) => {
  let eeprom = eepromWith(copyOf(253, { ...settings, restMs: 253 }), undefined);
  for (const restMs of [254, 255, 256, 257]) {
    const bench = new Bench({ eeprom });
    t.equal(bench.hello().settingsCrc, crcOf({ ...settings, restMs: restMs - 1 }));
    bench.configure({ ...settings, restMs });
    settle(bench);
    eeprom = eeprom.slice();
  }
  t.same(
    copyPlaces.map((place) => eeprom[place]),
    [3, 2],
  );
});

t.test('when the newer copy is damaged, whichever bit of it, the older one counts', async (t) => {
  const older = { ...settings, restMs: 1 };
  const copy = copyOf(8);
  for (let at = 0; at < copy.length; at += 1) {
    const damaged = copy.slice();
    damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
    const bench = new Bench({ eeprom: eepromWith(copyOf(7, older), damaged) });
    if (bench.hello().settingsCrc !== crcOf(older)) t.fail(`byte ${at}`);
  }
  const none = new Bench({
    eeprom: eepromWith(
      copy.map((byte) => byte ^ 1),
      undefined,
    ),
  });
  t.equal(none.hello().settingsCrc, 0, 'and without an older one there are none');
  t.same(none.driven, []);
});

t.test('a table that no host could have applied is none, however whole it looks', async (t) => {
  const [first, second] = lockers;
  const impossible = [
    copyOf(1, { ...settings, pulseMaxMs: 60_000 }),
    copyOf(1, { ...settings, locksOnMax: 5 }),
    copyOf(1, { ...settings, hostSilenceMs: 0 }),
    copyOf(1, settings, [first, { ...second, doorPin: 54 }]),
    copyOf(1, settings, [{ ...first, lockPin: 1 }, second]),
    copyOf(1, { ...settings, lockers: 0 }, []),
    copyOf(1, { ...settings, lockers: 33 }, Array(33).fill(first)),
  ];
  for (const [i, copy] of impossible.entries()) {
    const bench = new Bench({ eeprom: eepromWith(copy) });
    t.equal(bench.hello().settingsCrc, 0, `table ${i}`);
    t.equal(bench.ask(pulse, 'answer').result, 4);
    t.same(
      bench.driven.filter(({ toMs }) => toMs === undefined),
      [],
      'all inputs',
    );
  }
});

t.test('lock pins known from EEPROM are out of raw Firmata’s reach from the first byte', async (t) => {
  const bench = new Bench({ eeprom: eepromOf() });
  const touched: number[] = [];
  bench.machine.onPinChange((pin) => touched.push(pin));
  for (const pin of [22, 23, 54, 55])
    bench.askFirmata([0xf4, pin, 1, 0xf5, pin, 1, 0x90 | (pin >> 3), 0x7f, 1, 0xf4, pin, 0, 0xff]);
  t.same(
    touched.filter((pin) => [22, 23, 54, 55].includes(pin)),
    [],
  );
});

t.test('a coil whose pulse a reset has ended rests before it may go on again', async (t) => {
  const bench = Bench.ready();
  bench.configure({ ...settings, restMs: 2_000, hostSilenceMs: 60_000 });
  settle(bench);
  bench.ask({ ...pulse, pulseMs: 1_000 }, 'answer');
  bench.machine.reset('brown-out');
  bench.machine.run(20);
  bench.hello();
  const { result, detail } = bench.ask(pulse, 'answer');
  t.equal(result, 7);
  t.ok(detail > 1_900 && detail <= 2_000, `${detail} ms`);
  bench.machine.run(2_000);
  t.equal(bench.ask(pulse, 'answer').result, 0);
});
