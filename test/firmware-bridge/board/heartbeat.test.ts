import t, { type Test } from 'tap';
import { Heartbeat, type HeartbeatOptions } from '../../../firmware-bridge/board/driver/heartbeat.js';
import { virtualHost } from '../../support/virtual-host.js';

/** A heartbeat in a test's time, and what it has told. */
function begin(t: Test, options: Partial<HeartbeatOptions>) {
  const time = virtualHost(t).timers;
  const told: string[] = [];
  const heartbeat = new Heartbeat({
    timers: time,
    everyMs: 5,
    deadlineMs: 1_000,
    beat: () => told.push('beat'),
    onSilence: () => told.push('silence'),
    onPause: () => told.push('pause'),
    ...options,
  });
  heartbeat.start();
  return { time, told, heartbeat };
}

t.test('asks at its pace and stays content while it is answered', async (t) => {
  const { time, told, heartbeat } = begin(t, { deadlineMs: 20 });
  time.onTurn(() => heartbeat.answered());
  await time.pass(200);
  t.same(new Set(told), new Set(['beat']));
  t.ok(told.length > 30 && told.length < 50, `${told.length} beats`);
});

t.test('tells silence once, a deadline after the first unanswered beat', async (t) => {
  const { time, told } = begin(t, { deadlineMs: 40 });
  const startedMs = time.nowMs;
  await time.until(() => told.includes('silence'));
  t.ok(time.nowMs - startedMs >= 39);
  await time.pass(100);
  t.equal(told.at(-1), 'silence', 'and beats no more');
});

t.test('does not blame the other side for a pause of this process', async (t) => {
  const { time, told, heartbeat } = begin(t, { everyMs: 1_000, deadlineMs: 20 });
  // The answer came while the process stood still; it is read after the deadline has passed.
  time.onTurn(() => heartbeat.answered());
  time.stall(60);
  await time.pass(500);
  t.same(told, ['beat']);
});

t.test('tells a long pause of this process before anything is read', async (t) => {
  const { time, told } = begin(t, { pauseMaxMs: 30 });
  const stop = time.onTurn(() => {
    told.push('read');
    stop();
  });
  time.stall(60);
  await time.pass(100);
  t.strictSame(told, ['beat', 'pause', 'read'], 'and beats no more');
});

t.test('is silent itself after it was stopped', async (t) => {
  const { time, told, heartbeat } = begin(t, { deadlineMs: 10 });
  heartbeat.stop();
  await time.pass(40);
  t.same(told, ['beat']);
  t.equal(time.pending, 0);
});
