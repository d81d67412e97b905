import type { Ledger } from '../circulation/ledger.js';
import type { EpochMs } from '../kernel/time.js';
import type { Connection } from './database.js';
import { changedRows, ledgerOf, type PartRow } from './parts.js';
import { storedMs, storedVisit } from './statements.js';

/** The ledger that stands before the first event kept, and what else is to be known of the events before it. */
export interface Base {
  readonly ledger: Ledger;
  /** Position of the last event that went into it; 0: none yet. */
  readonly position: number;
  /** Calendar time of the newest of those events that had a trusted clock; 0 when there is none. */
  readonly lastTrustedMs: EpochMs;
}

/** The base as it is stored. */
export interface BaseTable {
  /** Throws a SyntaxError where it makes no sense. */
  read(): Base;
  /** Replaces `before`, which must be what is stored, by `after`; to be called inside a transaction. */
  write(before: Base, after: Base): void;
}

/** Prepares reading and writing the base of a journal whose empty ledger is `empty`. */
export function prepareBase(db: Connection, empty: Ledger): BaseTable {
  const rows = db.prepare<[], { part: string; key: string | number; row: string }>('SELECT * FROM base');
  const put = db.prepare<[string, string | number, string]>('INSERT OR REPLACE INTO base VALUES (?, ?, ?)');
  const remove = db.prepare<[string, string | number]>('DELETE FROM base WHERE part = ? AND key = ?');
  const mark = db.prepare<[string], number>('SELECT value FROM mark WHERE name = ?').pluck();
  const putMark = db.prepare<[number, string]>('UPDATE mark SET value = ? WHERE name = ?');
  return {
    read() {
      const stored = rows.all().map(({ part, key, row }): PartRow => ({ part, key, row: JSON.parse(row) }));
      return {
        ledger: ledgerOf(empty, stored, storedVisit(mark.get('folded-next-visit') ?? 1)),
        position: mark.get('folded') ?? 0,
        lastTrustedMs: storedMs(mark.get('folded-trusted') ?? 0),
      };
    },
    write(before, after) {
      for (const { part, key, row } of changedRows(before.ledger, after.ledger)) {
        if (row === undefined) remove.run(part, key);
        else put.run(part, key, JSON.stringify(row));
      }
      putMark.run(after.position, 'folded');
      putMark.run(after.ledger.nextVisit, 'folded-next-visit');
      putMark.run(after.lastTrustedMs, 'folded-trusted');
    },
  };
}
