import type { Event, RecordedEvent } from '../circulation/event.js';
import type { Ledger } from '../circulation/ledger.js';
import { Fault } from '../kernel/faults.js';
import type { Epoch } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { EpochMs, Moment } from '../kernel/time.js';
import { type Connection, isStorageError, openDatabase, writeFault } from './database.js';
import { beginEpoch } from './epoch.js';
import { Housekeeping, type JournalProgress } from './housekeeping.js';
import type { EventsText, Journal, JournalOptions, Snapshot } from './journal.js';
import { PauseTimers } from './pause-timers.js';
import { Store, type StoredState } from './store.js';
import { warmUpEvents, warmUpMoment, warmUpRuns } from './warm-up.js';

/** The journal as an SQLite file. */
export class SqliteJournal implements Journal {
  readonly #options: JournalOptions;
  readonly #pauses: PauseTimers;
  /** Replaced by a recovery. */
  #store: Store;
  #tidy: Housekeeping;
  #known: StoredState;
  #sentMark: number;
  /** Up to where a backup has this epoch. */
  #backedUpTo: number;
  #stepsInLog = 0;
  /** Why nothing can be written, since the first write that failed. */
  #failure: Fault | null = null;

  constructor(db: Connection, options: JournalOptions) {
    this.#options = options;
    this.#store = new Store(db, options.file, options);
    this.#tidy = new Housekeeping(this.#store, options, options.keepDays);
    this.#known = this.#store.readState();
    this.#sentMark = this.#known.writtenMark;
    this.#backedUpTo = options.requiresBackup ? 0 : Number.POSITIVE_INFINITY;
    this.#pauses = new PauseTimers({
      quietMs: options.quietMs,
      idleMs: options.idleMs,
      onQuiet: () => this.#checkpointWhenLong(),
      onIdle: () => this.housekeep(),
    });
  }

  get epoch(): Epoch {
    return this.#known.epoch;
  }

  lastPosition(): number {
    return this.#known.lastPosition;
  }

  lastTrustedMs(): EpochMs {
    return this.#known.lastTrustedMs;
  }

  load(): Ledger {
    return this.#known.ledger;
  }

  rebuild(): Ledger {
    return this.#store.rebuild().ledger;
  }

  append(moment: Moment, events: readonly Event[]): void {
    if (events.length === 0) return;
    const { lastPosition, lastTrustedMs } = this.#known;
    const ledger = this.#durably(() => this.#store.atomically(() => this.#write(moment, events)));
    this.#known = {
      ...this.#known,
      ledger,
      lastPosition: lastPosition + events.length,
      lastTrustedMs: moment.trust === 'trusted' ? moment.calendarMs : lastTrustedMs,
      writtenMark: this.#sentMark,
    };
    this.#stepsInLog += 1;
    this.#pauses.restart();
  }

  read(from: number, count: number): RecordedEvent[] {
    return this.#store.db.open ? this.#store.read(from, count) : [];
  }

  readText(from: number, count: number): EventsText | null {
    return this.#store.db.open ? this.#store.readText(from, count) : null;
  }

  sentMark(): number {
    return this.#sentMark;
  }

  markSent(position: number): void {
    this.#sentMark = position;
    // While a backlog is sent nothing is appended, and after a power cut all of it would be sent again.
    if (this.unwrittenMarkEvents() >= limits.journalMarkEvents) this.#inBackground(() => this.#saveMark());
    this.#pauses.restart();
  }

  unwrittenMarkEvents(): number {
    return this.#failure === null ? this.#sentMark - this.#known.writtenMark : 0;
  }

  housekeep(): boolean {
    return this.#inBackground(() => {
      const isMore = this.#tidy.step(this.#situation());
      this.#known = { ...this.#known, prunedUpTo: this.#store.prunedUpTo() };
      return isMore;
    });
  }

  snapshot(): Snapshot {
    const { epoch, lastPosition } = this.#known;
    return { bytes: this.#durably(() => this.#store.db.serialize()), epoch, position: lastPosition };
  }

  markBackedUp(position: number): void {
    if (this.#options.requiresBackup) this.#backedUpTo = Math.max(this.#backedUpTo, position);
    this.#pauses.restart();
  }

  prunedUpTo(): number {
    return this.#known.prunedUpTo;
  }

  beginEpoch(moment: Moment, known: number): void {
    const store = this.#store;
    this.#durably(() => store.atomically(() => beginEpoch(store, this.#options, moment, known)));
    this.#reload(store);
    this.#sentMark = 0;
    if (this.#options.requiresBackup) this.#backedUpTo = 0;
    this.#pauses.restart();
  }

  document(name: string): { version: number; body: unknown } | null {
    const row = this.#store.db.open ? this.#store.statements.document.get(name) : undefined;
    return row ? { version: row.version, body: JSON.parse(row.body) } : null;
  }

  saveDocument(name: string, version: number, body: unknown): void {
    this.#durably(() => this.#store.statements.putDocument.run(name, version, JSON.stringify(body)));
  }

  failure(): Fault | null {
    return this.#failure;
  }

  recover(): Ledger {
    if (this.#failure === null) return this.#known.ledger;
    this.#store.db.close();
    try {
      this.#resume(openDatabase(this.#options.file));
      return this.#known.ledger;
    } catch (error) {
      if (error instanceof Fault) this.#failure = error;
      throw error;
    }
  }

  #resume(db: Connection): void {
    const { epoch } = this.#known;
    try {
      this.#reload(new Store(db, this.#options.file, this.#options));
      this.#failure = null;
      this.#sentMark = this.#known.epoch === epoch ? this.#sentMark : this.#known.writtenMark;
      this.#verify();
    } catch (error) {
      db.close();
      throw error;
    }
  }

  close(): void {
    this.#pauses.close();
    if (!this.#store.db.open) return;
    try {
      if (this.#failure === null) this.#durably(() => this.#writeMark());
    } finally {
      this.#store.db.close();
    }
  }

  /** Verifies the journal; closes it where it cannot be used, and throws as `openJournal` does. */
  start(): void {
    try {
      this.#verify();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /**
   * Compares the tables with the events, checks that the card can be written, and runs the warm-up appends before a resident
   * waits for the first one.
   */
  #verify(): void {
    const { ledger, lastPosition } = this.#known;
    if (!this.#store.compareWithEvents()) this.#tidy.beginComparison(ledger, lastPosition);
    this.#durably(() => {
      // After a crash the log may contain what was erased since.
      this.#store.statements.truncate.get();
      this.#warmUp();
      this.#store.statements.countStart.run();
    });
  }

  #warmUp(): void {
    for (let n = 0; n < (this.#options.warmUpRuns ?? warmUpRuns); n += 1) {
      this.#store.statements.begin.run();
      this.#write(warmUpMoment, warmUpEvents);
      this.#store.statements.rollback.run();
    }
  }

  #reload(store: Store): void {
    this.#store = store;
    this.#tidy = new Housekeeping(store, this.#options, this.#options.keepDays);
    this.#known = store.readState();
  }

  /** Runs inside a transaction; returns the ledger as it is once that is durable. */
  #write(moment: Moment, events: readonly Event[]): Ledger {
    const { changesOf, applyEvent } = this.#options;
    const { statements, putChange } = this.#store;
    let { ledger, lastPosition: position } = this.#known;
    for (const event of events) {
      position += 1;
      statements.putEvent.run(position, moment.calendarMs, moment.trust, JSON.stringify(event));
      for (const change of changesOf(ledger, event)) putChange(change);
      ledger = applyEvent(ledger, event);
    }
    this.#writeMark();
    return ledger;
  }

  #writeMark(): void {
    if (this.#sentMark !== this.#known.writtenMark) this.#store.statements.putMark.run(this.#sentMark);
  }

  #saveMark(): false {
    this.#writeMark();
    this.#known = { ...this.#known, writtenMark: this.#sentMark };
    return false;
  }

  /** Runs one write. After a failed one the content of the card is not known, so nothing is written until a recovery. */
  #durably<T>(write: () => T): T {
    if (this.#failure) throw this.#failure;
    try {
      return write();
    } catch (error) {
      if (!isStorageError(error)) throw error;
      this.#failure = writeFault(error, this.#options.file);
      throw this.#failure;
    }
  }

  /** Checkpoints a long write-ahead log in a short pause. */
  #checkpointWhenLong(): void {
    if (this.#stepsInLog < limits.journalCheckpointSteps) return;
    this.#stepsInLog = 0;
    this.#inBackground(() => {
      this.#tidy.checkpoint(this.#situation());
      this.#known = { ...this.#known, writtenMark: this.#sentMark };
      return false;
    });
  }

  #situation(): JournalProgress {
    const { ledger, lastPosition, lastTrustedMs } = this.#known;
    return {
      ledger,
      lastPosition,
      lastTrustedMs,
      sentMark: this.#sentMark,
      backedUpTo: this.#backedUpTo,
    };
  }

  /** Runs background work; false when it failed. */
  #inBackground(work: () => boolean): boolean {
    if (this.#failure) return false;
    try {
      return this.#durably(work);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      // The next append reports it.
      this.#failure = error;
      return false;
    }
  }
}
