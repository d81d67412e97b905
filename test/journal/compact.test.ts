import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { openJournal } from '../../src/journal/open.js';
import { lockerNo, visitNo } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { history, sorted } from './history.js';
import { book, loan, moment, oneLoan, openIn, rules, tidyUp } from './support.js';

const day = 86_400_000;

t.test('old acknowledged events are pruned, and the journal works as before', async (t) => {
  const folder = t.testdir();
  const journal = openIn(t, folder, { keepDays: 30 });
  journal.append(moment(0), loan(0, false));
  for (let n = 1; n < 100; n += 1) journal.append(moment(n * day), loan(n, true));
  const before = journal.load();
  const last = journal.lastPosition();
  t.equal(last, 5 + 99 * 8);
  tidyUp(journal);
  t.equal(journal.prunedUpTo(), 0, 'nothing is acknowledged');
  journal.markSent(last - 100);
  tidyUp(journal);
  t.equal(journal.prunedUpTo(), 5 + 68 * 8, 'all that is older than 30 days');
  const check = (one: typeof journal) => {
    t.strictSame(one.read(1, 10_000).length, last - one.prunedUpTo());
    t.equal(one.read(1, 1)[0]?.position, one.prunedUpTo() + 1);
    t.equal(one.lastPosition(), last);
    t.strictSame(one.load(), before);
    t.strictSame(one.rebuild(), before);
    t.ok(one.load().loans.has(book(0)), 'a loan of old');
  };
  check(journal);
  journal.close();
  const again = openIn(t, folder, { keepDays: 30 });
  check(again);
  t.equal(again.sentMark(), last - 100);
  again.append(moment(100 * day), oneLoan(201));
  t.equal(again.lastPosition(), last + 6, 'positions go on');
});

t.test('events that are not acknowledged, not old, or not in a backup yet are kept', async (t) => {
  const journal = openIn(t, t.testdir(), { keepDays: 30, requiresBackup: true });
  for (let n = 0; n < 40; n += 1) journal.append(moment(n * day), loan(n, true));
  const prunedUpTo = () => {
    tidyUp(journal);
    return journal.prunedUpTo();
  };
  journal.markSent(24);
  t.equal(prunedUpTo(), 0, 'no backup');
  journal.markBackedUp(16);
  t.equal(prunedUpTo(), 16, 'what the backup has');
  journal.markBackedUp(320);
  t.equal(prunedUpTo(), 24, 'what is acknowledged');
  journal.markSent(320);
  t.equal(prunedUpTo(), 72, 'what is old: the days before the ninth');
  journal.beginEpoch(moment(100 * day), 320);
  journal.append(moment(200 * day), oneLoan(101));
  journal.markSent(journal.lastPosition());
  t.equal(prunedUpTo(), 0, 'a new epoch needs a backup of its own');
});

t.test('a journal with no events left is one like any other', async (t) => {
  const folder = t.testdir();
  const journal = openIn(t, folder, { keepDays: 0 });
  journal.append(moment(1), loan(1, true));
  journal.append(moment(2, 'floor'), loan(2, false));
  journal.append(moment(3), [{ type: 'locker-restored', locker: lockerNo(3) }]);
  journal.markSent(journal.lastPosition());
  tidyUp(journal);
  t.equal(journal.prunedUpTo(), 13, 'all but the newest, which says how late it is');
  const before = journal.load();
  journal.close();
  const none = openIn(t, folder, { keepDays: -1 });
  tidyUp(none);
  none.close();
  const again = openIn(t, folder);
  t.strictSame([again.prunedUpTo(), again.lastPosition(), again.read(1, 100)], [14, 14, []]);
  t.equal(again.lastTrustedMs(), moment(3).calendarMs);
  t.strictSame(again.load(), before);
  t.equal(again.load().nextVisit, visitNo(6));
  again.append(moment(4), oneLoan(6));
  t.equal(again.lastPosition(), 20);
  t.equal(again.load().nextVisit, visitNo(8));
  again.beginEpoch(moment(5), 14);
  t.equal(again.lastPosition(), 7, 'one book stands here, and six events are not known');
});

t.test('a file does not grow with the number of events that ever were', async (t) => {
  const folder = t.testdir();
  const journal = openIn(t, folder, { keepDays: 10 });
  const sizes: number[] = [];
  let loans = 0;
  for (let month = 0; month < 6; month += 1) {
    for (let step = 0; step < 10; step += 1) {
      const events = [...Array(25).keys()].flatMap(() => loan(loans++, true));
      journal.append(moment((month * 30 + step * 3) * day), events);
    }
    journal.markSent(journal.lastPosition());
    tidyUp(journal);
    sizes.push(statSync(join(folder, 'journal.db')).size + statSync(join(folder, 'journal.db-wal')).size);
  }
  t.equal(journal.lastPosition(), 12_000);
  t.ok(journal.lastPosition() - journal.prunedUpTo() < 1_000);
  const [early = 0, late = 0] = [sizes[2], sizes.at(-1)];
  t.ok(late < 1.2 * early, `${early} bytes in the third month, ${late} in the last`);
  t.comment(sizes);
  t.strictSame(journal.rebuild(), journal.load());
});

t.test('whatever happened, putting events away leaves the ledger as it is, piece by piece', async (t) => {
  const file = join(t.testdir(), 'journal.db');
  fc.assert(
    fc.property(history, fc.nat(40), fc.boolean(), (steps, sent, renews) => {
      for (const suffix of ['', '-wal']) rmSync(`${file}${suffix}`, { force: true });
      const options = { file, ...rules, warmUpRuns: 0, keepDays: 0 };
      const journal = openJournal(options);
      for (const [at, events] of steps.entries()) journal.append(moment(at), events);
      const ledger = sorted(journal.load());
      journal.markSent(Math.min(sent, journal.lastPosition()));
      while (journal.housekeep()) t.strictSame(sorted(journal.rebuild()), ledger);
      if (renews) journal.beginEpoch(moment(), journal.prunedUpTo());
      t.strictSame(sorted(journal.rebuild()), ledger);
      journal.close();
      const again = openJournal(options);
      t.strictSame(sorted(again.load()), ledger);
      again.close();
      return t.passing();
    }),
    { numRuns: 20 },
  );
});

t.test('a long journal is compared with its tables before anything of it is put away', async (t) => {
  const folder = t.testdir();
  const journal = openIn(t, folder, { keepDays: 1 });
  const events = [...Array(80).keys()].flatMap((n) => loan(n, true));
  for (let n = 0; n <= limits.journalCompareEvents; n += events.length)
    journal.append(moment(n * 1e6), events);
  journal.markSent(journal.lastPosition());
  journal.close();
  const again = openIn(t, folder, { keepDays: 1 });
  let pieces = 0;
  while (again.prunedUpTo() === 0 && again.housekeep()) pieces += 1;
  t.ok(pieces >= (2 * limits.journalCompareEvents) / limits.journalSliceEvents, `${pieces} pieces`);
});
