import t from 'tap';
import { hashPin, isPin, isPinHash } from '../../src/passes/pin.js';

t.test('a PIN matches its hash, and no other PIN does', async (t) => {
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

t.test('the usual cost fits a kiosk’s memory and time', async (t) => {
  const stored = await hashPin('12345678');
  t.match(stored, /^scrypt\$16384\$8\$1\$/);
  t.equal(await isPin('12345678', stored), true);
});

t.test('every cost that may be stored can be made and compared', async (t) => {
  for (const cost of [1_024, 16_384, 32_768] as const)
    t.equal(await isPin('0000', await hashPin('0000', cost)), true, String(cost));
});

t.test('a stored hash of another program is understood: it is plain RFC 7914', async (t) => {
  // Made with Python's hashlib.scrypt.
  const stored = 'scrypt$1024$8$1$AAECAwQFBgcICQoLDA0ODw$8_UFx2nqrWEBHn1aHpwTWqOYZ3c3btZARMgM312rwxQ';
  t.equal(await isPin('246813', stored), true);
  t.equal(await isPin('246814', stored), false);
});

t.test('a PIN that cannot be entered is refused', async (t) => {
  for (const pin of ['', '123', '123456789', '12a4', ' 1234', '1234\n', '１２３４'])
    await t.rejects(hashPin(pin, 1_024), /4 to 8 digits/, JSON.stringify(pin));
});

t.test('timers run while a PIN is compared', async (t) => {
  const stored = await hashPin('4711');
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
  }, 1);
  await isPin('4711', stored);
  clearInterval(timer);
  t.ok(ticks > 0, `${ticks} ticks`);
});

t.test('a hash that is too expensive, or no hash, matches no PIN', async (t) => {
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
