import t, { type Test } from 'tap';
import { encodeFrame } from '../../../firmware-bridge/board/wire.js';
import { Bench, settings } from './bench.js';

const heartbeat = { kind: 'heartbeat' } as const;
const patient = { ...settings, hostSilenceMs: 60_000 };

/** A board in session, and the frame that would switch its first lock on. */
function prepare() {
  const bench = Bench.ready();
  bench.configure(patient);
  const message = { kind: 'pulse', locker: 1, pulseMs: 100, tag: 1 } as const;
  const frame = [...encodeFrame({ session: bench.session, sequence: 200, message })];
  const touched: number[] = [];
  bench.machine.onPinChange((pin) => touched.push(pin));
  return { bench, frame, touched };
}

/** Sends each; every one must be dropped and counted once, and the next frame heard. */
function dropsAll(t: Test, attempts: (frame: number[]) => number[][]) {
  const { bench, frame, touched } = prepare();
  for (const [i, bytes] of attempts(frame).entries()) {
    bench.write(...bytes);
    bench.machine.run(bytes.length / 5);
    const { badFrames } = bench.ask(heartbeat, 'status');
    if (badFrames !== i + 1) throw new Error(`attempt ${i}: ${badFrames} counted`);
  }
  t.same(touched, []);
  bench.write(...frame);
  bench.machine.run(30);
  t.same(bench.highPins(), [22], 'the frame itself does');
}

t.test('a pulse cut short anywhere is none, and the frame after it is heard', async (t) => {
  dropsAll(t, (frame) => frame.slice(1).map((_, length) => frame.slice(0, length + 1)));
});

t.test('a pulse with any bit of its body flipped is none', async (t) => {
  // F0, F7 and the command stay: they say whose message it is. Bit 7 would begin another message.
  dropsAll(t, (frame) =>
    Array.from({ length: (frame.length - 3) * 7 }, (_, bit) =>
      frame.map((byte, at) => (at === 2 + Math.floor(bit / 7) ? byte ^ (1 << (bit % 7)) : byte)),
    ),
  );
});

t.test('a frame that is too long is dropped, whatever its end would say', async (t) => {
  dropsAll(t, (frame) =>
    [1, 2, 34, 35, 36, 37, 60, 197, 198, 199, 200, 230, 256, 500].flatMap((extra) => {
      const filler = Array(extra).fill(0);
      return [
        [...frame.slice(0, -1), ...filler, 0xf7],
        [0xf0, frame[1] ?? 0, ...filler, ...frame.slice(2)],
      ];
    }),
  );
});

t.test('each raw request for a guarded pin is counted once, and the count stops at its end', async (t) => {
  const { bench, touched } = prepare();
  const requests: [string, number[], number][] = [
    ['pin mode', [0xf4, 22, 1], 1],
    ['pin mode of a door', [0xf4, 54, 0], 1],
    ['pin value', [0xf5, 22, 1], 1],
    ['a port with two locks', [0x92, 0x40, 1], 2],
    ['a port as it is', [0x92, 0, 0], 0],
    ['system reset', [0xff], 1],
    ['somebody else’s pin', [0xf4, 13, 1], 0],
  ];
  const ignored = () => bench.ask(heartbeat, 'status').ignoredWrites;
  for (const [what, bytes, wanted] of requests) {
    const before = ignored();
    bench.write(...bytes);
    t.equal(ignored() - before, wanted, what);
  }
  t.same(touched, [13]);
  for (let i = 0; i < 70; i += 1) {
    bench.write(...Array(1_000).fill(0xff));
    bench.machine.run(176);
  }
  t.equal(ignored(), 65_535);
});
