import t from 'tap';
import { settingsCrcOf } from '../../../firmware-bridge/board/wire.js';
import { Bench, type Locker, lockers, type Settings, settings } from './bench.js';
import { copyOf, eepromWith, erased, settle, WatchedEeprom } from './eeprom.js';

/** Two descriptions that differ in every byte that can differ; the second one's locks are active-low at other pins. */
const before: [Settings, readonly Locker[]] = [settings, lockers];
const after: [Settings, readonly Locker[]] = [
  {
    kind: 'settings',
    lockers: 3,
    pulseMaxMs: 777,
    restMs: 1_234,
    hostSilenceMs: 888,
    debounceMs: 41,
    locksOnMax: 3,
    flags: 1,
  },
  [
    { kind: 'locker', locker: 1, lockPin: 30, doorPin: 60, itemPin: 65, flags: 3 },
    { kind: 'locker', locker: 2, lockPin: 31, doorPin: 61, itemPin: 66, flags: 2 },
    { kind: 'locker', locker: 3, lockPin: 32, doorPin: 62, itemPin: 0, flags: 1 },
  ],
];

/** Has a board with that EEPROM keep the second description; gives the EEPROM after each step of it. */
function statesWhileWriting(eeprom: Uint8Array): readonly Uint8Array[] {
  const watched = new WatchedEeprom(eeprom);
  const bench = new Bench({ eeprom: watched });
  bench.hello();
  const booted = watched.states.length;
  bench.configure(...after);
  settle(bench, after[1]);
  return watched.states.slice(booted - 1);
}

/** As it is after each step, and with the cell of that step anything between what it was and what it became. */
function* cuts(states: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const [i, state] of states.entries()) {
    yield state;
    const next = states[i + 1];
    const at = next?.findIndex((byte, cell) => byte !== state[cell]) ?? -1;
    if (!next || at < 0) continue;
    const [from, to] = [state[at] ?? 0, next[at] ?? 0];
    const torn = state.slice();
    torn[at] = (from & 0xa6) | (to & 0x59);
    yield torn;
  }
}

/** What a board makes of an EEPROM: the CRC of its settings, and the pins it drives to which level. */
function bootWith(eeprom: Uint8Array) {
  const bench = new Bench({ eeprom: eeprom.slice() });
  const driven = bench.driven.map(({ pin, level }) => `${pin} ${level}`);
  return { crc: bench.hello().settingsCrc, driven: driven.sort().join(', '), bench };
}

const crcs = [before, after].map(([wanted, table]) => settingsCrcOf(wanted, table));
const driven = new Map([
  [0, ''],
  [crcs[0], '22 low, 23 low'],
  [crcs[1], '30 high, 31 high, 32 high'],
]);

const beginnings: [string, Uint8Array, number][] = [
  ['the first settings', erased(), 0],
  ['other settings, one copy there', eepromWith(copyOf(1, ...before)), crcs[0] ?? 0],
  [
    'other settings over the older of two copies',
    eepromWith(copyOf(9, ...before), copyOf(8, ...after)),
    crcs[0] ?? 0,
  ],
  ['other settings after a write that was cut', eepromWith(undefined, copyOf(5, ...before)), crcs[0] ?? 0],
];

for (const [what, eeprom, had] of beginnings) {
  t.test(`power cut at any step of keeping ${what}: the old ones or the new ones, whole`, async (t) => {
    const states = statesWhileWriting(eeprom);
    const found: number[] = [];
    for (const cut of cuts(states)) {
      const board = bootWith(cut);
      if (board.driven !== driven.get(board.crc)) t.fail(`drives ${board.driven} with ${board.crc}`);
      found.push(board.crc);
    }
    const turn = found.indexOf(crcs[1] ?? 0);
    t.ok(turn > 10, `${found.length} cuts, the new ones from cut ${turn} on`);
    t.same(new Set(found.slice(0, turn)), new Set([had]));
    t.equal(found.at(-1), crcs[1]);
  });
}

t.test('whatever a cut has left, the next settings are kept', async (t) => {
  const states = statesWhileWriting(eepromWith(copyOf(1, ...before)));
  const third = { ...settings, debounceMs: 77 };
  for (const cut of [...cuts(states)].filter((_, i) => i % 5 === 0)) {
    const { bench } = bootWith(cut);
    bench.configure(third);
    settle(bench, after[1]);
    bench.machine.powerOff();
    bench.machine.powerOn();
    bench.machine.run(20);
    if (bench.hello().settingsCrc !== settingsCrcOf(third, lockers)) t.fail('not kept');
  }
  t.pass();
});

t.test('power cut at any moment after APPLY, on one and the same board', async (t) => {
  const bench = new Bench();
  const crcsSeen = new Set<number>();
  let had = 0;
  for (let step = 0; step < 120; step += 1) {
    const [wanted, table] = step % 2 ? after : before;
    bench.hello();
    for (const message of [wanted, ...table]) bench.ask(message, 'answer');
    const settingsCrc = settingsCrcOf(wanted, table);
    bench.send({ kind: 'apply', settingsCrc });
    bench.machine.run(step * 1.13);
    bench.machine.powerOff();
    bench.machine.powerOn();
    bench.machine.run(20);
    const has = bench.hello().settingsCrc;
    if (has !== had && has !== settingsCrc) t.fail(`${has} after ${had} and ${settingsCrc}`);
    crcsSeen.add(has);
    had = has;
  }
  t.same(crcsSeen, new Set([0, ...crcs]), 'cuts came before and after the writing was done');
});
