import t from 'tap';
import { encodeFrame } from '../../../firmware-bridge/board/wire.js';
import { Bench, type Locker, settings } from './bench.js';

/** 24 shut doors, as in the cabinet this is built for. */
function cabinetOf24(locksOnMax = 1): Bench {
  const bench = new Bench();
  const table = Array.from({ length: 24 }, (_, i): Locker => {
    return { kind: 'locker', locker: i + 1, lockPin: 2 + i, doorPin: 40 + i, itemPin: 0, flags: 0 };
  });
  for (const { doorPin } of table) bench.machine.drivePin(doorPin, 'low');
  bench.hello();
  bench.configure({ ...settings, lockers: 24, locksOnMax, hostSilenceMs: 60_000 }, table);
  bench.machine.run(300);
  return bench;
}

const range = (values: readonly number[]) =>
  `${Math.min(...values).toFixed(3)} to ${Math.max(...values).toFixed(3)} ms`;

t.test('the lock is on half a millisecond after the last byte of its pulse', async (t) => {
  const bench = cabinetOf24();
  const message = { kind: 'pulse', locker: 1, pulseMs: 10, tag: 1 } as const;
  // A byte takes ten bits at 16 MHz / 8 / 35.
  const wireMs = encodeFrame({ session: 0, sequence: 0, message }).length * (10 / (16_000 / 8 / 35));
  const delaysMs: number[] = [];
  for (let i = 0; i < 100; i += 1) {
    const sentMs = bench.machine.elapsedMs;
    bench.send(message);
    bench.machine.run(40.37);
    const onMs = bench.driven.findLast(({ pin, level }) => pin === 2 && level === 'high')?.fromMs ?? 0;
    delaysMs.push(onMs - sentMs - wireMs);
  }
  t.comment(`last byte to lock on: ${range(delaysMs)}`);
  t.ok(Math.min(...delaysMs) > 0 && Math.max(...delaysMs) < 0.5);
});

for (const locks of [1, 4]) {
  t.test(`a pulse of 100 ms is at most that, and within a tick of it, with ${locks} at once`, async (t) => {
    const bench = cabinetOf24(locks);
    for (let i = 0; i < 120; i += 1) {
      bench.send({ kind: 'pulse', locker: 1 + (i % 24), pulseMs: 100, tag: i });
      bench.machine.run(i % locks === locks - 1 ? 140.37 : 7.3);
    }
    const onMs = bench.driven.flatMap(({ level, fromMs, toMs }) =>
      level === 'high' && toMs !== undefined ? [toMs - fromMs] : [],
    );
    t.comment(`${onMs.length} pulses of 100 ms: ${range(onMs)}`);
    t.equal(onMs.length, 120);
    t.ok(Math.min(...onMs) > 98.9 && Math.max(...onMs) <= 100);
  });
}

t.test('watching 24 doors, the board sleeps six sevenths of the time', async (t) => {
  const { machine } = cabinetOf24();
  const [awake, all] = [machine.awakeCycles, machine.cycles];
  machine.run(5_000);
  const share = (machine.awakeCycles - awake) / (machine.cycles - all);
  t.comment(`awake ${(share * 100).toFixed(1)} % of the time`);
  t.ok(share < 1 / 7);
});

t.test('no round of the loop takes 5 ms, settings and all', async (t) => {
  const bench = cabinetOf24();
  for (let locker = 1; locker <= 24; locker += 1) {
    bench.ask({ kind: 'pulse', locker, pulseMs: 50, tag: locker }, 'answer');
    bench.machine.drivePin(39 + locker, 'released');
    bench.machine.run(50);
  }
  const { loopMaxUs } = bench.ask({ kind: 'heartbeat' }, 'status');
  t.comment(`longest round ${loopMaxUs} µs`);
  t.ok(loopMaxUs > 1_000 && loopMaxUs < 5_000);
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
