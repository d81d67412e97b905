import t from 'tap';
import { benchCabinet } from '../../../scripts/proofs/bench/cabinet.js';
import { isMet } from '../../../scripts/proofs/support/goals.js';

t.test('the firmware meets its times on its own clock, and every run finds the same', async (t) => {
  const [first, second] = [await benchCabinet(1, () => undefined), await benchCabinet(1, () => undefined)];
  for (const goal of first.goals) t.ok(isMet(goal), `${goal.name}: ${goal.figure}`);
  t.strictSame(second, first);
});
