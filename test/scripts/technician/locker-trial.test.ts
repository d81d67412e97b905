import t from 'tap';
import { lockersMeant } from '../../../scripts/technician/locker-test/locker-test.js';
import { type Happening, Trial, type TrialOptions } from '../../../scripts/technician/locker-test/trial.js';
import { describedCabinets } from '../../../scripts/wiring/main.js';
import { lockerNo } from '../../../src/kernel/ids.js';

const accepted: Happening = { kind: 'pulse', outcome: { kind: 'accepted' } };
const done: Happening = { kind: 'pulse', outcome: { kind: 'done', measuredMs: 480 } };
const opened: Happening = { kind: 'door', door: 'open' };
const shut: Happening = { kind: 'door', door: 'closed' };

/** A trial at moment 1 000 that is told one thing each second. */
function trialOf(options: Partial<TrialOptions>, ...happenings: readonly Happening[]): Trial {
  const trial = new Trial(
    { locker: lockerNo(7), waitMs: 20_000, door: 'closed', chatters: false, ...options },
    1_000,
  );
  for (const [at, happening] of happenings.entries()) trial.take(happening, 2_000 + 1_000 * at);
  return trial;
}

t.test('a lock is well when its pulse was followed by its door opening and shutting', async (t) => {
  const trial = trialOf({}, accepted, opened, done, shut);
  t.strictSame(trial.finding, {
    locker: 7,
    result: 'ok',
    reason: null,
    restored: false,
    pulseMs: 480,
    openedMs: 1_000,
    closedMs: 2_000,
  });
});

t.test('each thing is waited for, and its absence has a name', async (t) => {
  const cases = [
    [[], 'pulse', 'unanswered'],
    [[accepted], 'pulse', 'unanswered'],
    [[accepted, done], 'open', 'did-not-open'],
    [[accepted, done, opened], 'shut', 'did-not-close'],
  ] as const;
  for (const [happenings, waiting, result] of cases) {
    const trial = trialOf({}, ...happenings);
    t.equal(trial.finding, null);
    t.equal(trial.waiting, waiting);
    trial.timeIsUp();
    t.equal(trial.finding?.result, result);
  }
  t.equal(trialOf({}, accepted, done).deadlineMs, 23_000);
});

t.test('a door that is open to the eye but not to its switch has a silent switch', async (t) => {
  t.equal(trialOf({}, accepted, done, { kind: 'said-open' }).finding?.result, 'switch-silent');
  const unknown = trialOf({ door: 'unknown' }, accepted, done);
  unknown.timeIsUp();
  t.equal(unknown.finding?.result, 'switch-silent');
});

t.test('a door that stands open is to be shut before the pulse', async (t) => {
  const trial = trialOf({ door: 'open' });
  t.equal(trial.waiting, 'shut-first');
  trial.take(shut, 5_000);
  t.equal(trial.waiting, 'pulse');
  const never = trialOf({ door: 'open' });
  never.timeIsUp();
  t.equal(never.finding?.result, 'stands-open');
});

t.test('what the board or the technician says ends a trial', async (t) => {
  const refusal = { kind: 'pulse', outcome: { kind: 'refused', reason: 'lock-resting' } } as const;
  t.match(trialOf({}, refusal).finding, { result: 'refused', reason: 'lock-resting' });
  const unanswered = { kind: 'pulse', outcome: { kind: 'unanswered' } } as const;
  t.equal(trialOf({}, accepted, unanswered).finding?.result, 'unanswered');
  t.equal(trialOf({}, accepted, { kind: 'chatter' }).finding?.result, 'switch-chatters');
  t.equal(trialOf({ chatters: true }).finding?.result, 'switch-chatters');
  t.equal(trialOf({}, accepted, { kind: 'board-lost' }).finding?.result, 'board-lost');
  t.equal(trialOf({}, accepted, { kind: 'said-skip' }).finding?.result, 'skipped');
  t.equal(trialOf({}, accepted, { kind: 'stop' }).finding?.result, 'stopped');
});

t.test('without a wait the pulse is all', async (t) => {
  const alone = { waitMs: null, door: 'open', chatters: true } as const;
  t.match(trialOf(alone, accepted, done).finding, { result: 'ok', pulseMs: 480, openedMs: null });
});

t.test('lockers are meant by number, by range, and all of them', async (t) => {
  const cabinet = describedCabinets().find(({ name }) => name === 'mega-24')?.cabinet ?? { boards: [] };
  t.strictSame(lockersMeant(['9', '3-5', '4'], cabinet), [9, 3, 4, 5]);
  t.equal(lockersMeant(['all'], cabinet).length, 24);
  for (const word of ['25', '20-30', '5-3', '0', 'door', '-1'])
    t.throws(() => lockersMeant([word], cabinet), { code: 'config.invalid' }, word);
});
