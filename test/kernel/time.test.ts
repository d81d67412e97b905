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
