import { statSync } from 'node:fs';
import { Fault } from '../kernel/faults.js';
import { type Connection, openDatabase, openFault } from './database.js';
import { differences } from './parts.js';
import type { LedgerRules } from './rules.js';
import { Store } from './store.js';

/** What there is in a journal's file. */
export interface JournalFacts {
  readonly epoch: string;
  /** Positions of the first and the last event kept; `last` counts those put away as well. */
  readonly first: number;
  readonly last: number;
  readonly sent: number;
  /** Rows of each part of the ledger. */
  readonly rows: Readonly<Record<string, number>>;
  readonly bytes: number;
}

/** What a check found: nothing wrong, or what is, one short text each. */
export interface CheckResult {
  readonly findings: readonly string[];
  /** Null where not even these can be read. */
  readonly facts: JournalFacts | null;
}

/** The most damages reported for a file: the reader needs the places, not the number. */
const mostFindings = 12;

/**
 * Checks every page, row and event of the journal in `file`, which no other process may have open, and recomputes the
 * ledger. Takes seconds for many events. May migrate the file to this release's tables.
 */
export function checkFile(file: string, rules: LedgerRules): CheckResult {
  let db: Connection | undefined;
  try {
    db = openDatabase(file);
    const store = new Store(db, file, rules);
    store.recomputeLedger();
    const findings = [...checkPages(db), ...checkEvents(store)].slice(0, mostFindings);
    return { findings, facts: factsOf(store) };
  } catch (error) {
    const fault = openFault(error, file);
    if (!(fault instanceof Fault)) throw error;
    return { findings: [fault.message], facts: null };
  } finally {
    db?.close();
  }
}

function checkPages(db: Connection): string[] {
  const rows = db.pragma(`integrity_check(${mostFindings})`) as { integrity_check: string }[];
  return rows.map((row) => row.integrity_check).filter((line) => line !== 'ok');
}

function checkEvents(store: Store): string[] {
  const unreadable = store.findUnreadable();
  if (unreadable !== undefined) return [`event ${unreadable} is missing or cannot be read`];
  return differences(store.load(), store.rebuild().ledger).map(
    (row) => `${row}: the table differs from the ledger of the events`,
  );
}

function factsOf(store: Store): JournalFacts {
  const { nextVisit: _, ...parts } = store.load();
  return {
    epoch: store.epoch(),
    first: store.foldedUpTo() + 1,
    last: store.lastPosition(),
    sent: store.sentMark(),
    rows: Object.fromEntries(Object.entries(parts).map(([part, rows]) => [part, rows.size])),
    bytes: statSync(store.file).size,
  };
}
