import type { RecordedEvent } from '../circulation/event.js';
import type { Ledger } from '../circulation/ledger.js';
import { Fault } from '../kernel/faults.js';
import { type Epoch, epoch, idPattern, visitNo } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import { type EpochMs, isEpochMs } from '../kernel/time.js';
import { type Base, type BaseTable, prepareBase } from './base.js';
import { type Connection, isDatabaseError } from './database.js';
import { withoutErasedRows } from './erase-patrons.js';
import type { EventsText } from './journal.js';
import { loadLedger, prepareLedgerWrites } from './ledger-rows.js';
import { differences, type PartRow, rowsOf } from './parts.js';
import { rebuild } from './rebuild.js';
import type { LedgerRules } from './rules.js';
import { prepareStatements, recordedEventOf, type Statements, storedMs } from './statements.js';

/** The state that the file records, to be kept in memory. */
export interface StoredState {
  readonly epoch: Epoch;
  readonly ledger: Ledger;
  readonly lastPosition: number;
  readonly lastTrustedMs: EpochMs;
  readonly prunedUpTo: number;
  /** The sent mark in the file; the one in memory may be ahead of it. */
  readonly writtenMark: number;
}

/** One open journal file: its statements, prepared once, and what can be read from it. */
export class Store {
  readonly statements: Statements;
  readonly base: BaseTable;
  readonly putChange: (change: PartRow) => void;
  readonly #atomically: <T>(work: () => T) => T;

  constructor(
    readonly db: Connection,
    readonly file: string,
    private readonly rules: LedgerRules,
  ) {
    this.statements = prepareStatements(db);
    this.base = prepareBase(db, rules.emptyLedger);
    this.putChange = prepareLedgerWrites(db);
    this.#atomically = db.transaction(<T>(work: () => T) => work()) as <T>(work: () => T) => T;
  }

  /**
   * Recomputes the ledger from the events when another release computed it: its rules may have differed.
   * To be called before anything is read. Throws SQLite's errors, and `journal.damaged`.
   */
  recomputeLedger(): void {
    if (this.statements.mark.get('rules') === this.rules.version) return;
    const { ledger } = this.#readably(() => this.rebuild());
    this.atomically(() => {
      this.db.exec('DELETE FROM ledger');
      for (const row of rowsOf(ledger)) this.putChange(row);
      this.statements.putRules.run(this.rules.version);
    });
  }

  /** Reads the recorded state; recomputes the ledger first where that is needed. Throws as `recomputeLedger` does. */
  readState(): StoredState {
    this.recomputeLedger();
    return {
      epoch: this.epoch(),
      ledger: this.load(),
      lastPosition: this.lastPosition(),
      lastTrustedMs: this.lastTrustedMs(),
      prunedUpTo: this.prunedUpTo(),
      writtenMark: this.sentMark(),
    };
  }

  /** Runs `work` in a transaction, all or none of it durable when this returns. */
  atomically<T>(work: () => T): T {
    return this.#atomically(work);
  }

  /** Throws `journal.damaged` where it makes no sense. */
  epoch(): Epoch {
    const text = String(this.statements.mark.get('epoch'));
    if (!idPattern.hex16.test(text)) throw new Fault('journal.damaged', `${this.file}: it has no epoch`);
    return epoch(text);
  }

  sentMark(): number {
    return Number(this.statements.mark.get('sent'));
  }

  /** Position of the newest event, also when it was pruned. */
  lastPosition(): number {
    return this.statements.lastPosition.get() ?? this.foldedUpTo();
  }

  lastTrustedMs(): EpochMs {
    const { lastTrusted } = this.statements;
    return this.#readably(() => storedMs(lastTrusted.get() ?? this.base.read().lastTrustedMs));
  }

  /** The ledger as its table has it. Throws `journal.damaged` when that cannot be read. */
  load(): Ledger {
    try {
      const { nextVisit, ...parts } = loadLedger(this.db, this.rules.emptyLedger);
      return { ...parts, nextVisit: visitNo(Math.max(nextVisit, this.base.read().ledger.nextVisit)) };
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
      throw new Fault('journal.damaged', `${this.file}: the ledger cannot be read`, { cause: error });
    }
  }

  /** At most `count` events in order, the first at position `from`. */
  read(from: number, count: number): RecordedEvent[] {
    return this.statements.events.all(from, count).map(recordedEventOf);
  }

  /** The same as JSON text; null where there are none. */
  readText(from: number, count: number): EventsText | null {
    const { text = null, last = null } = this.statements.eventsText.get(from, count) ?? {};
    return text === null || last === null ? null : { text: `[${text}]`, last };
  }

  /** Position of the last event that is in the base. */
  foldedUpTo(): number {
    return Number(this.statements.mark.get('folded'));
  }

  /** Position up to which events are pruned. A repaired journal keeps some that are in the base, to be sent. */
  prunedUpTo(): number {
    const first = this.statements.firstPosition.get() ?? null;
    return first === null ? this.foldedUpTo() : first - 1;
  }

  /** The ledger recomputed from base and events, at most up to position `upTo`. */
  rebuild(upTo?: number): Base {
    const sum = this.addEvents(this.base.read(), upTo);
    return { ...sum, ledger: withoutErasedRows(sum.ledger, this.rules) };
  }

  /** `sum` with the events after it, at most up to position `upTo`. */
  addEvents(sum: Base, upTo?: number): Base {
    return rebuild(sum, (from, count) => this.read(from, count), this.rules, upTo);
  }

  /** Compares the table with the events where these are few; returns whether it did. Throws `journal.damaged`. */
  compareWithEvents(): boolean {
    if (this.lastPosition() - this.foldedUpTo() > limits.journalCompareEvents) return false;
    const tables = this.load();
    this.requireSame(tables, this.#readably(() => this.rebuild()).ledger);
    return true;
  }

  /** Runs `work`; where it fails for what makes no sense it throws `journal.damaged`, and names the first such event. */
  #readably<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const position = isDatabaseError(error) ? undefined : this.findUnreadable();
      if (position === undefined && !(error instanceof SyntaxError)) throw error;
      const what = position === undefined ? 'its beginning' : `event ${position}`;
      throw new Fault('journal.damaged', `${this.file}: ${what} cannot be read`, { cause: error });
    }
  }

  /** Position of the first event that is none, or after which one is missing; undefined when all are good. */
  findUnreadable(): number | undefined {
    let expected = this.foldedUpTo() + 1;
    for (const { position, at, body } of this.statements.events.iterate(expected, Number.MAX_SAFE_INTEGER)) {
      if (position !== expected) return expected;
      if (!isEpochMs(at) || !this.rules.isEvent(parsed(body))) return position;
      expected += 1;
    }
    return undefined;
  }

  /** Throws `journal.damaged`, naming the rows in which the tables are not what the events add up to. */
  requireSame(tables: Ledger, sum: Ledger): void {
    const differing = differences(tables, withoutErasedRows(sum, this.rules));
    if (differing.length === 0) return;
    const named = `${differing.slice(0, 5).join(', ')}${differing.length > 5 ? ' …' : ''}`;
    throw new Fault(
      'journal.damaged',
      `${this.file}: the tables are not what the events add up to: ${named}`,
    );
  }
}

/** The value of a JSON text; undefined when it is invalid. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
