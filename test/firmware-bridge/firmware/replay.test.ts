import t from 'tap';
import { encodeFrame } from '../../../firmware-bridge/board/wire.js';
import { Bench, lockers, settings } from './bench.js';

/** A whole session as it went over the wire, in which both locks were pulsed. */
function recordSession(bench: Bench): Uint8Array[] {
  const recorded: Uint8Array[] = [];
  const write = bench.write.bind(bench);
  bench.write = (...bytes) => {
    recorded.push(Uint8Array.from(bytes));
    write(...bytes);
  };
  bench.machine.drivePin(54, 'low');
  bench.hello();
  bench.configure();
  for (const { locker } of lockers) {
    bench.ask({ kind: 'pulse', locker, pulseMs: 50, tag: locker }, 'answer');
    bench.runWithHost(100);
  }
  bench.write = write;
  return recorded;
}

/** Plays it at the pace it was recorded at, or faster. */
function replay(bench: Bench, recorded: readonly Uint8Array[]): void {
  for (const bytes of recorded) {
    bench.write(...bytes);
    bench.machine.run(30);
  }
}

const ways: Record<string, (bench: Bench) => void> = {
  'into the session after it': (bench) => void bench.hello(0x7777),
  'into one with the same nonce': (bench) => void bench.hello(),
  'when the host has gone': (bench) => bench.machine.run(settings.hostSilenceMs + 10),
  'after a reset': (bench) => bench.machine.reset(),
  'after a reset, settings live again': (bench) => {
    bench.machine.reset();
    bench.machine.run(20);
    bench.hello();
    bench.configure();
  },
  'after power-off': (bench) => {
    bench.machine.powerOff();
    bench.machine.powerOn();
  },
};

for (const [when, prepare] of Object.entries(ways)) {
  t.test(`a recorded session moves no pin when played again ${when}`, async (t) => {
    const bench = new Bench();
    const recorded = recordSession(bench);
    t.equal(bench.driven.filter(({ level }) => level === 'high').length, 2);
    prepare(bench);
    bench.machine.run(20);
    const touched: number[] = [];
    bench.machine.onPinChange((pin) => touched.push(pin));
    const heard = bench.frames.length;
    replay(bench, recorded);
    t.same(touched, []);
    const said = bench.frames.slice(heard).map(({ message }) => message.kind);
    const answered = said.filter((kind) => kind !== 'doors');
    t.same(answered, ['welcome'], 'nothing was answered but its HELLO');
    bench.hello();
    t.equal(
      bench.ask({ kind: 'heartbeat' }, 'status').badFrames,
      recorded.length - 1,
      'the rest was counted',
    );
  });
}

t.test('its pulses alone, sent into a later session, are refused', async (t) => {
  const bench = Bench.ready();
  const old = bench.session;
  bench.hello();
  const message = { kind: 'pulse', locker: 1, pulseMs: 100, tag: 1 } as const;
  for (let sequence = 0; sequence < 256; sequence += 1) {
    bench.write(...encodeFrame({ session: old, sequence, message }));
    bench.machine.run(6);
    if (sequence % 32 === 0) bench.ask({ kind: 'heartbeat' }, 'status');
  }
  t.same(bench.highPins(), []);
  t.same(bench.heard('pulsed'), []);
});
