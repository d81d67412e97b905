import t from 'tap';
import { createNoiseMeter } from '../../../firmware-bridge/reader/noise-meter.js';
import { createRepeatFilter } from '../../../firmware-bridge/reader/repeat.js';
import { createSilenceWatch } from '../../../firmware-bridge/reader/silence-watch.js';
import { until } from '../../support/until.js';

t.test('takes a code that stays in view for one scan, however long', async (t) => {
  const { isRepeat } = createRepeatFilter(1_000);
  t.notOk(isRepeat('A', 0));
  for (let nowMs = 300; nowMs < 5_000; nowMs += 300) t.ok(isRepeat('A', nowMs));
});

t.test('takes a code that comes again later, or after another code, for a new scan', async (t) => {
  const { isRepeat } = createRepeatFilter(1_000);
  t.notOk(isRepeat('A', 0));
  t.ok(isRepeat('A', 999));
  t.notOk(isRepeat('A', 1_999));
  t.notOk(isRepeat('B', 2_000));
  t.notOk(isRepeat('A', 2_001));
});

t.test('tells noise at once, then in sums', async (t) => {
  const told: number[] = [];
  const meter = createNoiseMeter(40, (bytes) => told.push(bytes));
  t.teardown(() => meter.stop());
  meter.count(0);
  t.same(told, []);
  meter.count(5);
  for (let n = 0; n < 100; n++) meter.count(2);
  t.same(told, [5]);
  await until(() => told.length === 2);
  t.same(told, [5, 200]);
});

t.test('hears silence only when something was begun', async (t) => {
  let silences = 0;
  const watch = createSilenceWatch(20, () => silences++);
  t.teardown(() => watch.stop());
  watch.heard(true);
  watch.heard(false);
  await new Promise((resolve) => setTimeout(resolve, 60));
  t.equal(silences, 0);
  watch.heard(true);
  await until(() => silences === 1);
});

t.test('does not take a standing event loop for silence', async (t) => {
  let silences = 0;
  const watch = createSilenceWatch(300, () => silences++);
  t.teardown(() => watch.stop());
  watch.heard(true);
  const blockedUntil = performance.now() + 400;
  while (performance.now() < blockedUntil);
  // The late timers run first, then what had waited meanwhile is read.
  await new Promise((resolve) => setTimeout(resolve, 0));
  await new Promise((resolve) => setImmediate(resolve));
  t.equal(silences, 0);
});

t.test('hears no silence while bytes keep coming', async (t) => {
  let silences = 0;
  const watch = createSilenceWatch(20, () => silences++);
  t.teardown(() => watch.stop());
  for (let n = 0; n < 5; n++) {
    watch.heard(true);
    // Shorter than the gap, longer than its half; timers run in the order they are due, so load cannot disturb it.
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  t.equal(silences, 0);
});
