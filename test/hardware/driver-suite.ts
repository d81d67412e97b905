import type { Test } from 'tap';
import { lockerNo } from '../../src/kernel/ids.js';
import { type Watched, watch } from '../support/board-events.js';
import { mega24 } from '../support/plugged-board.js';
import { type HardwareBoard, untilOn } from './hardware-board.js';

const { pulseMs, longPulseMs } = mega24.coil;
/** A pulse is never longer than asked, and shorter by less than the tick it began in. */
const tickMs = 1.05;
/** Half a second of the watchdog's own oscillator, 2^16 cycles of 128 kHz. */
const watchdogMs = 512;

/** Reading the EEPROM, at the speed of a processor with nothing else to do. */
const drivenWithinMs = 10;

/** A board and the kiosk's driver at its port; locks are used once each, so that none has to rest. */
interface Driven extends Watched {
  readonly hardware: HardwareBoard;
}

/** What the board does behind `createLockerBoard` and `openPort`, which let the port go at the end. */
export async function driverSuite(t: Test, hardware: HardwareBoard): Promise<void> {
  const driven: Driven = {
    hardware,
    ...watch(t, { host: hardware.host, path: hardware.path, description: mega24 }),
  };
  await t.test('is ready within moments, every door known, and knows of no pulse', async (t) => {
    const { timers } = hardware.host;
    const startedMs = timers.nowMs;
    const first = await driven.next('ready');
    t.comment(`ready after ${Math.round(timers.nowMs - startedMs)} ms`);
    t.match(first, { firmware: /^lening 2\./, lastPulse: null });
    t.same(
      [...first.doors],
      mega24.lockers.map(({ locker }) => [locker, 'closed']),
    );
  });
  await pulses(t, driven);
  await losses(t, driven);
  await t.test('is let go in a pulse: its lock goes off at once', async (t) => {
    await unlock(t, driven, 19, 'long');
    await driven.board.close();
    t.same(await hardware.locksOn(), []);
    const onMs = await lastOnMs(hardware, 19);
    t.ok(onMs < longPulseMs / 2, `the pin was on for ${onMs} ms`);
  });
}

async function pulses(t: Test, driven: Driven): Promise<void> {
  const { hardware, board, next } = driven;

  await t.test('times a pulse as its pin does', async (t) => {
    await unlock(t, driven, 7);
    t.same(await outcome(driven, 7, 2), { kind: 'done', measuredMs: pulseMs });
    const onMs = await lastOnMs(hardware, 7);
    t.ok(onMs <= pulseMs && onMs > pulseMs - tickMs, `the pin was on for ${onMs} ms`);
  });

  await t.test('ends a pulse when the door opens, and reports the door', async (t) => {
    await unlock(t, driven, 8, 'long');
    await hardware.door(8, 'open');
    t.same(await next('door'), { kind: 'door', locker: 8, door: 'open' });
    const done = await outcome(driven, 8, 2);
    const measuredMs = done?.kind === 'done' ? done.measuredMs : Number.NaN;
    t.ok(measuredMs < longPulseMs / 2, `ended after ${measuredMs} ms`);
    const onMs = await lastOnMs(hardware, 8);
    t.ok(Math.abs(onMs - measuredMs) < tickMs, `the pin was on for ${onMs} ms`);
    await hardware.door(8, 'closed');
    t.same(await next('door', 2), { kind: 'door', locker: 8, door: 'closed' });
  });

  await t.test('refuses another lock while one is on', async (t) => {
    await unlock(t, driven, 1);
    board.unlock(lockerNo(2), 2, 'normal');
    t.match(await outcome(driven, 2, 1), { kind: 'refused', reason: 'too-many-locks-on' });
    t.match(await outcome(driven, 1, 2), { kind: 'done' });
    t.notOk((await hardware.onTimes()).some(({ locker }) => locker === 2));
  });
}

async function losses(t: Test, driven: Driven): Promise<void> {
  const { hardware } = driven;

  await t.test(
    'unplugged in a pulse, ends it in time, and is ready with its doors when plugged in',
    async (t) => {
      await unlock(t, driven, 9);
      const loss = nextAfterNow(driven, 'lost');
      await hardware.unplug();
      t.match((await loss).fault, { code: 'board.lost' });
      await untilOn(hardware, async () => (await hardware.locksOn()).length === 0);
      const onMs = await lastOnMs(hardware, 9);
      t.ok(onMs <= pulseMs && onMs > pulseMs - tickMs, `the pin was on for ${onMs} ms`);
      await hardware.door(5, 'open');
      const readiness = nextAfterNow(driven, 'ready');
      await hardware.plug();
      const ready = await readiness;
      t.same(
        [...ready.doors].filter(([, door]) => door !== 'closed'),
        [[5, 'open']],
      );
      t.same(ready.lastPulse, { tag: 9, locker: 9, opened: false });
    },
  );

  await t.test('reset in a pulse, switches off at once, is ready again and remembers it', async (t) => {
    await unlock(t, driven, 10, 'long');
    const readiness = nextAfterNow(driven, 'ready');
    await hardware.reset('external');
    t.same(await hardware.locksOn(), []);
    t.same((await readiness).lastPulse, { tag: 10, locker: 10, opened: false });
    t.same(await hardware.locksOn(), []);
    t.ok((await lastOnMs(hardware, 10)) < longPulseMs / 2);
    await drivesItsLocks(t, hardware);
  });

  await t.test('with its ticks stopped in a pulse, is reset by the watchdog', async (t) => {
    await unlock(t, driven, 11, 'long');
    const readiness = nextAfterNow(driven, 'ready');
    await hardware.stopTicks();
    const ready = await readiness;
    t.same(ready.lastPulse, { tag: 11, locker: 11, opened: false });
    await drivesItsLocks(t, hardware);
    t.equal(await hardware.watchdogResets(), 1);
    const onMs = await lastOnMs(hardware, 11);
    t.ok(onMs > watchdogMs && onMs < longPulseMs, `the pin was on for ${onMs} ms`);
  });

  await t.test('without power, forgets the pulse and keeps no lock on', async (t) => {
    await unlock(t, driven, 12);
    const readiness = nextAfterNow(driven, 'ready');
    await hardware.reset('power-on');
    t.same(await hardware.locksOn(), []);
    t.equal((await readiness).lastPulse, null);
    await drivesItsLocks(t, hardware);
    t.equal(await hardware.watchdogResets(), 1, 'no watchdog took part');
  });
}

/** Unlocks, under the locker's own number as tag, and waits until the lock is on. */
async function unlock(t: Test, driven: Driven, locker: number, strength: 'normal' | 'long' = 'normal') {
  driven.board.unlock(lockerNo(locker), locker, strength);
  t.match(await outcome(driven, locker, 1), { kind: 'accepted' });
  t.same(await driven.hardware.locksOn(), [locker], 'this lock and no other is on');
}

/** From what its EEPROM says, long before any host could tell it. */
async function drivesItsLocks(t: Test, hardware: HardwareBoard): Promise<void> {
  const drivenMs = (await hardware.drivenAfterMs()) ?? Number.NaN;
  t.ok(drivenMs < drivenWithinMs, `all lock pins were at rest ${drivenMs} ms after the reset`);
}

/** The next event of a kind that is not here yet. */
function nextAfterNow<Kind extends 'ready' | 'lost'>({ of, next }: Driven, kind: Kind) {
  return next(kind, of(kind).length + 1);
}

/** The outcome of that pulse which comes as the `count`th. */
async function outcome({ hardware, of }: Driven, tag: number, count: number) {
  const outcomes = () => of('pulse').filter((each) => each.tag === tag);
  await untilOn(hardware, () => outcomes().length >= count, `outcome ${count} of pulse ${tag}`);
  return outcomes()[count - 1]?.outcome;
}

/** How long a lock's pin was on when it was last. */
async function lastOnMs(hardware: HardwareBoard, locker: number): Promise<number> {
  const last = (await hardware.onTimes()).at(-1);
  if (last?.locker !== locker) throw new Error(`lock ${locker} was not the last one on`);
  return last.onMs;
}
