import { stat } from 'node:fs';
import t from 'tap';
import { Heartbeat } from '../../../firmware-bridge/board/heartbeat.js';
import { until } from '../../support/until.js';

t.test('asks at its pace and stays content while it is answered', async (t) => {
  let beats = 0;
  const heartbeat = new Heartbeat({
    everyMs: 5,
    deadlineMs: 1_000,
    beat: () => {
      beats += 1;
      setImmediate(() => heartbeat.answered());
    },
    onSilence: () => t.fail('silence'),
  });
  heartbeat.start();
  await until(() => beats >= 5);
  heartbeat.stop();
});

t.test('tells silence once, a deadline after the first unanswered beat', async (t) => {
  let silences = 0;
  const startedMs = performance.now();
  const heartbeat = new Heartbeat({
    everyMs: 5,
    deadlineMs: 40,
    beat: () => undefined,
    onSilence: () => {
      silences += 1;
    },
  });
  heartbeat.start();
  await until(() => silences > 0);
  t.ok(performance.now() - startedMs >= 39);
  await new Promise((resolve) => setTimeout(resolve, 100));
  t.equal(silences, 1);
});

t.test('does not blame the other side for a pause of this process', async (t) => {
  let answers = 0;
  const heartbeat = new Heartbeat({
    everyMs: 1_000,
    deadlineMs: 20,
    // Answered by the system while this process is busy; read only afterwards.
    beat: () =>
      stat('/', () => {
        answers += 1;
        heartbeat.answered();
      }),
    onSilence: () => t.fail('silence'),
  });
  heartbeat.start();
  for (const end = performance.now() + 60; performance.now() < end; );
  await until(() => answers === 1);
  await new Promise(setImmediate);
  heartbeat.stop();
});

t.test('tells a long pause of this process before anything is read', async (t) => {
  const told: string[] = [];
  const heartbeat = new Heartbeat({
    everyMs: 5,
    deadlineMs: 1_000,
    pauseMaxMs: 30,
    beat: () => told.push('beat'),
    onSilence: () => t.fail('silence'),
    onPause: () => told.push('pause'),
  });
  heartbeat.start();
  stat('/', () => told.push('read'));
  for (const end = performance.now() + 60; performance.now() < end; );
  await until(() => told.includes('read'));
  await new Promise((resolve) => setTimeout(resolve, 30));
  t.strictSame(told, ['beat', 'pause', 'read'], 'and beats no more');
});

t.test('is silent itself after it was stopped', async (t) => {
  const heartbeat = new Heartbeat({
    everyMs: 5,
    deadlineMs: 10,
    beat: () => undefined,
    onSilence: () => t.fail('silence'),
  });
  heartbeat.start();
  heartbeat.stop();
  await new Promise((resolve) => setTimeout(resolve, 40));
});
