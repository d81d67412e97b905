import { join } from 'node:path';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { rowsOf } from '../../src/journal/parts.js';
import { itemId, lockerNo } from '../../src/kernel/ids.js';
import { moment, oneLoan, openIn } from './support.js';

const stocked = { type: 'item-stocked', locker: lockerNo(2), item: itemId('30106000000025') } as const;

/** A folder with a journal of two loans, the second still out. */
function folderOfTwoLoans(t: Test): string {
  const folder = t.testdir();
  const journal = openIn(t, folder);
  journal.append(moment(1), [stocked]);
  journal.append(moment(2), oneLoan(1));
  journal.append(moment(3), oneLoan(3).slice(0, 3));
  journal.close();
  return folder;
}

/** Changes the journal in `folder` behind its back. */
function change(folder: string, run: (db: Database.Database) => void): string {
  const db = new Database(join(folder, 'journal.db'));
  run(db);
  db.close();
  return folder;
}

t.test('the ledger can be computed from the events alone', async (t) => {
  const journal = openIn(t, folderOfTwoLoans(t));
  t.ok(journal.load().loans.size > 0 && journal.load().lockers.size > 0);
  t.strictSame(journal.rebuild(), journal.load());
});

t.test('tables that differ from the events are refused, and the rows are named', async (t) => {
  const lost: readonly (readonly [string, RegExp])[] = [
    ['DELETE FROM event WHERE position > 7', /: lockers 1, loans 30106000000017$/],
    ['DELETE FROM event WHERE position = 1', /: lockers 2$/],
    [`UPDATE event SET body = replace(body, 'a1a1', 'b2b2')`, /: loans 30106000000017$/],
  ];
  for (const [sql, message] of lost) {
    const folder = change(folderOfTwoLoans(t), (db) => db.exec(sql));
    t.throws(() => openIn(t, folder), { code: 'journal.damaged', message }, sql);
  }
});

t.test('pruned events keep their effect in the stored ledger', async (t) => {
  const folder = folderOfTwoLoans(t);
  const journal = openIn(t, folder);
  const ledger = journal.load();
  journal.close();
  change(folder, (db) => {
    const put = db.prepare('INSERT INTO base VALUES (?, ?, ?)');
    for (const { part, key, row } of rowsOf(ledger)) put.run(part, key, JSON.stringify(row));
    const mark = db.prepare('UPDATE mark SET value = ? WHERE name = ?');
    mark.run(10, 'folded');
    mark.run(ledger.nextVisit, 'folded-next-visit');
    mark.run(moment(3).calendarMs, 'folded-trusted');
    db.exec('DELETE FROM event');
  });

  const again = openIn(t, folder);
  t.strictSame(again.load(), ledger);
  t.strictSame(again.rebuild(), ledger);
  t.equal(again.lastPosition(), 10);
  t.equal(again.lastTrustedMs(), moment(3).calendarMs);
  t.strictSame(again.read(1, 100), []);
  again.append(moment(4), [stocked]);
  t.equal(again.read(1, 100)[0]?.position, 11, 'positions never begin anew');
  t.strictSame(again.rebuild(), again.load());
});
