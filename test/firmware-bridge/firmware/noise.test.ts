import t from 'tap';
import { encodeFrame } from '../../../firmware-bridge/board/wire.js';
import { limits } from '../../../src/kernel/limits.js';
import { Bench, settings } from './bench.js';

const heartbeat = { kind: 'heartbeat' } as const;

/** Park and Miller's generator: the same noise in every run. */
function noise(seed: number, count: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 48_271) % 0x7fff_ffff;
    return (state >> 8) & 0xff;
  });
}

/** What a byte takes at the board's 16 MHz / 8 / 35 baud. */
const byteMs = 10 / (16_000 / 8 / 35);

/** Writes without ever pausing the line. */
function flood(bench: Bench, bytes: readonly number[]): void {
  const chunk = limits.emulatorUartBytes / 2;
  for (let at = 0; at < bytes.length; at += chunk) {
    const slice = bytes.slice(at, at + chunk);
    bench.write(...slice);
    bench.machine.run(slice.length * byteMs);
  }
}

t.test('a minute of noise at full speed moves no lock, ends no boot and makes no board deaf', async (t) => {
  const bench = Bench.ready();
  const { bootId } = bench.hello();
  bench.send({ kind: 'pulse', locker: 1, pulseMs: 300, tag: 1 });
  flood(bench, noise(1, 350_000));
  // Answers wait in a queue of 1 024 bytes.
  bench.machine.run(200);
  const on = bench.driven.filter(({ pin, level }) => (pin === 22 || pin === 23) && level === 'high');
  t.equal(on.length, 1, 'only the pulse from before');
  const { fromMs = 0, toMs = Number.POSITIVE_INFINITY } = on[0] ?? {};
  t.ok(Math.abs(toMs - fromMs - 300) < 1.1, `${toMs - fromMs} ms`);
  t.match(bench.heard('pulsed'), [{ measuredMs: 300, ended: 0 }]);
  t.equal(bench.machine.pinLevel(54), 'pulled-up');
  const welcome = bench.hello();
  t.equal(welcome.bootId, bootId, 'no reset');
  t.match(bench.exchange(heartbeat), [{ message: { kind: 'status', locksOn: 0 } }]);
});

t.test('a host that asks without pause neither stops the guard nor wakes the watchdog', async (t) => {
  const bench = Bench.ready();
  const { bootId } = bench.hello();
  bench.send({ kind: 'pulse', locker: 1, pulseMs: 1_000, tag: 1 });
  // Three bytes in, 550 out: the board can never catch up.
  const question = [0xf0, 0x6b, 0xf7];
  flood(
    bench,
    Array.from({ length: 12_000 }, (_, i) => question[i % 3] ?? 0),
  );
  const { fromMs = 0, toMs = Number.POSITIVE_INFINITY } =
    bench.driven.find(({ level }) => level === 'high') ?? {};
  t.ok(
    toMs - fromMs < settings.hostSilenceMs + 150,
    `the silent session’s lock was on for ${toMs - fromMs} ms`,
  );
  bench.machine.run(30_000);
  t.equal(bench.hello().bootId, bootId, 'no reset');
  t.ok(bench.ask(heartbeat, 'status').rxOverruns > 0, 'what was lost is counted');
});

t.test('frames among noise are heard, and what is no frame is counted', async (t) => {
  const bench = Bench.ready();
  const before = bench.ask(heartbeat, 'status').badFrames;
  let answered = 0;
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
    bench.write(...noise(seed, 200));
    answered += bench.exchange(heartbeat, {}, 80).filter(({ message }) => message.kind === 'status').length;
  }
  t.equal(answered, 10);
  t.ok(bench.ask(heartbeat, 'status').badFrames > before);
});

t.test('a frame that stops is dropped after 20 ms, and its rest is no frame', async (t) => {
  const bench = Bench.ready();
  const frame = [...encodeFrame({ session: bench.session, sequence: 1, message: heartbeat })];
  const sendSlowly = (pauseMs: number) => {
    const before = bench.heard('status').length;
    bench.write(...frame.slice(0, 9));
    bench.machine.run(2 + pauseMs);
    bench.write(...frame.slice(9));
    bench.machine.run(30);
    return bench.heard('status').length - before;
  };
  t.equal(sendSlowly(15), 1);
  t.equal(sendSlowly(25), 0);
});
