import t from 'tap';
import { Bench, lockers, settings } from './bench.js';

const pulse = (locker: number, pulseMs: number, tag = 7) =>
  ({ kind: 'pulse', locker, pulseMs, tag }) as const;
const lockPin = 22;

/** How long the lock pin was on, each time. */
const onTimesMs = (bench: Bench, pin = lockPin, level = 'high') =>
  bench.driven
    .filter((each) => each.pin === pin && each.level === level)
    .map(({ fromMs, toMs = Number.POSITIVE_INFINITY }) => toMs - fromMs);

t.test('a pulse lasts as long as was asked, to the tick, and is reported as long as it was', async (t) => {
  for (const pulseMs of [1, 2, 250, 500, 999, 1_000]) {
    const bench = Bench.ready();
    t.equal(bench.ask(pulse(1, pulseMs), 'answer').result, 0);
    bench.runWithHost(pulseMs + 50);
    const [onMs = 0, ...more] = onTimesMs(bench);
    t.ok(onMs <= pulseMs && onMs > pulseMs - 1.1, `${pulseMs} ms: on for ${onMs.toFixed(3)} ms`);
    t.same(more, []);
    t.same(bench.heard('pulsed'), [{ kind: 'pulsed', locker: 1, measuredMs: pulseMs, ended: 0 }]);
  }
});

t.test('when the answer to a pulse arrives, the lock is on already', async (t) => {
  const bench = Bench.ready();
  bench.send(pulse(1, 500));
  const before = bench.heard('answer').length;
  while (bench.heard('answer').length === before) bench.machine.run(0.1);
  t.same(bench.highPins(), [lockPin]);
});

t.test('a pulse is cut to the settings’ longest', async (t) => {
  const bench = Bench.ready();
  bench.ask(pulse(1, 60_000), 'answer');
  bench.runWithHost(1_100);
  t.same(bench.heard('pulsed'), [{ kind: 'pulsed', locker: 1, measuredMs: 1_000, ended: 0 }]);

  const lax = Bench.ready();
  lax.configure({ ...settings, pulseMaxMs: 5_000 });
  lax.ask(pulse(1, 65_535), 'answer');
  lax.runWithHost(5_100);
  t.same(lax.heard('pulsed'), [{ kind: 'pulsed', locker: 1, measuredMs: 5_000, ended: 0 }]);
  t.ok(Math.max(...onTimesMs(lax)) <= 5_000);
});

t.test('an active-low lock is high at rest, also at the very moment it becomes an output', async (t) => {
  const bench = new Bench();
  bench.hello();
  t.same(bench.configure({ ...settings, flags: 1 }), [0, 0, 0, 0]);
  bench.ask(pulse(1, 100), 'answer');
  bench.runWithHost(200);
  t.ok(Math.abs((onTimesMs(bench, lockPin, 'low')[0] ?? 0) - 100) < 1.1);
  t.equal(onTimesMs(bench, lockPin, 'low').length, 1);
  t.equal(onTimesMs(bench, 23, 'low').length, 0, 'the other lock was never low');
});

t.test('refuses what cannot be done, with the reason, and moves nothing', async (t) => {
  const fresh = new Bench();
  fresh.hello();
  t.equal(fresh.ask(pulse(1, 100), 'answer').result, 4, 'not configured');
  const bench = Bench.ready();
  t.equal(bench.ask(pulse(0, 100), 'answer').result, 1, 'locker 0');
  t.equal(bench.ask(pulse(3, 100), 'answer').result, 1, 'locker unknown');
  t.equal(bench.ask(pulse(255, 100), 'answer').result, 1, 'locker unknown');
  t.equal(bench.ask(pulse(1, 0), 'answer').result, 3, 'length 0');
  t.same(bench.highPins(), []);
});

t.test('one lock at a time', async (t) => {
  const bench = Bench.ready();
  t.equal(bench.ask(pulse(1, 300), 'answer').result, 0);
  t.equal(bench.ask(pulse(2, 300), 'answer').result, 2, 'too many on');
  t.same(bench.highPins(), [lockPin]);
  bench.runWithHost(350);
  t.equal(bench.ask(pulse(2, 300), 'answer').result, 0);
  t.same(bench.highPins(), [23]);
});

t.test('a repeated pulse is answered again and not executed again', async (t) => {
  const bench = Bench.ready();
  const sequence = bench.send(pulse(1, 100));
  bench.runWithHost(200);
  const [answer] = bench.exchange(pulse(1, 100), { sequence });
  t.match(answer, { sequence, message: { kind: 'answer', command: 7, result: 0 } });
  bench.runWithHost(200);
  t.equal(onTimesMs(bench).length, 1);
  t.equal(bench.heard('pulsed').length, 1);
  bench.ask(pulse(1, 100), 'answer');
  bench.runWithHost(200);
  t.equal(onTimesMs(bench).length, 2, 'another sequence is another pulse');
});

t.test('the same sequence in another session is another pulse', async (t) => {
  const bench = Bench.ready();
  bench.exchange(pulse(1, 50), { sequence: 9 });
  bench.runWithHost(100);
  bench.hello();
  bench.exchange(pulse(1, 50), { sequence: 9 });
  bench.runWithHost(100);
  t.equal(onTimesMs(bench).length, 2);
});

t.test('a host that falls silent has its lock switched off', async (t) => {
  const bench = Bench.ready();
  bench.machine.run(100);
  const sentMs = bench.machine.elapsedMs;
  bench.ask(pulse(1, 1_000), 'answer');
  bench.machine.run(1_000);
  const { toMs = Number.POSITIVE_INFINITY } = bench.driven.find(({ level }) => level === 'high') ?? {};
  t.ok(
    Math.abs(toMs - sentMs - settings.hostSilenceMs) < 10,
    `off ${(toMs - sentMs).toFixed(1)} ms after the last frame`,
  );
  t.match(bench.heard('pulsed'), [{ locker: 1, ended: 1 }]);
  const measuredMs = bench.heard('pulsed')[0]?.measuredMs ?? 0;
  t.ok(Math.abs(measuredMs - (onTimesMs(bench)[0] ?? 0)) < 1.1);
});

t.test('HELLO ends the pulse before it welcomes', async (t) => {
  const bench = Bench.ready();
  bench.ask(pulse(1, 1_000), 'answer');
  const before = bench.frames.length;
  const old = bench.session;
  bench.hello();
  const [pulsed, welcome] = bench.frames.slice(before);
  t.match(pulsed, { session: old, message: { kind: 'pulsed', ended: 2 } });
  t.match(welcome, { message: { kind: 'welcome' } });
  t.same(bench.highPins(), []);
});

t.test('other settings take the lock off before they go live; the same ones leave it on', async (t) => {
  const bench = Bench.ready();
  bench.ask(pulse(1, 1_000), 'answer');
  bench.configure();
  t.same(bench.highPins(), [lockPin], 'the same settings change no pin');
  const moved = lockers.map((each) => ({ ...each, lockPin: each.lockPin + 10 }));
  t.same(bench.configure(settings, moved), [0, 0, 0, 0]);
  t.same(bench.highPins(), []);
  t.match(bench.heard('pulsed'), [{ locker: 1, ended: 2 }]);
  t.equal(bench.machine.pinLevel(22), 'floating', 'a pin that is no lock’s any more is an input');
});
