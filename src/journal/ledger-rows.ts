import type { Ledger } from '../circulation/ledger.js';
import type { VisitNo } from '../kernel/ids.js';
import type { Connection } from './database.js';
import { ledgerOf, type PartRow } from './parts.js';
import { storedVisit } from './statements.js';

/** Prepares the statements that replace one row of the ledger, or remove one where the new row is null. */
export function prepareLedgerWrites(db: Connection): (change: PartRow) => void {
  const put = db.prepare<[string, string | number, string]>('INSERT OR REPLACE INTO ledger VALUES (?, ?, ?)');
  const remove = db.prepare<[string, string | number]>('DELETE FROM ledger WHERE part = ? AND key = ?');
  return ({ part, key, row }) => {
    if (row === null) remove.run(part, key);
    else put.run(part, key, JSON.stringify(row));
  };
}

/** Reads the ledger from its table; `empty` has all its parts. */
export function loadLedger(db: Connection, empty: Ledger): Ledger {
  const rows = db
    .prepare<[], { part: string; key: string | number; row: string }>('SELECT * FROM ledger')
    .all();
  const parts = rows.map(({ part, key, row }): PartRow => ({ part, key, row: JSON.parse(row) }));
  return ledgerOf(empty, parts, nextVisit(db));
}

/** Visits are numbered upwards, so the newest event that begins one names the highest: no page is written for it. */
function nextVisit(db: Connection): VisitNo {
  const last = db
    .prepare<[], unknown>(
      `SELECT body ->> '$.visit' FROM event WHERE body ->> '$.type' LIKE '%-intended'
       ORDER BY position DESC LIMIT 1`,
    )
    .pluck()
    .get();
  return storedVisit(last === undefined ? 1 : Number(last) + 1);
}
