import t from 'tap';
import { wrongBeliefs, wrongReports } from '../../../scripts/proofs/torture/cabinet/judge-doors.js';
import {
  judgeIntents,
  judgeLocks,
  wrongClaims,
} from '../../../scripts/proofs/torture/cabinet/judge-visits.js';

import {
  type Observation,
  pausesIn,
  runningSince,
  type Seen,
} from '../../../scripts/proofs/torture/cabinet/observation.js';
import { recoveriesIn } from '../../../scripts/proofs/torture/cabinet/verdict.js';
import type { Event, RecordedEvent } from '../../../src/circulation/event.js';
import { itemId, lockerNo, passId, patronId, visitNo } from '../../../src/kernel/ids.js';
import { epochMs } from '../../../src/kernel/time.js';

const at = (atMs: number, seen: Seen): Observation => ({ ...seen, atMs });
const relay = (atMs: number, locker: number, on: boolean) =>
  at(atMs, { kind: 'relay', locker, on, boardMs: atMs });
const contact = (atMs: number, door: 'open' | 'closed', locker = 1) =>
  at(atMs, { kind: 'switch', locker, door });
const told = (atMs: number, door: 'open' | 'closed' | 'unknown', locker = 1) =>
  at(atMs, { kind: 'door', locker, door });
const halted = (untilMs: number, ms: number) => at(untilMs, { kind: 'pause', ms, whose: 'kiosk' });

const [item, patron, pass] = [
  itemId('30106000000017'),
  patronId('a1b2c3d4e5f60718'),
  passId('0011223344556677'),
];
const intended = (visit: number, locker: number): Event => ({
  type: 'checkout-intended',
  ...{ visit: visitNo(visit), locker: lockerNo(locker), item, patron, pass },
});
const cancelled = (visit: number, locker: number): Event => ({
  type: 'checkout-cancelled',
  ...{ visit: visitNo(visit), locker: lockerNo(locker), item, reason: 'never-opened' },
});
const recorded = (...events: (readonly [number, Event])[]): RecordedEvent[] =>
  events.map(([atMs, event], index) => ({
    position: index + 1,
    at: epochMs(atMs),
    trust: 'trusted',
    event,
  }));

t.test('a lock’s time is that between its pin’s changes, and goes on until the end', async (t) => {
  const pulses = [relay(0, 1, true), relay(500, 1, false), relay(900, 2, true), relay(1_700, 2, false)];
  t.strictSame(judgeLocks(pulses, 2_000), { pulses: 2, longestOnMs: 800, mostOnAtOnce: 1 });
  t.equal(judgeLocks(pulses.slice(0, 3), 9_000).longestOnMs, 8_100, 'never switched off');
  const together = [relay(0, 1, true), relay(10, 2, true), relay(20, 1, false), relay(30, 2, false)];
  t.equal(judgeLocks(together, 100).mostOnAtOnce, 2);
});

t.test('a lock that goes on has an intent recorded before it, for that locker, not yet over', async (t) => {
  const events = recorded([100, intended(1, 7)], [5_000, cancelled(1, 7)]);
  const without = (...observations: Observation[]) => judgeIntents(observations, events).withoutIntent.length;
  t.equal(without(relay(100, 7, true), relay(600, 7, false)), 0);
  t.equal(without(relay(5_200, 7, true)), 0, 'under way while its visit ended');
  t.equal(without(relay(99, 7, true)), 1, 'recorded afterwards');
  t.equal(without(relay(200, 8, true)), 1, 'another door');
  t.equal(without(relay(6_500, 7, true)), 1, 'long after its outcome');
  t.equal(judgeIntents([relay(200, 7, true)], []).withoutIntent.length, 1, 'a lost journal');
});

t.test('an intent has one outcome, and pulses are counted by intent', async (t) => {
  const twice = recorded(
    [1, intended(1, 7)],
    [2, cancelled(1, 7)],
    [3, cancelled(1, 7)],
    [4, cancelled(2, 7)],
  );
  t.strictSame(judgeIntents([], twice).wrongOutcomes, [2, 1]);
  const open = recorded([1, intended(1, 7)], [9, intended(2, 8)], [10, cancelled(2, 8)]);
  const pulses = [relay(5, 7, true), relay(6, 7, true), relay(9, 8, true)];
  t.match(judgeIntents(pulses, open), {
    underWay: [1],
    wrongOutcomes: [],
    mostPulsesPerIntent: 2,
    intents: 2,
  });
});

t.test('a report of a door is true of some instant of the second before it', async (t) => {
  const wrong = (...observations: Observation[]) => wrongReports(observations).length;
  const opened = [contact(0, 'closed'), contact(10_000, 'open')];
  t.equal(wrong(...opened, told(10_040, 'open')), 0);
  t.equal(wrong(...opened, told(10_900, 'closed')), 0, 'on its way');
  t.equal(wrong(...opened, told(11_200, 'closed')), 1, 'too late');
  t.equal(wrong(...opened, told(9_000, 'open')), 1, 'before it happened');
  t.equal(wrong(...opened, told(10_040, 'open', 2)), 1, 'another door');
  t.equal(wrong(...opened, told(20_000, 'unknown')), 0, 'unknown is no claim');
  t.equal(
    wrong(...opened, halted(14_000, 3_900), told(14_010, 'closed')),
    0,
    'told by a kiosk that was halted',
  );
  t.equal(wrong(...opened, contact(10_005, 'closed'), told(10_500, 'open')), 0, 'a short opening');
});

t.test('a kiosk does not take a door for long for what it is not', async (t) => {
  const wrong = (endMs: number, ...observations: Observation[]) => wrongBeliefs(observations, endMs);
  const missed = [contact(0, 'closed'), told(10, 'closed'), contact(1_000, 'open')];
  t.match(wrong(10_000, ...missed), [{ locker: 1, believed: 'closed', fromMs: 1_000, toMs: 10_000 }]);
  t.strictSame(wrong(10_000, ...missed, told(3_000, 'open')), []);
  t.strictSame(wrong(10_000, ...missed, told(3_000, 'unknown')), []);
  t.strictSame(wrong(10_000, ...missed, contact(3_000, 'closed')), []);
  t.strictSame(wrong(10_000, ...missed, at(3_000, { kind: 'lost', why: '' })), []);
  t.strictSame(wrong(10_000, ...missed, halted(9_000, 7_500)), [], 'a halted kiosk believes nothing');
});

t.test('what is recorded of a visit is what its door did', async (t) => {
  const lent = (visit: number, locker: number): Event => ({
    type: 'item-lent',
    ...{
      visit: visitNo(visit),
      locker: lockerNo(locker),
      item,
      patron,
      dueAt: epochMs(0),
      dueProvisional: false,
    },
  });
  const lentAt = recorded([1_000, intended(1, 1)], [3_000, lent(1, 1)]);
  const openFrom = (fromMs: number, toMs: number, locker = 1) => [
    contact(0, 'closed', locker),
    contact(fromMs, 'open', locker),
    contact(toMs, 'closed', locker),
  ];
  const neverOpened = (...seen: Observation[]) => wrongClaims(seen, lentAt).neverOpened.length;
  t.equal(neverOpened(...openFrom(2_900, 4_000)), 0);
  t.equal(neverOpened(...openFrom(2_000, 2_050)), 0, 'shut again');
  t.equal(neverOpened(...openFrom(3_100, 4_000)), 1, 'only afterwards');
  t.equal(neverOpened(...openFrom(100, 900)), 1, 'before its intent');
  t.equal(neverOpened(...openFrom(2_000, 2_050, 2)), 1, 'another door');

  const wasOpen = (...seen: Observation[]) =>
    wrongClaims(seen, recorded([1_000, intended(1, 1)], [9_000, cancelled(1, 1)])).wasOpen.length;
  t.equal(wasOpen(...openFrom(2_000, 4_000)), 1);
  t.equal(wasOpen(...openFrom(2_000, 2_100)), 0, 'too short to be seen for certain');
  t.equal(wasOpen(...openFrom(8_900, 12_000)), 0, 'told too late');
  t.equal(wasOpen(...openFrom(2_000, 4_000, 2)), 0, 'another door');
});

t.test('a recovery counts from the end of what hindered it', async (t) => {
  const fault = (atMs: number, name: 'unplug' | 'noise to the board', phase: 'begins' | 'ends') =>
    at(atMs, { kind: 'fault', fault: name, phase });
  const ready = (atMs: number) => at(atMs, { kind: 'ready' });
  const lost = (atMs: number) => at(atMs, { kind: 'lost', why: '' });
  const unplugged = [ready(0), fault(100, 'unplug', 'begins'), lost(101), fault(500, 'unplug', 'ends')];
  t.strictSame(recoveriesIn([...unplugged, ready(900)]), { timesMs: [400], stillLost: false });
  t.strictSame(recoveriesIn(unplugged), { timesMs: [], stillLost: true });
  const noisy = [fault(600, 'noise to the board', 'begins'), fault(1_500, 'noise to the board', 'ends')];
  t.strictSame(recoveriesIn([...unplugged, ...noisy, ready(1_600)]).timesMs, [100]);
  const through = recoveriesIn([...unplugged, ...noisy.slice(0, 1), ready(800), ...noisy.slice(1)]);
  t.strictSame(through, { timesMs: [], stillLost: false }, 'found while it hindered');
  t.strictSame(recoveriesIn([ready(0), lost(50), ready(80)]).timesMs, [30], 'a loss without a fault');
});

t.test('halted time does not count', async (t) => {
  const pauses = pausesIn([halted(2_000, 1_000), halted(2_500, 1_000), halted(9_000, 500)]);
  t.strictSame(pauses, [
    { fromMs: 1_000, toMs: 2_500 },
    { fromMs: 8_500, toMs: 9_000 },
  ]);
  t.equal(runningSince(9_100, 300, pauses), 8_300);
  t.equal(runningSince(8_000, 1_000, pauses), 7_000);
  t.equal(runningSince(3_000, 1_000, pauses), 500);
});
