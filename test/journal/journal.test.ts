import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { emptyLedger } from '../../src/circulation/ledger.js';
import { applicationId } from '../../src/journal/migrations.js';
import { openJournal } from '../../src/journal/open.js';
import { itemId, lockerNo } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import type { EpochMs } from '../../src/kernel/time.js';
import { until } from '../support/until.js';
import { moment, oneLoan, openIn, rules } from './support.js';

const stocked = { type: 'item-stocked', locker: lockerNo(1), item: itemId('30106000000017') } as const;

t.test('a new journal is empty and has an epoch of its own', async (t) => {
  const one = openIn(t, t.testdir());
  const other = openIn(t, t.testdir({ other: {} }), { file: join(t.testdirName, 'other.db') });
  t.match(one.epoch, /^[0-9a-f]{16}$/);
  t.not(one.epoch, other.epoch);
  t.equal(one.lastPosition(), 0);
  t.equal(one.lastTrustedMs(), 0);
  t.strictSame(one.load(), emptyLedger);
  t.strictSame(one.read(1, 10), []);
  t.equal(one.sentMark(), 0);
  t.equal(one.document('holdings'), null);
});

t.test('everything appended is there after reopening', async (t) => {
  const folder = t.testdir();
  const first = openIn(t, folder);
  first.append(moment(5), [stocked]);
  first.append(moment(6), oneLoan(1).slice(0, 2));
  first.saveDocument('holdings', 3, { titles: ['西游记'] });
  first.markSent(2);
  const before = { epoch: first.epoch, ledger: first.load(), events: first.read(1, 10) };
  first.close();

  const again = openIn(t, folder);
  t.strictSame({ epoch: again.epoch, ledger: again.load(), events: again.read(1, 10) }, before);
  t.equal(again.lastPosition(), 3);
  t.equal(again.lastTrustedMs(), moment(6).calendarMs);
  t.equal(again.sentMark(), 2);
  t.strictSame(again.document('holdings'), { version: 3, body: { titles: ['西游记'] } });
});

t.test('positions count from 1 without gaps, and reading starts at the given position', async (t) => {
  const journal = openIn(t, t.testdir());
  journal.append(moment(1), [stocked]);
  journal.append(moment(2, 'floor'), oneLoan(1));
  t.strictSame(
    journal.read(1, 100).map((event) => event.position),
    [1, 2, 3, 4, 5, 6, 7],
  );
  const [second, third, ...more] = journal.read(2, 2);
  t.strictSame(second, { position: 2, at: moment(2).calendarMs, trust: 'floor', event: oneLoan(1)[0] });
  t.equal(third?.position, 3);
  t.strictSame(more, []);
});

t.test('a clock that is not trusted does not move the last trusted time', async (t) => {
  const folder = t.testdir();
  const journal = openIn(t, folder);
  journal.append(moment(10), [stocked]);
  journal.append(moment(99, 'floor'), oneLoan(1));
  t.equal(journal.lastTrustedMs(), moment(10).calendarMs);
  journal.close();
  t.equal(openIn(t, folder).lastTrustedMs(), moment(10).calendarMs);
});

t.test(
  'an append that SQLite refuses to take is a bug, not a bad card: none of it is recorded',
  async (t) => {
    const folder = t.testdir();
    const journal = openIn(t, folder);
    journal.append(moment(), [stocked]);
    const [intended, lent] = oneLoan(1);
    const impossible = { ...lent, item: null };
    t.throws(() => journal.append(moment(), [intended, impossible] as never), { code: /^SQLITE_CONSTRAINT/ });
    const crooked = { ...moment(), calendarMs: 0.5 as EpochMs };
    t.throws(() => journal.append(crooked, [stocked]), { code: /^SQLITE_CONSTRAINT/ });
    t.equal(journal.failure(), null);
    t.equal(journal.lastPosition(), 1);
    t.equal(journal.load().lockers.get(lockerNo(1))?.intent, null);
    journal.append(moment(), oneLoan(1));
    journal.close();
    t.equal(openIn(t, folder).lastPosition(), 7);
  },
);

t.test('a bug in the rules is not reported as a fault of the card', async (t) => {
  let isBroken = false;
  const journal = openIn(t, t.testdir(), {
    changesOf(ledger, event) {
      if (isBroken) throw new TypeError('a bug');
      return rules.changesOf(ledger, event);
    },
  });
  isBroken = true;
  t.throws(() => journal.append(moment(), [stocked]), { name: 'TypeError' });
  t.equal(journal.lastPosition(), 0);
});

t.test('the sent mark is written with the next append', async (t) => {
  const folder = t.testdir();
  const journal = openIn(t, folder);
  journal.append(moment(), [stocked]);
  journal.markSent(1);
  journal.append(moment(), oneLoan(1));
  const copy = join(folder, 'copy.db');
  writeFileSync(copy, readFileSync(join(folder, 'journal.db')));
  writeFileSync(`${copy}-wal`, readFileSync(join(folder, 'journal.db-wal')));
  t.equal(openIn(t, folder, { file: copy }).sentMark(), 1);
});

t.test('the files are set up for an SD card', async (t) => {
  const folder = t.testdir();
  const journal = openIn(t, folder);
  journal.append(moment(), [stocked]);
  journal.close();
  const db = new Database(join(folder, 'journal.db'), { readonly: true });
  t.teardown(() => db.close());
  t.equal(db.pragma('page_size', { simple: true }), limits.journalPageBytes);
  t.equal(db.pragma('application_id', { simple: true }), applicationId);
  t.equal(db.pragma('journal_mode', { simple: true }), 'wal');
  t.equal(db.pragma('integrity_check', { simple: true }), 'ok');
  const tables = db.pragma('table_list') as { name: string; schema: string; strict: number }[];
  const ours = tables.filter(({ name, schema }) => schema === 'main' && !name.startsWith('sqlite_'));
  t.ok(ours.length >= 5);
  t.strictSame(
    ours.filter(({ strict }) => strict !== 1),
    [],
  );
});

t.test('the write-ahead log is checkpointed while the journal is idle', async (t) => {
  const folder = t.testdir();
  const journal = openIn(t, folder, { quietMs: 20 });
  const size = () => readFileSync(join(folder, 'journal.db')).length;
  const before = size();
  for (let visit = 1; visit < 2 * limits.journalCheckpointSteps; visit += 2)
    journal.append(moment(), oneLoan(visit));
  t.equal(size(), before, 'not while there is work');
  await until(() => size() > before);
  journal.append(moment(), oneLoan(1_001));
  t.equal(journal.lastPosition(), 6 * limits.journalCheckpointSteps + 6);
});

t.test('files that are not this journal are refused with their fault and not changed', async (t) => {
  const folder = t.testdir({
    'notes.txt': 'a shopping list, long enough to be no database header at all'.repeat(20),
  });
  const foreign = join(folder, 'foreign.db');
  const other = new Database(foreign);
  other.exec('CREATE TABLE t (a); PRAGMA user_version = 1');
  other.close();
  const newer = join(folder, 'newer.db');
  openJournal({ file: newer, ...rules }).close();
  const tomorrow = new Database(newer);
  tomorrow.pragma('user_version = 99');
  tomorrow.close();
  for (const file of [foreign, newer, join(folder, 'notes.txt')]) {
    const before = readFileSync(file);
    t.throws(() => openJournal({ file, ...rules }), { code: 'journal.foreign' }, file);
    t.ok(readFileSync(file).equals(before), `${file} is unchanged`);
  }
});

t.test('a missing folder is named', async (t) => {
  t.throws(() => openJournal({ file: join(t.testdir(), 'none', 'journal.db'), ...rules }), {
    code: 'journal.write',
  });
});
