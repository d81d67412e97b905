import t from 'tap';
import { Bench } from './bench.js';

t.test('a reset at any moment of a pulse leaves its memory, or that of the one before', async (t) => {
  const bench = Bench.ready();
  const pulse = (tag: number) => bench.send({ kind: 'pulse', locker: 1, pulseMs: 5, tag });
  const sentMs = bench.machine.elapsedMs;
  pulse(1);
  bench.machine.run(30);
  const onAfterMs = (bench.driven.find(({ level }) => level === 'high')?.fromMs ?? 0) - sentMs;
  t.ok(onAfterMs > 4, `on after ${onAfterMs} ms`);
  const remembered = new Set<number>();
  let before = 1;
  for (let tag = 2; tag < 300; tag += 1) {
    bench.hello();
    bench.configure();
    pulse(tag);
    // From half a millisecond before the pin goes on, in steps of 48 cycles.
    bench.machine.run(onAfterMs - 0.5 + tag * 0.003);
    bench.machine.reset();
    bench.machine.run(20);
    bench.hello();
    const { lastTag } = bench.ask({ kind: 'queryDoors' }, 'doors');
    if (lastTag !== tag && lastTag !== before) t.fail(`after pulse ${tag}: ${lastTag}`);
    remembered.add(lastTag - tag);
    before = lastTag;
  }
  t.ok(remembered.has(0) && remembered.size > 1, 'resets came both before and after the pulse');
});

t.test('a boot whose counting was torn apart costs its own number at most', async (t) => {
  const eeprom = new Uint8Array(4_096).fill(0xff);
  const bootId = (cells: Uint8Array) => new Bench({ eeprom: cells }).hello().bootId;
  let last = bootId(eeprom);
  // Past the first full round, and past 255, from where both bytes change.
  for (let boot = 0; boot < 330; boot += 1) {
    const before = eeprom.slice();
    const next = bootId(eeprom);
    if (next !== last + 1) t.fail(`${next} after ${last}`);
    const changed = [...eeprom.keys()].filter((at) => eeprom[at] !== before[at]);
    // A cell is erased, then written; where there are two, the other one may be new or old meanwhile.
    for (const at of boot > 64 && changed.length === 1 ? [] : changed) {
      for (const torn of [before.slice().fill(0xff, at, at + 1), eeprom.slice().fill(0xff, at, at + 1)]) {
        const found = bootId(torn);
        if (found !== next && found !== next + 1) t.fail(`${found} after ${last}, cell ${at} torn`);
      }
    }
    last = next;
  }
});

t.test('a supply gone too briefly for the RAM to forget is a power-off all the same', async (t) => {
  const bench = Bench.ready();
  bench.ask({ kind: 'pulse', locker: 1, pulseMs: 5, tag: 0xbeef }, 'answer');
  // The machine's own power-off scrambles the RAM, and then the checksum alone would do.
  bench.machine.reset('power-on' as string as 'external');
  bench.machine.run(20);
  t.equal(bench.hello().resetCause, 1);
  t.match(bench.ask({ kind: 'queryDoors' }, 'doors'), { lastTag: 0, lastLocker: 0, lastOpened: 0 });
});
