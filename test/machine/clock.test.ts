import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { limits } from '../../src/kernel/limits.js';
import { epochMs } from '../../src/kernel/time.js';
import { createClock } from '../../src/machine/clock.js';
import { readBuiltAt, synchronizationOf } from '../../src/machine/time-sources.js';
import { ManualMachine } from '../support/clocks.js';
import { until } from '../support/until.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const builtAt = Date.UTC(2026, 0, 1);
const lastKnown = epochMs(Date.UTC(2028, 2, 1));

/** A clock on a machine that is moved by hand, and what it says. */
function clockAt(wallMs: number, synchronized: boolean | null = null, floor: number = lastKnown) {
  const machine = new ManualMachine(wallMs);
  machine.synchronized = synchronized;
  const journal = { lastTrustedMs: epochMs(floor) };
  const clock = createClock(() => journal.lastTrustedMs, machine);
  const says = (t: Test, calendarMs: number, trust: 'trusted' | 'floor', why = 'the time') =>
    t.match(clock.now(), { calendarMs, trust }, why);
  return { machine, journal, clock, says };
}

t.test('a clock that goes on from the last known time is believed', async (t) => {
  const { says, machine } = clockAt(lastKnown + day);
  says(t, lastKnown + day, 'trusted');
  machine.pass(hour);
  says(t, lastKnown + day + hour, 'trusted');
  machine.jump(-30_000);
  says(t, lastKnown + day + hour - 30_000, 'trusted', 'a small correction');
});

t.test('a clock that lost the time shows the last known one and what has passed since', async (t) => {
  for (const wall of [0, lastKnown - 30 * minute]) {
    const { says, machine } = clockAt(wall);
    says(t, lastKnown, 'floor');
    machine.pass(hour);
    says(t, lastKnown + hour, 'floor');
  }
});

t.test('a new kiosk believes any clock that is not older than the program', async (t) => {
  for (const years of [0, 1, 5, 20]) {
    const { says } = clockAt(builtAt + years * 365 * day, null, 0);
    says(t, builtAt + years * 365 * day, 'trusted', `${years} years on`);
  }
  clockAt(1_000, null, 0).says(t, builtAt, 'floor', '1970');
  clockAt(0, true).says(t, lastKnown, 'floor', 'also where the network has set it');
});

t.test('a wrong jump that is corrected leaves nothing behind, whoever sets the clock', async (t) => {
  for (const synchronized of [true, null])
    for (const jump of [300 * day, -300 * day, hour, -hour]) {
      const { says, machine } = clockAt(lastKnown + 400 * day, synchronized, lastKnown + 400 * day);
      says(t, lastKnown + 400 * day, 'trusted');
      machine.jump(jump);
      says(t, lastKnown + 400 * day, 'floor', 'the time goes on from what is known');
      machine.pass(30 * minute);
      says(t, lastKnown + 400 * day + 30 * minute, 'floor');
      machine.jump(-jump);
      says(t, lastKnown + 400 * day + 30 * minute, 'trusted', 'at once');
    }
});

t.test('a jump that lasts was right', async (t) => {
  for (const [synchronized, jump, settleMs] of [
    [true, 300 * day, limits.clockSettleMs],
    [true, -300 * day, limits.clockSettleMs],
    [null, 300 * day, limits.clockSettleMs],
    [null, -300 * day, limits.clockSettleBackMs],
  ] as const) {
    const from = lastKnown + 400 * day;
    const { says, machine } = clockAt(from, synchronized, from);
    says(t, from, 'trusted');
    machine.jump(jump);
    says(t, from, 'floor');
    machine.pass(settleMs - 1_000);
    says(t, from + settleMs - 1_000, 'floor', 'not yet');
    machine.pass(1_000);
    says(t, from + jump + settleMs, 'trusted');
  }
});

t.test(
  'a kiosk that was off for very long, and nobody sets its clock, takes a while to believe it',
  async (t) => {
    const { says, machine } = clockAt(lastKnown + 20 * 365 * day);
    says(t, lastKnown, 'floor');
    machine.pass(limits.clockSettleMs);
    says(t, lastKnown + 20 * 365 * day + limits.clockSettleMs, 'trusted');
  },
);

t.test(
  'where the network sets the clock, it is believed only once that has happened, and then at once',
  async (t) => {
    for (const off of [-2 * hour, day, 20 * 365 * day]) {
      const { says, machine } = clockAt(lastKnown + day, false);
      says(t, lastKnown, 'floor', 'it may stand still since yesterday, or be ahead');
      machine.jump(off);
      machine.synchronized = true;
      machine.pass(10_000);
      says(t, lastKnown + day + off + 10_000, 'trusted');
    }
    clockAt(lastKnown + day, true, lastKnown + 300 * day).says(
      t,
      lastKnown + day,
      'trusted',
      'a false floor is corrected',
    );
  },
);

t.test('a journal that is repaired later still tells the last certain time', async (t) => {
  const year = 365 * day;
  // Where the calendar is, and what is to be believed of it then.
  for (const [wall, calendarMs, trust] of [
    [lastKnown + day, lastKnown + day, 'trusted'],
    [lastKnown - year, lastKnown, 'floor'],
    [lastKnown + 10 * year, lastKnown, 'floor'],
    [0, lastKnown, 'floor'],
  ] as const) {
    const { says, machine, journal } = clockAt(wall, null, 0);
    says(t, Math.max(wall, builtAt), wall === 0 ? 'floor' : 'trusted');
    journal.lastTrustedMs = lastKnown;
    says(t, calendarMs, trust);
    machine.pass(hour);
    const isSettled = trust === 'trusted' || wall > lastKnown;
    says(t, (isSettled ? wall : lastKnown) + hour, isSettled ? 'trusted' : 'floor');
  }
  const { says, journal } = clockAt(lastKnown, true, 0);
  says(t, lastKnown, 'trusted');
  journal.lastTrustedMs = epochMs(lastKnown + 300 * day);
  says(t, lastKnown, 'trusted', 'a time service knows better');
});

t.test('whatever the machine shows, time is whole, goes on, and is no later than it may be', async (t) => {
  const step = fc.record({
    pass: fc.double({ min: 0, max: 2 * hour, noNaN: true }),
    jump: fc.oneof(
      fc.constant(0),
      fc.double({ min: -9e15, max: 9e15, noNaN: true }),
      fc.integer({ min: -day, max: day }),
    ),
    synchronized: fc.constantFrom(true, false, null),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { machine, clock } = clockAt(lastKnown, null);
      for (const { pass, jump, synchronized } of steps) {
        const before = clock.now();
        machine.pass(pass);
        machine.jump(jump);
        machine.synchronized = synchronized;
        const { calendarMs, trust } = clock.now();
        if (trust === 'trusted') t.equal(calendarMs, Math.floor(machine.wallMs()));
        else t.ok(calendarMs >= before.calendarMs && calendarMs <= before.calendarMs + pass + 1);
      }
    }),
  );
});

/** A command that answers as systemd's does. */
function timedatectlIn(folder: string, answer: string): string {
  const file = join(folder, 'timedatectl');
  writeFileSync(file, `#!/bin/sh\n${answer}\n`);
  chmodSync(file, 0o755);
  return file;
}

t.test('systemd-timesyncd, chrony and ntpd are asked whether they have set the clock', async (t) => {
  const folder = t.testdir({ waiting: {}, done: { synchronized: '' } });
  const none = join(folder, 'none');
  const of = (timesyncFolder: string, timedatectl: string) =>
    synchronizationOf({ timesyncFolder, timedatectl });
  t.equal(of(join(folder, 'waiting'), none)(), false);
  t.equal(of(join(folder, 'done'), none)(), true);
  t.equal(of(none, none)(), null, 'nobody can tell');
  const other = (answer: string) => of(none, timedatectlIn(folder, answer));
  t.equal(other('echo NTP=yes; echo NTPSynchronized=yes')(), true);
  t.equal(other('echo NTP=no; echo NTPSynchronized=yes')(), true, 'a service that systemd did not start');
  t.equal(other('echo NTP=no; echo NTPSynchronized=no')(), null, 'no service');
  t.equal(other('exit 1')(), null);
  const later = other('echo NTP=yes; echo NTPSynchronized=no');
  t.equal(later(), false);
  timedatectlIn(folder, 'echo NTP=yes; echo NTPSynchronized=yes');
  await until(() => later() === true, 'the answer');
});

t.test('a note of the build that makes no sense is none', async (t) => {
  const folder = t.testdir({
    good: '{"builtAtMs": 1900000000000}',
    bad: '{"builtAtMs": "soon"}',
    old: '{"builtAtMs": 5}',
  });
  const read = (name: string) => readBuiltAt(pathToFileURL(join(folder, name)));
  t.equal(read('good'), 1_900_000_000_000);
  for (const name of ['bad', 'old', 'missing']) t.equal(read(name), Date.UTC(2026, 0, 1), name);
});
