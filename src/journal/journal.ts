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
  /** The same, worked out anew from nothing but events; to be compared with `load()` by whoever doubts. */
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
  /** Moves the sent mark; it is written with the next append, or when it is far ahead. Losing it means sending again, nothing worse. */
  markSent(position: number): void;
  /** By how many events the mark is ahead of the one that would survive a power cut. */
  unwrittenMarkEvents(): number;
  /** Up to where events were put away and cannot be read any more; 0: none were. */
  prunedUpTo(): number;
  /**
   * Begins another epoch, durable when it returns: the catalogue’s story of this one is another after position `known`.
   * The new one says first what stands where, then what this journal has after `known`; the ledger stays as it is.
   * Throws as `append` does.
   */
  beginEpoch(moment: Moment, known: number): void;
  /**
   * Does one piece of housekeeping, some milliseconds long, and says whether there is more. A returned loan that the
   * catalogue knows forgets its patron; old events that it knows are put away. Comes by itself while nothing happens; a
   * failure shows at the next append.
   */
  housekeep(): boolean;
  /**
   * The bytes of a file with everything up to now, for a backup. Holds everything up for 10 ms with half a year's events
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
   * After a failure: opens the file anew, checks it, and returns the ledger that is really in it: a step that failed may be
   * in the file all the same. Throws as `openJournal` does; then the journal stays as it is and may be asked again.
   */
  recover(): Ledger;
  /** Writes what is pending and lets go of the file. May be called again. */
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
  /** Hears what was wrong with the file and is put right. */
  readonly onCorrected?: (fault: Fault) => void;
  /** Overrides `limits.journalKeepDays`: how long acknowledged events are kept. */
  readonly keepDays?: number;
  /** Whether events are kept until `markBackedUp` says that a backup has them. */
  readonly requiresBackup?: boolean;
  /** Override `limits.journalQuietMs` and `limits.journalIdleMs`; for tests. */
  readonly quietMs?: number;
  readonly idleMs?: number;
  /** Overrides how often the first append is rehearsed; for simulations, which open thousands of journals. */
  readonly warmUpRuns?: number;
}
