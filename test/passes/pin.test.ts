import t from 'tap';
import { hashPin, isPin, isPinHash } from '../../src/passes/pin.js';

t.test('a PIN is known again, and no other is taken for it', async (t) => {
  const stored = await hashPin('4711', 1_024);
  t.ok(isPinHash(stored));
  t.notMatch(stored, /4711/);
  t.equal(await isPin('4711', stored), true);
  for (const wrong of ['4712', '47110', '0471', '', 'abcd', '471１'])
    t.equal(await isPin(wrong, stored), false, wrong);
});

t.test('the same PIN is stored differently each time', async (t) => {
  t.not(await hashPin('4711', 1_024), await hashPin('4711', 1_024));
});

t.test('the usual cost is what a kiosk can bear', async (t) => {
  const stored = await hashPin('12345678');
  t.match(stored, /^scrypt\$16384\$8\$1\$/);
  t.equal(await isPin('12345678', stored), true);
});

t.test('a hash that would keep the kiosk busy, or is none, fits no PIN', async (t) => {
  const stored = await hashPin('4711', 1_024);
  const hostile = [
    stored.replace('$1024$', '$1073741824$'),
    stored.replace('$8$1$', '$8$1000$'),
    stored.replace('$8$1$', '$999$1$'),
    stored.slice(0, -1),
    'scrypt$',
    '4711',
    '',
  ];
  for (const text of hostile) {
    t.notOk(isPinHash(text), text);
    t.equal(await isPin('4711', text), false, text);
  }
});
