import type { Event, RecordedEvent } from '../circulation/event.js';
import type { Ledger } from '../circulation/ledger.js';
import { Fault } from '../kernel/faults.js';
import type { Epoch } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { EpochMs, Moment } from '../kernel/time.js';
import { type Connection, isDatabaseError } from './database.js';
import { beginEpoch } from './epoch.js';
import type { Journal, JournalOptions } from './journal.js';
import { Quiet } from './quiet.js';
import { rehearsals, rehearsedEvents, rehearsedMoment } from './rehearsal.js';
import { Store } from './store.js';
import { type Situation, Tidy } from './tidy.js';

/** The journal as an SQLite file. */
export class SqliteJournal implements Journal {
  readonly #options: JournalOptions;
  readonly #store: Store;
  readonly #writeEvents: (moment: Moment, events: readonly Event[]) => Ledger;
  readonly #quiet: Quiet;
  #tidy: Tidy;
  #epoch: Epoch;
  #ledger: Ledger;
  #lastPosition: number;
  #lastTrustedMs: EpochMs;
  /** Up to where a backup has this epoch. */
  #backedUpTo: number;
  #sentMark: number;
  #writtenMark: number;
  #stepsInLog = 0;
  /** Set by the first write that failed. */
  #failure: Fault | null = null;

  constructor(db: Connection, options: JournalOptions) {
    this.#options = options;
    const store = new Store(db, options.file, options);
    this.#store = store;
    this.#writeEvents = db.transaction((moment, events) => this.#write(moment, events));
    this.#tidy = new Tidy(store, options, options.keepDays);
    this.#quiet = new Quiet({
      quietMs: options.quietMs,
      idleMs: options.idleMs,
      onQuiet: () => this.#settleWhenLong(),
      onIdle: () => this.tidy(),
    });
    this.#epoch = store.epoch();
    this.#ledger = store.load();
    this.#lastPosition = store.lastPosition();
    this.#lastTrustedMs = store.lastTrustedMs();
    this.#backedUpTo = options.awaitsBackup ? 0 : Number.POSITIVE_INFINITY;
    this.#sentMark = store.sentMark();
    this.#writtenMark = this.#sentMark;
  }

  get epoch(): Epoch {
    return this.#epoch;
  }

  lastPosition(): number {
    return this.#lastPosition;
  }

  lastTrustedMs(): EpochMs {
    return this.#lastTrustedMs;
  }

  load(): Ledger {
    return this.#ledger;
  }

  rebuild(): Ledger {
    return this.#store.rebuild().ledger;
  }

  append(moment: Moment, events: readonly Event[]): void {
    if (events.length === 0) return;
    this.#ledger = this.#durably(() => this.#writeEvents(moment, events));
    this.#writtenMark = this.#sentMark;
    this.#lastPosition += events.length;
    if (moment.trust === 'trusted') this.#lastTrustedMs = moment.calendarMs;
    this.#stepsInLog += 1;
    this.#quiet.disturb();
  }

  read(from: number, count: number): RecordedEvent[] {
    return this.#store.read(from, count);
  }

  sentMark(): number {
    return this.#sentMark;
  }

  markSent(position: number): void {
    this.#sentMark = position;
    this.#quiet.disturb();
  }

  tidy(): boolean {
    return this.#keepHouse(() => this.#tidy.step(this.#situation()));
  }

  backedUp(position: number): void {
    if (this.#options.awaitsBackup) this.#backedUpTo = Math.max(this.#backedUpTo, position);
    this.#quiet.disturb();
  }

  foldedTo(): number {
    return this.#store.foldedTo();
  }

  beginEpoch(moment: Moment, known: number): void {
    const store = this.#store;
    this.#durably(store.db.transaction(() => beginEpoch(store, this.#options, moment, known)));
    this.#tidy = new Tidy(store, this.#options, this.#options.keepDays);
    this.#epoch = store.epoch();
    this.#lastPosition = store.lastPosition();
    if (this.#options.awaitsBackup) this.#backedUpTo = 0;
    this.#sentMark = 0;
    this.#writtenMark = 0;
    this.#quiet.disturb();
  }

  document(name: string): { version: number; body: unknown } | null {
    const row = this.#store.statements.document.get(name);
    return row ? { version: row.version, body: JSON.parse(row.body) } : null;
  }

  keepDocument(name: string, version: number, body: unknown): void {
    this.#durably(() => this.#store.statements.putDocument.run(name, version, JSON.stringify(body)));
  }

  close(): void {
    this.#quiet.close();
    if (!this.#store.db.open) return;
    try {
      if (this.#failure === null) this.#durably(() => this.#writeMark());
    } finally {
      this.#store.db.close();
    }
  }

  /** Holds the tables against the events, proves that the card can be written, and takes the costs of the first append before a resident waits for it. */
  start(): void {
    try {
      if (!this.#store.compare()) this.#tidy.beginComparison(this.#ledger, this.#lastPosition);
      this.#durably(() => {
        // After a crash the log may hold what was forgotten since.
        this.#store.statements.truncate.get();
        this.#rehearse();
        this.#store.statements.countStart.run();
      });
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #rehearse(): void {
    for (let n = 0; n < (this.#options.rehearsals ?? rehearsals); n += 1) {
      this.#store.statements.begin.run();
      this.#write(rehearsedMoment, rehearsedEvents);
      this.#store.statements.rollback.run();
    }
  }

  /** Runs inside a transaction; returns the ledger as it is once that is durable. */
  #write(moment: Moment, events: readonly Event[]): Ledger {
    const { changesOf, applyEvent } = this.#options;
    let ledger = this.#ledger;
    let position = this.#lastPosition;
    for (const event of events) {
      position += 1;
      this.#store.statements.putEvent.run(position, moment.calendarMs, moment.trust, JSON.stringify(event));
      for (const change of changesOf(ledger, event)) this.#store.putChange(change);
      ledger = applyEvent(ledger, event);
    }
    this.#writeMark();
    return ledger;
  }

  #writeMark(): void {
    if (this.#sentMark !== this.#writtenMark) this.#store.statements.putMark.run(this.#sentMark);
  }

  /** Runs one write. After a failed one nobody knows what is on the card, so nothing is tried again. */
  #durably<T>(write: () => T): T {
    if (this.#failure) throw this.#failure;
    try {
      return write();
    } catch (error) {
      if (!isDatabaseError(error)) throw error;
      this.#failure = new Fault('journal.write', `${this.#options.file} cannot be written`, { cause: error });
      throw this.#failure;
    }
  }

  /** A long log is moved into the tables in a short pause. */
  #settleWhenLong(): void {
    if (this.#stepsInLog < limits.journalTidySteps) return;
    this.#stepsInLog = 0;
    this.#keepHouse(() => {
      this.#tidy.settle(this.#situation());
      this.#writtenMark = this.#sentMark;
      return false;
    });
  }

  #situation(): Situation {
    return {
      ledger: this.#ledger,
      lastPosition: this.#lastPosition,
      sentMark: this.#sentMark,
      lastTrustedMs: this.#lastTrustedMs,
      backedUpTo: this.#backedUpTo,
    };
  }

  /** Does something that nobody waits for; false when it could not be done. */
  #keepHouse(work: () => boolean): boolean {
    if (this.#failure) return false;
    try {
      return this.#durably(work);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      // The next append reports it to those who can act on it.
      this.#failure = error;
      return false;
    }
  }
}
