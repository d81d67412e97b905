import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { openJournal } from '../../src/journal/open.js';
import { limits } from '../../src/kernel/limits.js';
import { loan, moment, openIn, rules } from './support.js';

const page = limits.journalPageBytes;

/** The file of a closed journal of a few loans. */
function journalFile(t: Test): string {
  const folder = t.testdir();
  const journal = openIn(t, folder, { warmUpRuns: 0 });
  for (let n = 0; n < 60; n += 1) journal.append(moment(n), loan(n, n % 2 === 0));
  journal.close();
  return join(folder, 'journal.db');
}

/** Runs `sql` on the file behind the journal's back. */
function change(file: string, sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

const refuses = (t: Test, file: string, message: RegExp) =>
  t.throws(() => openJournal({ file, ...rules, warmUpRuns: 0 }), { code: 'journal.damaged', message });

t.test('a page that was lost is named with its table, and the file is left as it was', async (t) => {
  const file = journalFile(t);
  const good = readFileSync(file);
  let named = 0;
  for (let at = 1; at < good.length / page; at += 1) {
    const bytes = Buffer.from(good);
    bytes.fill(0x5a, at * page, (at + 1) * page);
    writeFileSync(file, bytes);
    try {
      openJournal({ file, ...rules, warmUpRuns: 0 }).close();
      t.fail(`page ${at + 1} was not missed`);
    } catch (error) {
      t.match(error, { code: 'journal.damaged' });
      if (/table (event|ledger|mark|base)(, page \d+)?: /.test(String(error))) named += 1;
    }
    t.ok(readFileSync(file).equals(bytes), 'nothing is written');
  }
  t.ok(named > 10, `${named} times the table is named`);
});

t.test('every row that was lost or changed is missed where it matters', async (t) => {
  const event = `(SELECT position FROM event WHERE body LIKE '%item-lent%' ORDER BY position DESC LIMIT 1)`;
  for (const [sql, message] of [
    [
      `DELETE FROM ledger WHERE part = 'loans' AND key = (SELECT max(key) FROM ledger WHERE part = 'loans')`,
      /: loans \d{14}$/,
    ],
    [
      `UPDATE ledger SET row = replace(row, '"missed":0', '"missed":1') WHERE part = 'lockers' AND key = 3`,
      /: lockers 3$/,
    ],
    [`UPDATE ledger SET row = 'nonsense' WHERE part = 'lockers' AND key = 3`, /: the ledger cannot be read$/],
    [`UPDATE ledger SET part = 'lockets' WHERE part = 'lockers' AND key = 3`, /: the ledger cannot be read$/],
    [`DELETE FROM event WHERE position = ${event}`, /: .*loans \d{14}/],
    [`UPDATE event SET body = 'nonsense' WHERE position = 7`, /: event 7 cannot be read$/],
    [
      `UPDATE event SET body = replace(body, 'item-', 'itom-') WHERE position = 1`,
      /: event 1 cannot be read$/,
    ],
  ] as const) {
    const file = journalFile(t);
    change(file, sql);
    refuses(t, file, message);
  }
});

t.test('a write-ahead log that lost its end is used up to the damage', async (t) => {
  const folder = t.testdir();
  const journal = openIn(t, folder, { warmUpRuns: 0 });
  for (const each of loan(1, true)) journal.append(moment(1), [each]);
  const db = readFileSync(join(folder, 'journal.db'));
  const wal = readFileSync(join(folder, 'journal.db-wal'));
  const kept: number[] = [];
  for (const bytes of [wal.length, wal.length - 1, Math.floor(wal.length / 2), 100, 0]) {
    const copy = t.testdir({ 'journal.db': db, 'journal.db-wal': wal.subarray(0, bytes) });
    const again = openIn(t, copy, { warmUpRuns: 0 });
    kept.push(again.lastPosition());
    t.strictSame(again.rebuild(), again.load());
    again.close();
  }
  t.strictSame([kept[0], kept[1], kept.at(-1)], [8, 7, 0]);
});
