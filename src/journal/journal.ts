import type { Event, RecordedEvent } from '../circulation/event.js';
import type { Ledger } from '../circulation/ledger.js';
import type { Fault } from '../kernel/faults.js';
import type { Epoch } from '../kernel/ids.js';
import type { EpochMs, Moment } from '../kernel/time.js';
import type { LedgerRules } from './rules.js';

/** Consecutive events as a JSON array, and the position of the last. */
export interface EventsText {
  readonly text: string;
  readonly last: number;
}

/** The kiosk's append-only list of events and the ledger they add up to: its only truth. */
export interface Journal {
  /** This lifetime of the journal: positions mean something only within it. Changes with `beginEpoch`. */
  readonly epoch: Epoch;
  /** The newest event's position; 0 in an empty journal. */
  lastPosition(): number;
  /** Calendar time of the newest event written with a trusted clock; 0 when there is none. */
  lastTrustedMs(): EpochMs;
  /** What the recorded events add up to, up to the last successful `append`. */
  load(): Ledger;
  /** The same, recomputed from the events alone; to be compared with `load()`. */
  rebuild(): Ledger;
  /**
   * Records `events` and their ledger changes, all or none, durable when it returns: one sync.
   * Throws `journal.write` or `journal.damaged` when the storage fails, and from then on always, until `recover`. What
   * SQLite refuses to take is a bug: its error is thrown as it is, and nothing is recorded.
   */
  append(moment: Moment, events: readonly Event[]): void;
  /** At most `count` events in order, the first at position `from` (positions start at 1). */
  read(from: number, count: number): RecordedEvent[];
  /** The same as they are sent; null where there are none. */
  readText(from: number, count: number): EventsText | null;
  /** Up to which position the catalogue has stored this journal. */
  sentMark(): number;
  /** Moves the sent mark; it is written with the next append, or when it is far ahead. Losing it only causes resending. */
  markSent(position: number): void;
  /** By how many events the sent mark is ahead of the one in the file. */
  unwrittenMarkEvents(): number;
  /** Position up to which events were pruned and cannot be read any more; 0: none. */
  prunedUpTo(): number;
  /**
   * Begins a new epoch, durable when it returns: after position `known` the catalogue has other events of this one.
   * The new one starts with the items in their lockers, then the events after `known`; the ledger stays as it is.
   * Throws as `append` does.
   */
  beginEpoch(moment: Moment, known: number): void;
  /**
   * Does one step of housekeeping, some milliseconds long, and returns whether there is more. Erases patrons of returned and
   * acknowledged loans, and prunes old acknowledged events. Runs by itself while the kiosk is idle; a failure is reported by
   * the next append.
   */
  housekeep(): boolean;
  /**
   * The bytes of a file with everything up to now, for a backup. Blocks for 10 ms with half a year's events
   * on a PC, some 100 ms on a Pi. Throws `journal.write` after a failure.
   */
  snapshot(): Snapshot;
  /** A verified backup has this epoch up to `position`. */
  markBackedUp(position: number): void;
  /** A document kept for use while offline, or null. */
  document(name: string): { version: number; body: unknown } | null;
  /** Keeps `body` (any JSON value) under `name`, durable when it returns; throws as `append` does. */
  saveDocument(name: string, version: number, body: unknown): void;
  /** Why nothing can be written; null as long as writing works. */
  failure(): Fault | null;
  /**
   * After a failure: reopens the file, checks it, and returns the ledger that it contains: a step that failed may be in the
   * file all the same. Throws as `openJournal` does; then the journal stays unusable and may be retried.
   */
  recover(): Ledger;
  /** Writes what is pending and closes the file. May be called again. */
  close(): void;
}

/** A journal at one moment. */
export interface Snapshot {
  readonly bytes: Uint8Array;
  readonly epoch: Epoch;
  readonly position: number;
}

/** What a journal is opened with. */
export interface JournalOptions extends LedgerRules {
  /** Path of the journal's file; SQLite keeps a `-wal` file beside it. */
  readonly file: string;
  /** Called with what was wrong with the file and has been corrected. */
  readonly onCorrected?: (fault: Fault) => void;
  /** Overrides `limits.journalKeepDays`: how long acknowledged events are kept. */
  readonly keepDays?: number;
  /** Whether events are kept until `markBackedUp` confirms that a backup has them. */
  readonly requiresBackup?: boolean;
  /** Override `limits.journalQuietMs` and `limits.journalIdleMs`; for tests. */
  readonly quietMs?: number;
  readonly idleMs?: number;
  /** Overrides the number of warm-up appends; for simulations, which open thousands of journals. */
  readonly warmUpRuns?: number;
}
