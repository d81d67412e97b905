import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import type { Event } from '../../src/circulation/event.js';
import { openJournal } from '../../src/journal/open.js';
import { erasedId, lockerNo, patronId } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { until } from '../support/until.js';
import { history, sorted } from './history.js';
import { book, hex, loan, moment, openIn, rules, tidyUp } from './support.js';

/** Which of the patrons and passes of the first `count` loans are anywhere in the bytes of the journal. */
function named(file: string, count: number): string[] {
  const bytes = ['', '-wal', '-shm', '-journal']
    .filter((suffix) => existsSync(file + suffix))
    .map((suffix) => readFileSync(file + suffix, 'latin1'))
    .join('');
  return [...Array(count).keys()]
    .flatMap((n) => [hex('aa', n), hex('bb', n)])
    .filter((name) => bytes.includes(name));
}

t.test('a returned and acknowledged loan names no patron any more, in no byte of the files', async (t) => {
  const folder = t.testdir();
  const file = join(folder, 'journal.db');
  const journal = openIn(t, folder);
  const count = 200;
  const stays = (n: number) => n % 7 === 0;
  for (let n = 0; n < count; n += 1) journal.append(moment(n), loan(n, false));
  for (let n = 0; n < count; n += 1) {
    if (!stays(n)) journal.append(moment(n), loan(n, true).slice(5));
  }
  t.equal(named(file, count).length, 2 * count);
  journal.markSent(journal.lastPosition());
  const before = journal.load();
  const pieces = tidyUp(journal);
  t.ok(pieces > journal.lastPosition() / limits.journalSliceEvents, `${pieces} pieces`);

  const open = [...Array(count).keys()].filter(stays).flatMap((n) => [hex('aa', n), hex('bb', n)]);
  t.strictSame(named(file, count), open, 'only who has a book is known');
  t.strictSame(journal.load(), before);
  t.strictSame(journal.rebuild(), before);
  const [, intended, lent] = journal.read(6, 3).map(({ event }) => event);
  t.match(intended, { type: 'checkout-intended', patron: erasedId, pass: erasedId });
  t.match(lent, { type: 'item-lent', patron: erasedId, visit: 3 });
  t.equal(tidyUp(journal), 1, 'nothing is done twice');
  journal.close();
  t.strictSame(named(file, count), open);
  t.strictSame(openIn(t, folder).load(), before);
});

t.test('no patron is erased before the return is acknowledged', async (t) => {
  const folder = t.testdir();
  const journal = openIn(t, folder);
  for (const event of loan(1, true)) journal.append(moment(), [event]);
  const patronOf = (position: number) => journal.read(position, 1)[0]?.event;
  for (const sent of [0, 3, 5, 7]) {
    journal.markSent(sent);
    tidyUp(journal);
    t.match(patronOf(3), { patron: hex('aa', 1) }, `acknowledged up to ${sent}`);
  }
  journal.markSent(8);
  tidyUp(journal);
  for (const position of [2, 3, 5]) t.match(patronOf(position), { patron: erasedId });
});

t.test('patrons are erased in a long pause', async (t) => {
  const folder = t.testdir();
  const journal = openIn(t, folder, { idleMs: 20 });
  journal.append(moment(), loan(1, true));
  journal.markSent(8);
  await until(() => named(join(folder, 'journal.db'), 2).length === 0, 'the patron to be forgotten', 5_000);
});

t.test('a log that a crash left behind does not outlive the next start', async (t) => {
  const folder = t.testdir();
  const file = join(folder, 'journal.db');
  const journal = openIn(t, folder);
  journal.append(moment(), loan(1, true));
  journal.markSent(8);
  // Forgotten in the log, which still has the older pages before.
  while (named(file, 2).length > 0 && JSON.stringify(journal.read(1, 8)).includes(hex('aa', 1)))
    journal.housekeep();
  const crashed = Object.fromEntries(
    ['', '-wal'].map((suffix) => [`journal.db${suffix}`, readFileSync(file + suffix)]),
  );
  const after = t.testdir(crashed);
  t.strictSame(named(join(after, 'journal.db'), 2), [hex('aa', 1), hex('bb', 1)]);
  const again = openIn(t, after);
  t.strictSame(named(join(after, 'journal.db'), 2), []);
  t.equal(again.sentMark(), 8, 'what was forgotten is never sent again');
});

t.test('a single-use pass stays known as used, and its patron is forgotten', async (t) => {
  const journal = openIn(t, t.testdir());
  const used = { singleUseUntil: moment(9).calendarMs };
  journal.append(
    moment(),
    loan(1, true).map((event) => ({ ...event, ...(event.type === 'checkout-intended' && used) })),
  );
  journal.markSent(8);
  const before = journal.load();
  t.equal(before.spent.size, 1);
  tidyUp(journal);
  t.match(journal.read(2, 1)[0]?.event, { patron: erasedId, pass: hex('bb', 1) });
  t.strictSame(journal.rebuild(), before);
});

t.test('an accepted PIN is forgotten, a rejected one is not, also half-way through', async (t) => {
  const journal = openIn(t, t.testdir());
  const [accepted, rejected] = [patronId(hex('aa', 1)), patronId(hex('aa', 2))];
  const stocked: Event = { type: 'item-stocked', locker: lockerNo(1), item: book(1) };
  const tried = [accepted, rejected, accepted].map((patron): Event => ({ type: 'pin-tried', patron }));
  journal.append(moment(), [...tried, ...Array(limits.journalSliceEvents).fill(stocked)]);
  journal.append(moment(), [{ type: 'pin-accepted', patron: accepted }]);
  journal.markSent(journal.lastPosition());
  while (journal.housekeep()) t.strictSame(journal.rebuild(), journal.load());
  const patrons = [1, 2, 3, journal.lastPosition()].map((position) => journal.read(position, 1)[0]?.event);
  t.match(
    patrons,
    [erasedId, rejected, erasedId, erasedId].map((patron) => ({ patron })),
  );
});

t.test('whatever happened, forgetting leaves the ledger as it is, at every point', async (t) => {
  const file = join(t.testdir(), 'journal.db');
  fc.assert(
    fc.property(history, fc.nat(40), fc.nat(40), (steps, first, second) => {
      for (const suffix of ['', '-wal']) rmSync(`${file}${suffix}`, { force: true });
      const journal = openJournal({ file, ...rules, warmUpRuns: 0 });
      for (const events of steps) journal.append(moment(), events);
      const ledger = sorted(journal.load());
      const events = journal.read(1, 100);
      for (const sent of [first, second].sort((a, b) => a - b)) {
        journal.markSent(Math.min(sent, journal.lastPosition()));
        while (journal.housekeep()) t.strictSame(sorted(journal.rebuild()), ledger);
        t.strictSame(journal.read(sent + 1, 100), events.slice(sent), 'what is not acknowledged stays');
      }
      journal.beginEpoch(moment(), first);
      journal.markSent(journal.lastPosition());
      while (journal.housekeep()) t.strictSame(sorted(journal.rebuild()), ledger);
      journal.close();
      openJournal({ file, ...rules, warmUpRuns: 0 }).close();
      return t.passing();
    }),
    { numRuns: 20 },
  );
});
