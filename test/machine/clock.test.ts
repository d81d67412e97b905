import t from 'tap';
import { type EpochMs, epochMs } from '../../src/kernel/time.js';
import { createClock } from '../../src/machine/clock.js';

const day = 86_400_000;
const hour = 3_600_000;
const lastKnown = epochMs(Date.UTC(2027, 2, 1));

/** A machine whose clocks are moved by hand. */
function machineAt(
  wallMs: number,
  { synchronized = null as boolean | null, floor = lastKnown as EpochMs } = {},
) {
  const state = { wallMs, elapsedMs: 5_000, synchronized };
  const clock = createClock(floor, {
    wallMs: () => state.wallMs,
    elapsedMs: () => state.elapsedMs,
    isSynchronized: () => state.synchronized,
  });
  const pass = (ms: number) => {
    state.wallMs += ms;
    state.elapsedMs += ms;
  };
  return { state, clock, pass };
}

t.test('a clock that goes on from the last known time is believed', async (t) => {
  const { clock, pass } = machineAt(lastKnown + day);
  t.match(clock.now(), { calendarMs: lastKnown + day, trust: 'trusted' });
  pass(hour);
  t.match(clock.now(), { calendarMs: lastKnown + day + hour, trust: 'trusted' });
});

t.test('a clock that lost the time shows the last known one and what has passed since', async (t) => {
  const { clock, pass } = machineAt(0);
  t.match(clock.now(), { calendarMs: lastKnown, trust: 'floor' });
  pass(hour);
  t.match(clock.now(), { calendarMs: lastKnown + hour, trust: 'floor' });
});

t.test('a new kiosk at 1970 does not believe its clock', async (t) => {
  const { clock } = machineAt(1_000, { floor: epochMs(0) });
  t.equal(clock.now().trust, 'floor');
  t.ok(clock.now().calendarMs >= Date.UTC(2026, 0, 1));
});

t.test('a clock absurdly ahead is not believed, and what was known stays known', async (t) => {
  const { clock, state } = machineAt(lastKnown + 500 * day);
  t.match(clock.now(), { calendarMs: lastKnown, trust: 'floor' });
  state.wallMs = lastKnown + day;
  t.match(clock.now(), { calendarMs: lastKnown + day, trust: 'trusted' });
});

t.test('a small correction backwards is believed, an hour is not', async (t) => {
  const { clock, state } = machineAt(lastKnown + day);
  clock.now();
  state.wallMs -= 30_000;
  t.match(clock.now(), { calendarMs: lastKnown + day - 30_000, trust: 'trusted' });
  state.wallMs -= hour;
  t.match(clock.now(), { calendarMs: lastKnown + day - 30_000, trust: 'floor' });
});

t.test('where the network sets the clock, it is believed only once that has happened', async (t) => {
  const { clock, state, pass } = machineAt(lastKnown + day, { synchronized: false });
  t.match(clock.now(), { calendarMs: lastKnown + day, trust: 'floor' }, 'it may stand still since yesterday');
  state.synchronized = true;
  pass(10_000);
  t.equal(clock.now().trust, 'trusted');
});

t.test('a clock set by the network corrects a floor that was recorded in a false future', async (t) => {
  const { clock } = machineAt(lastKnown + day, { synchronized: true, floor: epochMs(lastKnown + 300 * day) });
  t.match(clock.now(), { calendarMs: lastKnown + day, trust: 'trusted' });
});

t.test('even a clock set by the network cannot be older than this program', async (t) => {
  const { clock } = machineAt(0, { synchronized: true });
  t.match(clock.now(), { calendarMs: lastKnown, trust: 'floor' });
});
