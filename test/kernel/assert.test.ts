import t from 'tap';
import { AssertionError, assert, unreachable } from '../../src/kernel/assert.js';

t.test('an assertion that does not hold is a bug, and says what must be true', async (t) => {
  t.doesNotThrow(() => assert(true, 'fine'));
  t.throws(() => assert(false, 'doors are counted from 1'), new AssertionError('doors are counted from 1'));
});

t.test('a case that the types rule out is a bug that names the case', async (t) => {
  t.throws(() => unreachable({ kind: 'new' } as never), { message: 'unreachable case: {"kind":"new"}' });
});
