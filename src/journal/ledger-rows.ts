import type { WithheldReason } from '../circulation/event.js';
import type { Intent, Ledger, LedgerChange, Loan, LockerRecord } from '../circulation/ledger.js';
import { unreachable } from '../kernel/assert.js';
import { type ItemId, itemId, lockerNo, patronId, type VisitNo, visitNo } from '../kernel/ids.js';
import { epochMs } from '../kernel/time.js';
import type { Connection } from './database.js';

interface LockerRow {
  readonly locker: number;
  readonly item: string | null;
  readonly visit: number | null;
  readonly purpose: Intent['purpose'] | null;
  readonly intent_item: string | null;
  readonly patron: string | null;
  readonly opened: number | null;
  readonly withheld: WithheldReason | null;
  readonly missed: number;
}

interface LoanRow {
  readonly item: string;
  readonly patron: string;
  readonly due_at: number;
  readonly due_provisional: number;
}

/** Prepares the statements that replace one row of the ledger's tables. */
export function prepareLedgerWrites(db: Connection): (change: LedgerChange) => void {
  const putLocker = db.prepare(
    `INSERT INTO locker VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (locker) DO UPDATE SET
       item = excluded.item, visit = excluded.visit, purpose = excluded.purpose,
       intent_item = excluded.intent_item, patron = excluded.patron, opened = excluded.opened,
       withheld = excluded.withheld, missed = excluded.missed`,
  );
  const putLoan = db.prepare('INSERT OR REPLACE INTO loan VALUES (?, ?, ?, ?)');
  const removeLoan = db.prepare('DELETE FROM loan WHERE item = ?');
  return (change) => {
    switch (change.kind) {
      case 'locker': {
        const { item, intent, withheld, missed } = change.record;
        const columns = intent
          ? [intent.visit, intent.purpose, intent.item, intent.patron, Number(intent.opened)]
          : [null, null, null, null, null];
        putLocker.run(change.locker, item, ...columns, withheld, missed);
        return;
      }
      case 'loan':
        if (change.loan === null) removeLoan.run(change.item);
        else {
          const { patron, dueAt, dueProvisional } = change.loan;
          putLoan.run(change.item, patron, dueAt, Number(dueProvisional));
        }
        return;
      default:
        unreachable(change);
    }
  };
}

/** Reads the ledger from its tables. */
export function loadLedger(db: Connection): Ledger {
  const lockers = db.prepare<[], LockerRow>('SELECT * FROM locker').all();
  const loans = db.prepare<[], LoanRow>('SELECT * FROM loan').all();
  return {
    lockers: new Map(lockers.map((row) => [lockerNo(row.locker), lockerRecordOf(row)])),
    loans: new Map(loans.map(loanOf)),
    nextVisit: nextVisit(db),
  };
}

function lockerRecordOf(row: LockerRow): LockerRecord {
  const { item, withheld, missed } = row;
  return { item: item === null ? null : itemId(item), intent: intentOf(row), withheld, missed };
}

function intentOf({ visit, purpose, intent_item, patron, opened }: LockerRow): Intent | null {
  if (visit === null || purpose === null || intent_item === null) return null;
  return {
    visit: visitNo(visit),
    purpose,
    item: itemId(intent_item),
    patron: patron === null ? null : patronId(patron),
    opened: opened === 1,
  };
}

function loanOf({ item, patron, due_at, due_provisional }: LoanRow): [ItemId, Loan] {
  const loan = { patron: patronId(patron), dueAt: epochMs(due_at), dueProvisional: due_provisional === 1 };
  return [itemId(item), loan];
}

/** Visits are numbered upwards, so the newest event that begins one names the highest: no page is written for it. */
function nextVisit(db: Connection): VisitNo {
  const last = db
    .prepare<[], number>(
      `SELECT body ->> '$.visit' FROM event
       WHERE body ->> '$.type' IN ('checkout-intended', 'checkin-intended') ORDER BY position DESC LIMIT 1`,
    )
    .pluck()
    .get();
  return visitNo((last ?? 0) + 1);
}
