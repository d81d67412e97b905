import t from 'tap';
import { settingsCrcOf } from '../../../firmware-bridge/board/wire.js';
import { firmwareHex } from '../../support/hex-file.js';
import { Bench, lockers, settings } from './bench.js';
import { settle } from './eeprom.js';

const queryDoors = { kind: 'queryDoors' } as const;
const pulse = { kind: 'pulse', locker: 1, pulseMs: 1_000, tag: 0xbeef } as const;

/** Park and Miller's generator: the same resets in every run. */
function numbers(seed = 1): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 0x7fff_ffff;
    return state % below;
  };
}

for (const cause of ['external', 'brown-out', 'watchdog'] as const) {
  t.test(
    `a reset (${cause}) takes the lock off at once, and leaves settings and the memory of the pulse`,
    async (t) => {
      const bench = Bench.ready();
      settle(bench);
      const { bootId } = bench.hello();
      bench.ask(pulse, 'answer');
      bench.machine.drivePin(54, 'released');
      bench.machine.run(50);
      bench.machine.reset(cause);
      t.equal(bench.machine.pinLevel(22), 'floating', 'at once');
      bench.machine.run(20);
      const welcome = bench.hello();
      t.match(welcome, { settingsCrc: settingsCrcOf(settings, lockers), bootId: bootId + 1 });
      t.equal(welcome.resetCause, { external: 2, 'brown-out': 4, watchdog: 8 }[cause]);
      t.equal(bench.machine.pinLevel(22), 'low');
      t.match(bench.ask(queryDoors, 'doors'), { lastTag: 0xbeef, lastLocker: 1, lastOpened: 1 });
    },
  );
}

t.test('power-off takes the memory away, whatever the RAM holds then', async (t) => {
  const bench = Bench.ready();
  bench.ask(pulse, 'answer');
  bench.machine.powerOff();
  bench.machine.powerOn();
  bench.machine.run(20);
  t.equal(bench.hello().resetCause, 1);
  t.match(bench.ask(queryDoors, 'doors'), { lastTag: 0, lastLocker: 0, lastOpened: 0 });
});

t.test('no session of an earlier boot is heard, nor repeated', async (t) => {
  const bench = Bench.ready();
  const seen = new Set([bench.session]);
  for (let boot = 0; boot < 200; boot += 1) {
    const old = bench.session;
    bench.machine.reset();
    bench.machine.run(20);
    bench.hello();
    if (seen.has(bench.session)) t.fail(`session ${bench.session} again`);
    seen.add(bench.session);
    if (boot % 20 === 0) t.same(bench.exchange(queryDoors, { session: old }), []);
  }
});

t.test('the boot counter goes round the EEPROM, two bytes a boot, and none of them often', async (t) => {
  const eeprom = new Uint8Array(4_096).fill(0xff);
  const bench = new Bench({ eeprom });
  const wear = new Uint32Array(eeprom.length);
  const ids: number[] = [];
  let before = eeprom.slice();
  for (let boot = 0; boot < 300; boot += 1) {
    bench.machine.reset();
    bench.machine.run(20);
    ids.push(bench.hello().bootId);
    for (const [at, cell] of eeprom.entries()) wear[at] = (wear[at] ?? 0) + (cell === before[at] ? 0 : 1);
    before = eeprom.slice();
  }
  t.same(
    ids,
    Array.from({ length: 300 }, (_, i) => i + 1),
  );
  t.ok(Math.max(...wear) <= 5, `a cell changed ${Math.max(...wear)} times in 300 boots`);
});

t.test('no two boots have the same id, also when power goes while it is written', async (t) => {
  const random = numbers();
  const bench = new Bench();
  const ids: number[] = [];
  for (let boot = 0; boot < 500; boot += 1) {
    bench.machine.powerOff();
    bench.machine.powerOn();
    // The counter is written within the first 8 ms.
    bench.machine.run(random(80) / 10);
    bench.machine.powerOff();
    bench.machine.powerOn();
    bench.machine.run(20);
    ids.push(bench.hello().bootId);
  }
  t.equal(new Set(ids).size, ids.length);
  const steps = new Set(ids.slice(1).map((id, i) => id - (ids[i] ?? 0)));
  t.ok(steps.has(1) && steps.has(2), 'power went both before and after the boot was counted');
});

t.test('500 resets at any moment leave no lock pin on for a cycle outside a pulse', async (t) => {
  const random = numbers(7);
  const bench = new Bench();
  bench.machine.drivePin(54, 'low');
  for (let i = 0; i < 500; i += 1) {
    bench.hello();
    bench.configure();
    if (i % 2) bench.send({ ...pulse, pulseMs: 20 });
    bench.machine.run(random(300) / 10);
    bench.machine.reset(i % 3 ? 'external' : 'watchdog');
    bench.machine.run(20);
  }
  const on = bench.driven.filter(({ level }) => level === 'high');
  t.ok(on.length > 150, `${on.length} pulses`);
  t.ok(on.every(({ pin }) => pin === 22));
  const longestMs = Math.max(...on.map(({ fromMs, toMs = Number.POSITIVE_INFINITY }) => toMs - fromMs));
  t.ok(longestMs <= 20, `${longestMs} ms`);
});

t.test('a program that no longer feeds the watchdog is reset within half a second', async (t) => {
  const bench = new Bench({ hex: withoutFeeding(firmwareHex()) });
  bench.hello();
  bench.configure({ ...settings, pulseMaxMs: 5_000, hostSilenceMs: 60_000 });
  bench.ask({ ...pulse, pulseMs: 5_000 }, 'answer');
  t.same(bench.highPins(), [22]);
  bench.machine.run(550 - bench.machine.elapsedMs);
  t.same(bench.highPins(), []);
  t.equal(bench.hello().resetCause, 8);
  t.match(bench.ask(queryDoors, 'doors'), { lastTag: 0xbeef, lastLocker: 1 });
});

/** The firmware with a NOP wherever it has a WDR. */
function withoutFeeding(hex: string): string {
  const records = hex.trim().split(/\r?\n/);
  const patched = records.map((record) => {
    const bytes = Buffer.from(record.slice(1, -2), 'hex');
    // Four bytes of head (length, address, type), then words, low byte first.
    for (let at = 4; at + 1 < bytes.length; at += 2)
      if (bytes.readUInt16LE(at) === 0x95a8) bytes.fill(0, at, at + 2);
    const checksum = -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
    return `:${Buffer.from([...bytes, checksum])
      .toString('hex')
      .toUpperCase()}`;
  });
  if (patched.every((record, i) => record === records[i])) throw new Error('no WDR in the firmware');
  return patched.join('\n');
}
