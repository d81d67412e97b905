import t from 'tap';
import { settingsCrcOf } from '../../../firmware-bridge/board/wire.js';
import { Bench, type Locker, lockers, settings } from './bench.js';

const hello = (hostNonce: number, protocol = 2) => ({ kind: 'hello', protocol, hostNonce }) as const;
const heartbeat = { kind: 'heartbeat' } as const;

t.test('welcomes with a session of the host’s nonce and its own number, never the same twice', async (t) => {
  const bench = new Bench();
  const seen = new Set<number>();
  for (let i = 0; i < 300; i += 1) {
    const [frame] = bench.exchange(hello(0x1234), { session: 0, sequence: 5 }, 12);
    t.match(frame, {
      sequence: 5,
      message: { kind: 'welcome', protocol: 2, hostNonce: 0x1234, lockersMax: 32 },
    });
    const session = frame?.session ?? 0;
    if ((session & 0xffff) !== 0x1234 || seen.has(session)) t.fail(`session ${session}`);
    seen.add(session);
  }
});

t.test('welcomes a host of another protocol too, naming its own', async (t) => {
  const bench = new Bench();
  t.match(bench.exchange(hello(1, 1), { session: 0 }), [{ message: { kind: 'welcome', protocol: 2 } }]);
});

t.test('frames of another session, and all before HELLO, are counted and not answered', async (t) => {
  const bench = new Bench();
  t.same(bench.exchange(heartbeat, { session: 0 }), []);
  bench.hello();
  const old = bench.session;
  bench.hello();
  for (const session of [0, old, bench.session ^ 1]) t.same(bench.exchange(heartbeat, { session }), []);
  t.same(bench.exchange(hello(7), { session: bench.session }), [], 'HELLO is outside of sessions');
  t.match(bench.ask(heartbeat, 'status'), { badFrames: 5, ignoredWrites: 0, rxOverruns: 0 });
});

t.test('settings go live as one, with no lock pin ever on', async (t) => {
  const bench = new Bench();
  t.equal(bench.hello().settingsCrc, 0);
  bench.ask(settings, 'answer');
  for (const locker of lockers) bench.ask(locker, 'answer');
  t.same(bench.driven, [], 'nothing moves before APPLY');
  const settingsCrc = settingsCrcOf(settings, lockers);
  t.match(bench.ask({ kind: 'apply', settingsCrc }, 'answer'), {
    command: 5,
    result: 0,
    detail: settingsCrc,
  });
  t.match(bench.driven, [
    { pin: 22, level: 'low' },
    { pin: 23, level: 'low' },
  ]);
  t.equal(bench.machine.pinLevel(54), 'pulled-up');
  t.equal(bench.machine.pinLevel(55), 'pulled-up');
  t.equal(bench.hello().settingsCrc, settingsCrc, 'they outlive the session');
});

t.test('settings that cannot be are refused with the locker, and change nothing', async (t) => {
  const [first, second] = lockers;
  const apply = (...table: Locker[]) => {
    const bench = new Bench();
    bench.hello();
    bench.ask({ ...settings, lockers: table.length }, 'answer');
    for (const locker of table) bench.ask(locker, 'answer');
    const settingsCrc = settingsCrcOf({ ...settings, lockers: table.length }, table);
    const { result, detail } = bench.ask({ kind: 'apply', settingsCrc }, 'answer');
    t.same(bench.driven, []);
    return [result, detail];
  };
  t.same(apply(first, { ...second, lockPin: 22 }), [5, 2], 'a lock pin twice');
  t.same(apply(first, { ...second, doorPin: 54 }), [5, 2], 'a door pin twice');
  t.same(apply(first, { ...second, doorPin: 22 }), [5, 2], 'lock and door on one pin');
  t.same(apply({ ...first, lockPin: 70 }, second), [5, 1], 'no such pin');
  t.same(apply({ ...first, doorPin: 0 }, second), [5, 1], 'the serial line’s pin');
  t.same(apply(first, first), [5, 2], 'a locker missing');
});

t.test('refuses a cabinet it cannot hold, and settings that make no sense', async (t) => {
  const bench = new Bench();
  bench.hello();
  for (const change of [
    { lockers: 0 },
    { lockers: 33 },
    { pulseMaxMs: 0 },
    { pulseMaxMs: 5_001 },
    { locksOnMax: 0 },
    { locksOnMax: 5 },
    { hostSilenceMs: 0 },
  ]) {
    t.equal(bench.ask({ ...settings, ...change }, 'answer').result, 5, JSON.stringify(change));
    t.equal(bench.ask(lockers[0], 'answer').result, 5, 'and takes no locker after them');
  }
  t.equal(bench.ask({ kind: 'apply', settingsCrc: 0 }, 'answer').result, 5);
  bench.ask(settings, 'answer');
  t.match(bench.ask({ ...lockers[0], locker: 3 }, 'answer'), { result: 5, detail: 3 });
});

t.test('SETTINGS opens a fresh table: no locker told before counts, also when it is refused', async (t) => {
  const bench = Bench.ready();
  const apply = { kind: 'apply', settingsCrc: settingsCrcOf(settings, lockers) } as const;
  bench.ask(settings, 'answer');
  t.match(bench.ask(apply, 'answer'), { result: 5, detail: 1 });
  bench.configure();
  bench.ask({ ...settings, lockers: 0 }, 'answer');
  t.match(bench.ask(apply, 'answer'), { result: 5, detail: 0 });
});

t.test('a settings CRC that differs is answered with the board’s', async (t) => {
  const bench = new Bench();
  bench.hello();
  bench.ask(settings, 'answer');
  for (const locker of lockers) bench.ask(locker, 'answer');
  const detail = settingsCrcOf(settings, lockers);
  t.match(bench.ask({ kind: 'apply', settingsCrc: detail ^ 1 }, 'answer'), { result: 6, detail });
  t.same(bench.driven, []);
});

t.test('holds the largest cabinet', async (t) => {
  const bench = new Bench();
  bench.hello();
  const table = Array.from({ length: 32 }, (_, i) => {
    return { kind: 'locker', locker: i + 1, lockPin: 2 + i, doorPin: 38 + i, itemPin: 0, flags: 0 } as const;
  });
  t.same(new Set(bench.configure({ ...settings, lockers: 32 }, table)), new Set([0]));
  bench.runWithHost(100);
  t.equal(bench.ask({ kind: 'queryDoors' }, 'doors').known, 0xffff_ffff);
  t.equal(bench.ask({ kind: 'pulse', locker: 32, pulseMs: 100, tag: 1 }, 'answer').result, 0);
  t.same(bench.highPins(), [33]);
});

t.test('a silent host’s session ends; a living one’s does not', async (t) => {
  const bench = Bench.ready();
  bench.runWithHost(5_000);
  t.match(bench.exchange(heartbeat), [{ message: { kind: 'status' } }]);
  bench.machine.run(settings.hostSilenceMs + 1);
  t.same(bench.exchange(heartbeat), [], 'only HELLO is heard');
  t.not(bench.hello().settingsCrc, 0);
  t.match(bench.exchange(heartbeat), [{ message: { kind: 'status' } }]);
});

t.test('foreign and damaged frames are no sign of life', async (t) => {
  const bench = Bench.ready();
  for (let i = 0; i < 12; i += 1) {
    bench.send(heartbeat, { session: bench.session ^ 1 });
    bench.askFirmata([0xf9]);
    bench.machine.run(20);
  }
  t.same(bench.exchange(heartbeat), []);
});

t.test('the status tells boot, time, cause and how much RAM was never used', async (t) => {
  const bench = Bench.ready();
  bench.runWithHost(2_000);
  const status = bench.ask(heartbeat, 'status');
  t.match(status, { resetCause: 1, locksOn: 0, badFrames: 0, ignoredWrites: 0, rxOverruns: 0, uptimeS: 2 });
  t.ok(status.freeRam > 5_000 && status.freeRam < 8_192, `${status.freeRam} bytes`);
  bench.ask({ kind: 'pulse', locker: 2, pulseMs: 200, tag: 1 }, 'answer');
  t.equal(bench.ask(heartbeat, 'status').locksOn, 1);
});
