import t from 'tap';
import { after, days, elapsedMs, epochMs, milliseconds, minutes, seconds } from '../../src/kernel/time.js';

t.test('lengths of time are milliseconds, whatever they were said in', async (t) => {
  t.equal(milliseconds(250), 250);
  t.equal(seconds(1.5), 1_500);
  t.equal(minutes(2), 120_000);
  t.equal(days(28), 28 * 24 * 60 * 60 * 1_000);
});

t.test('a moment after another stays on its clock', async (t) => {
  t.equal(after(elapsedMs(10), seconds(1)), 1_010);
  t.equal(after(epochMs(Date.UTC(2026, 10, 23)), days(1)), Date.UTC(2026, 10, 24));
});

t.test('time that makes no sense is a bug where it is made', async (t) => {
  const nonsense = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const n of nonsense) t.throws(() => elapsedMs(n), { name: 'AssertionError' }, `elapsed ${n}`);
  for (const n of [...nonsense, -1, 0.5, 8.64e15 + 1]) {
    t.throws(() => epochMs(n), { name: 'AssertionError' }, `calendar ${n}`);
  }
  for (const n of [...nonsense, -1, 0.5]) {
    t.throws(() => milliseconds(n), { name: 'AssertionError' }, `a duration of ${n}`);
  }
  t.equal(elapsedMs(1_234.567_891), 1_234.567_891, 'elapsed time has fractions');
  t.equal(new Date(epochMs(8.64e15)).toISOString(), '+275760-09-13T00:00:00.000Z');
});
