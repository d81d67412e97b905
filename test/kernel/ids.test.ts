import t from 'tap';
import * as ids from '../../src/kernel/ids.js';

const hex16 = '0f4e1c9b7a6d5e32';
const name = 'h-1 杂志';

/** Each factory with a value it takes, and values it does not. */
const texts = [
  [ids.kioskId, 'jn-01', ['', 'JN 01', '-a', 'a'.repeat(32)]],
  [ids.itemId, '30106000000017', ['', '3010600000001', '301060000000170', '3010600000001x']],
  ...[ids.patronId, ids.passId, ids.staffId, ids.commandId, ids.epoch].map(
    (make) => [make, hex16, ['', 'A1', hex16.toUpperCase(), `${hex16}0`]] as const,
  ),
  ...[ids.titleId, ids.boardId, ids.holdId].map((make) => [make, name, ['', 'x'.repeat(41)]] as const),
] as const;

t.test('an id has its shape, or making it is a bug that does not quote it', async (t) => {
  for (const [make, good, bad] of texts) {
    t.equal(make(good), good);
    for (const text of bad) {
      t.throws(() => make(text), { name: 'AssertionError' }, JSON.stringify(text));
    }
  }
  const quoted = () => ids.patronId('Zhang San');
  t.throws(quoted, { message: /^(?!.*Zhang)/ });
});

t.test('doors and visits are counted from 1', async (t) => {
  t.equal(ids.lockerNo(999), 999);
  t.equal(ids.visitNo(2 ** 40), 2 ** 40);
  for (const n of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '7' as never]) {
    t.throws(() => ids.lockerNo(n), { name: 'AssertionError' }, String(n));
    t.throws(() => ids.visitNo(n), { name: 'AssertionError' }, String(n));
  }
  t.throws(() => ids.lockerNo(1_000), { name: 'AssertionError' });
});
