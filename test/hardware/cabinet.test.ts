import { readFileSync } from 'node:fs';
import t from 'tap';
import { lockersOf, megasOf, parseCabinet } from '../../hardware/cabinet.js';
import { packageRoot } from '../../src/kernel/package-root.js';

const mega24 = readFileSync(new URL('hardware/mega-24.yaml', packageRoot), 'utf8');

t.test('the 24-locker cabinet on a Mega is described as wired', async (t) => {
  const cabinet = parseCabinet(mega24, 'mega-24.yaml');
  const [board] = megasOf(cabinet);
  t.equal(lockersOf(cabinet).length, 24);
  t.match(board, { relays: 'active-high', coil: { pulseMs: 500 }, locksOnMax: 1 });
  t.match(board?.lockers[0], { locker: 1, lockPin: 22, doorPin: 54, doorSwitch: 'closed-when-shut' });
  t.match(board?.lockers[23], { locker: 24, lockPin: 45, doorPin: 53, doorSwitch: 'closed-when-shut' });
});

t.test('the larger and the other cabinets are described too', async (t) => {
  const shipped = [
    ['mega-48.yaml', ['left', 'right'], 48],
    ['kerong-24.yaml', ['main'], 24],
  ] as const;
  for (const [file, boards, lockers] of shipped) {
    const cabinet = parseCabinet(readFileSync(new URL(`hardware/${file}`, packageRoot), 'utf8'), file);
    t.same(
      cabinet.boards.map(({ board }) => board),
      boards,
      file,
    );
    t.same(
      lockersOf(cabinet),
      Array.from({ length: lockers }, (_, index) => index + 1),
    );
  }
});

t.test('a Kerong board has the locks of its dialect', async (t) => {
  const kerong24 = readFileSync(new URL('hardware/kerong-24.yaml', packageRoot), 'utf8');
  t.throws(() => parseCabinet(kerong24.replace('cu48', 'cu16'), 'kerong-24.yaml'), {
    code: 'config.invalid',
    message: /a board of cu16 has 16 locks/,
  });
});

t.test('a description that cannot be wired is refused, and the place is named', async (t) => {
  const cases = [
    [
      'lockPin: 23',
      'lockPin: 22',
      /pin 22 of main is used by the lock of locker 1 and by the lock of locker 2/,
    ],
    ['doorPin: 54', 'doorPin: 22', /pin 22/],
    ['lockPin: 22', 'lockPin: 13', /lockers\[0\].lockPin/],
    ['locker: 2,', 'locker: 1,', /locker 1 is used by/],
    ['locker: 2,', 'locker: 25,', /locker 25 of only 24/],
    ['lockPin: 22', 'lockPin: 70', /boards\[0\]\.lockers\[0\]\.lockPin/],
    ['debounceMs: 30', 'debounceMs: 3', /debounceMs/],
    ['relays: active-high', 'relays: sometimes', /relays/],
    ['kind: mega-2560', 'colour: red\n    kind: mega-2560', /colour/],
    ['kind: mega-2560', 'kind: uno', /boards\[0\]/],
    ['debounceMs: 30', 'debounceMs: *other', /mega-24\.yaml/],
    ['lockers:', 'lockers: [', /mega-24\.yaml/],
  ] as const;
  for (const [from, to, place] of cases) {
    const broken = mega24.replace(from, to);
    t.throws(() => parseCabinet(broken, 'mega-24.yaml'), { code: 'config.invalid', message: place }, to);
  }
});
