import type { RecordedEvent } from '../circulation/event.js';
import { limits } from '../kernel/limits.js';
import { type Connection, isDatabaseError } from './database.js';
import type { PartRow } from './parts.js';
import type { LedgerRules } from './rules.js';
import { type EventRow, recordedEventOf } from './statements.js';

/** The readable content of a damaged journal; what cannot be read is null or missing. */
export interface DamagedJournal {
  readonly marks: ReadonlyMap<string, string | number> | null;
  readonly base: readonly PartRow[] | null;
  readonly ledger: readonly PartRow[] | null;
  /** Readable events by position, with gaps where pages are lost. */
  readonly events: readonly RecordedEvent[];
  /** Whether what comes after the last of them cannot be read, rather than not being there. */
  readonly isTailLost: boolean;
  readonly documents: readonly Document[];
}

/** A document as it is stored. */
export interface Document {
  readonly name: string;
  readonly version: number;
  readonly body: string;
}

/** Reads all that can be read from `db`, whose tables are those of this release. */
export function readDamagedJournal(db: Connection, rules: LedgerRules): DamagedJournal {
  const marks = attempt(
    () => db.prepare<[], { name: string; value: string | number }>('SELECT * FROM mark').all(),
    null,
  );
  return {
    marks: marks && new Map(marks.map(({ name, value }) => [name, value])),
    base: rowsIn(db, 'base'),
    ledger: rowsIn(db, 'ledger'),
    ...eventsIn(db, rules),
    documents: attempt(() => db.prepare<[], Document>('SELECT * FROM document').all(), []),
  };
}

function rowsIn(db: Connection, table: 'base' | 'ledger'): PartRow[] | null {
  return attempt(
    () =>
      db
        .prepare<[], { part: string; key: string | number; row: string }>(`SELECT * FROM ${table}`)
        .all()
        .map(({ part, key, row }) => ({ part, key, row: JSON.parse(row) })),
    null,
  );
}

/** Reads events one by one: a lost page loses only its own events. Ends after a long gap. */
function eventsIn(db: Connection, rules: LedgerRules): Pick<DamagedJournal, 'events' | 'isTailLost'> {
  const row = db.prepare<[number], EventRow>('SELECT * FROM event WHERE position = ?');
  const first = db.prepare<[], number | null>('SELECT min(position) FROM event').pluck();
  const events: RecordedEvent[] = [];
  let isTailLost = false;
  let missing = 0;
  for (let position = attempt(() => first.get(), 1) ?? 1; missing < limits.journalGapEvents; position += 1) {
    const event = attempt(() => eventOf(row.get(position), rules), 'lost');
    if (event === 'lost') isTailLost = true;
    if (event === 'lost' || event === null) {
      missing += 1;
      continue;
    }
    events.push(event);
    isTailLost = false;
    missing = 0;
  }
  return { events, isTailLost };
}

/** The event in `row`; null where there is none, `lost` where it makes no sense. */
function eventOf(row: EventRow | undefined, rules: LedgerRules): RecordedEvent | 'lost' | null {
  if (row === undefined) return null;
  const recorded = recordedEventOf(row);
  return rules.isEvent(recorded.event) ? recorded : 'lost';
}

/** Returns what `read` returns, or `otherwise` where the file or its content is damaged. */
function attempt<T, Other>(read: () => T, otherwise: Other): T | Other {
  try {
    return read();
  } catch (error) {
    if (isDatabaseError(error) || error instanceof SyntaxError) return otherwise;
    throw error;
  }
}
