import t from 'tap';
import { encodeFrame } from '../../firmware-bridge/board/wire.js';
import { Bench, type Locker, settings } from './bench.js';

/** 24 shut doors, as in the cabinet this is built for. */
function cabinetOf24(): Bench {
  const bench = new Bench();
  const table = Array.from({ length: 24 }, (_, i): Locker => {
    return { kind: 'locker', locker: i + 1, lockPin: 2 + i, doorPin: 40 + i, itemPin: 0, flags: 0 };
  });
  for (const { doorPin } of table) bench.machine.drivePin(doorPin, 'low');
  bench.hello();
  bench.configure({ ...settings, lockers: 24, hostSilenceMs: 60_000 }, table);
  bench.machine.run(300);
  return bench;
}

t.test('the lock is on half a millisecond after the last byte of its pulse', async (t) => {
  const bench = cabinetOf24();
  const message = { kind: 'pulse', locker: 1, pulseMs: 10, tag: 1 } as const;
  // A byte takes ten bits at 16 MHz / 8 / 35.
  const wireMs = encodeFrame({ session: 0, sequence: 0, message }).length * (10 / (16_000 / 8 / 35));
  for (let i = 0; i < 100; i += 1) {
    const sentMs = bench.machine.elapsedMs;
    bench.send(message);
    bench.machine.run(40.37);
    const onMs = bench.driven.findLast(({ pin, level }) => pin === 2 && level === 'high')?.fromMs ?? 0;
    const afterMs = onMs - sentMs - wireMs;
    if (!(afterMs > 0 && afterMs < 0.5)) t.fail(`on ${afterMs} ms after the last byte`);
  }
});

t.test('watching 24 doors, the board sleeps six sevenths of the time', async (t) => {
  const { machine } = cabinetOf24();
  const [awake, all] = [machine.awakeCycles, machine.cycles];
  machine.run(5_000);
  const share = (machine.awakeCycles - awake) / (machine.cycles - all);
  t.ok(share < 1 / 7, `${(share * 100).toFixed(1)} % awake`);
});

t.test('no round of the loop takes 5 ms, settings and all', async (t) => {
  const bench = cabinetOf24();
  for (let locker = 1; locker <= 24; locker += 1) {
    bench.ask({ kind: 'pulse', locker, pulseMs: 50, tag: locker }, 'answer');
    bench.machine.drivePin(39 + locker, 'released');
    bench.machine.run(50);
  }
  const { loopMaxUs } = bench.ask({ kind: 'heartbeat' }, 'status');
  t.ok(loopMaxUs > 1_000 && loopMaxUs < 5_000, `${loopMaxUs} µs`);
});

t.test('a round that waits for the line is told, and forgotten with the next boot', async (t) => {
  const bench = new Bench();
  bench.hello();
  // 550 bytes are the answer to each, and 1 024 fit the queue.
  for (let i = 0; i < 6; i += 1) bench.write(0xf0, 0x6b, 0xf7);
  bench.machine.run(800);
  const { loopMaxUs } = bench.ask({ kind: 'heartbeat' }, 'status');
  t.equal(loopMaxUs, 65_535);
  bench.machine.reset();
  bench.machine.run(20);
  bench.hello();
  t.ok(bench.ask({ kind: 'heartbeat' }, 'status').loopMaxUs < 5_000);
});
