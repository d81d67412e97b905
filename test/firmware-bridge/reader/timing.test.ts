import t from 'tap';
import { createNoiseMeter } from '../../../firmware-bridge/reader/noise-meter.js';
import { createRepeatFilter } from '../../../firmware-bridge/reader/scan-limits.js';
import { createSilenceWatch } from '../../../firmware-bridge/reader/silence-watch.js';
import { virtualHost } from '../../support/virtual-host.js';

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
  const time = virtualHost(t).timers;
  const told: number[] = [];
  const meter = createNoiseMeter(time.wait, 40, (bytes) => told.push(bytes));
  meter.count(0);
  t.same(told, []);
  meter.count(5);
  for (let n = 0; n < 100; n++) meter.count(2);
  t.same(told, [5]);
  await time.until(() => told.length === 2);
  t.same(told, [5, 200]);
});

t.test('hears silence only when something was begun', async (t) => {
  let silences = 0;
  const time = virtualHost(t).timers;
  const watch = createSilenceWatch(time.wait, 20, () => silences++);
  watch.heard(true);
  watch.heard(false);
  await time.pass(60);
  t.equal(silences, 0);
  watch.heard(true);
  await time.until(() => silences === 1);
});

t.test('does not take a standing event loop for silence', async (t) => {
  let silences = 0;
  const time = virtualHost(t).timers;
  const watch = createSilenceWatch(time.wait, 300, () => silences++);
  watch.heard(true);
  // The late timers run first, then what had waited meanwhile is read.
  const stop = time.onTurn(() => {
    watch.heard(false);
    stop();
  });
  time.stall(400);
  await time.pass(1_000);
  t.equal(silences, 0);
});

t.test('hears no silence while bytes keep coming', async (t) => {
  let silences = 0;
  const time = virtualHost(t).timers;
  const watch = createSilenceWatch(time.wait, 20, () => silences++);
  for (let n = 0; n < 5; n++) {
    watch.heard(true);
    // Shorter than the gap, longer than its half.
    await time.pass(15);
  }
  t.equal(silences, 0);
});
