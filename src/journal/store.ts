import type { RecordedEvent } from '../circulation/event.js';
import type { Ledger, LedgerChange } from '../circulation/ledger.js';
import { Fault } from '../kernel/faults.js';
import { type Epoch, epoch, visitNo } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import { type EpochMs, epochMs } from '../kernel/time.js';
import { type Base, type BaseTable, prepareBase } from './base.js';
import type { Connection } from './database.js';
import { withoutForgotten } from './forget.js';
import { loadLedger, prepareLedgerWrites } from './ledger-rows.js';
import { differences } from './parts.js';
import { rebuild } from './rebuild.js';
import type { LedgerRules } from './rules.js';
import { prepareStatements, recordedEventOf, type Statements } from './statements.js';

/** One open journal file: its statements, prepared once, and what can be read from it. */
export class Store {
  readonly statements: Statements;
  readonly base: BaseTable;
  readonly putChange: (change: LedgerChange) => void;

  constructor(
    readonly db: Connection,
    readonly file: string,
    private readonly rules: LedgerRules,
  ) {
    this.statements = prepareStatements(db);
    this.base = prepareBase(db, rules.emptyLedger);
    this.putChange = prepareLedgerWrites(db);
  }

  epoch(): Epoch {
    return epoch(String(this.statements.mark.get('epoch')));
  }

  sentMark(): number {
    return Number(this.statements.mark.get('sent'));
  }

  /** Position of the newest event, also when it was put away. */
  lastPosition(): number {
    return this.statements.lastPosition.get() ?? this.base.read().position;
  }

  lastTrustedMs(): EpochMs {
    return epochMs(this.statements.lastTrusted.get() ?? this.base.read().lastTrustedMs);
  }

  /** The ledger as its tables have it. */
  load(): Ledger {
    const ledger = loadLedger(this.db, this.rules.emptyLedger);
    return { ...ledger, nextVisit: visitNo(Math.max(ledger.nextVisit, this.base.read().ledger.nextVisit)) };
  }

  /** At most `count` events in order, the first at position `from`. */
  read(from: number, count: number): RecordedEvent[] {
    return this.statements.events.all(from, count).map(recordedEventOf);
  }

  /** What base and events add up to, at most up to position `upTo`: a second account of what the tables say. */
  rebuild(upTo?: number): Base {
    const sum = rebuild(this.base.read(), (from, count) => this.read(from, count), this.rules, upTo);
    return { ...sum, ledger: withoutForgotten(sum.ledger, this.rules) };
  }

  /** Compares both accounts where that is quick. Throws `journal.damaged`, naming the rows that differ. */
  compare(): void {
    if (this.lastPosition() - this.base.read().position > limits.journalCompareEvents) return;
    const differing = differences(this.load(), this.rebuild().ledger);
    if (differing.length === 0) return;
    const named = `${differing.slice(0, 5).join(', ')}${differing.length > 5 ? ' …' : ''}`;
    throw new Fault(
      'journal.damaged',
      `${this.file}: the tables are not what the events add up to: ${named}`,
    );
  }
}
