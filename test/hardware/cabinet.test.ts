import { readFileSync } from 'node:fs';
import t from 'tap';
import { parseCabinet } from '../../hardware/cabinet.js';
import { packageRoot } from '../../src/kernel/package-root.js';

const mega24 = readFileSync(new URL('hardware/mega-24.yaml', packageRoot), 'utf8');

t.test('the 24-locker cabinet on a Mega is described as wired', async (t) => {
  const cabinet = parseCabinet(mega24, 'mega-24.yaml');
  t.equal(cabinet.lockers.length, 24);
  t.strictSame(cabinet.lockers[0], { locker: 1, lockPin: 22, doorPin: 54, doorSwitch: 'closed-when-shut' });
  t.strictSame(cabinet.lockers[23], { locker: 24, lockPin: 45, doorPin: 53, doorSwitch: 'closed-when-shut' });
});

t.test('a description that cannot be wired is refused, and the place is named', async (t) => {
  const cases = [
    ['lockPin: 23', 'lockPin: 22', /pin 22 is used by the lock of locker 1 and by the lock of locker 2/],
    ['doorPin: 54', 'doorPin: 22', /pin 22/],
    ['locker: 2,', 'locker: 1,', /locker 1 is used by/],
    ['locker: 2,', 'locker: 25,', /locker 25 of only 24/],
    ['lockPin: 22', 'lockPin: 70', /lockers\[0\]\.lockPin/],
    ['debounceMs: 30', 'debounceMs: 3', /debounceMs/],
    ['relays: active-high', 'relays: sometimes', /relays/],
    ['board: mega-2560', 'board: mega-2560\ncolour: red', /colour/],
    ['lockers:', 'lockers: [', /mega-24\.yaml/],
  ] as const;
  for (const [from, to, place] of cases) {
    const broken = mega24.replace(from, to);
    t.throws(() => parseCabinet(broken, 'mega-24.yaml'), { code: 'config.invalid', message: place }, to);
  }
});
