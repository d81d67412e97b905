import type { Event } from '../circulation/event.js';
import type { Ledger } from '../circulation/ledger.js';
import { erasedId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { EpochMs } from '../kernel/time.js';
import type { Base } from './base.js';
import { erasePatron, erasePatronsInBase, type PatronsInUse, patronsInUse } from './erase-patrons.js';
import { changedRows } from './parts.js';
import { fold } from './rebuild.js';
import type { LedgerRules } from './rules.js';
import type { Store } from './store.js';

/** Where the journal is when a piece of housekeeping begins. */
export interface JournalProgress {
  readonly ledger: Ledger;
  readonly lastPosition: number;
  /** Up to where the catalogue has stored; it is written before anything that relies on it. */
  readonly sentMark: number;
  readonly lastTrustedMs: EpochMs;
  /** Up to where events may be put away for all that backups know. */
  readonly backedUpTo: number;
}

/** A walk over all acknowledged events, in short pieces, by what was known when it began. */
interface Sweep {
  readonly ongoing: PatronsInUse;
  readonly situation: JournalProgress;
  readonly doneTo: number;
}

/** The tables held against the events, in short pieces. */
interface Comparison {
  readonly ledger: Ledger;
  readonly lastPosition: number;
  readonly sum: Base;
}

interface Named {
  readonly position: number;
  readonly body: string;
}

/** Keeps the journal short and discreet, piece by piece, while nobody waits. Every piece is complete by itself. */
export class Housekeeping {
  readonly #named;
  readonly #replace;
  #sweep: Sweep | null = null;
  /** What the last complete sweep went by. */
  #swept: JournalProgress | null = null;
  /** Whether the log still holds, in clear, what was forgotten in the tables. */
  #isLogOld = false;
  /** How far the tables were compared with the events; null: all of them, nothing is put away before. */
  #comparison: Comparison | null = null;

  constructor(
    private readonly store: Store,
    private readonly rules: LedgerRules,
    private readonly keepDays: number = limits.journalKeepDays,
  ) {
    this.#named = store.db.prepare<[number, number], Named>(
      `SELECT position, body FROM event WHERE position > ? AND position <= ?
         AND body LIKE '%"patron":"%' AND body NOT LIKE '%"patron":"${erasedId}"%'`,
    );
    this.#replace = store.db.prepare<[string, number]>('UPDATE event SET body = ? WHERE position = ?');
  }

  /** Has the tables compared with the events, piece by piece, before anything is put away. */
  beginComparison(ledger: Ledger, lastPosition: number): void {
    this.#comparison = { ledger, lastPosition, sum: this.store.base.read() };
  }

  /**
   * Does one piece, some milliseconds long; true while there is more to do. Throws SQLite's errors, and `journal.damaged`
   * when the tables are not what the events add up to.
   */
  step(situation: JournalProgress): boolean {
    if (this.#sweep && situation.sentMark < this.#sweep.situation.sentMark) this.#sweep = null;
    if (this.#sweep) {
      this.#sweepOn(this.#sweep, situation);
      return true;
    }
    if (this.#isWorthSweeping(situation)) {
      this.#beginSweep(situation);
      return true;
    }
    if (this.#comparison) {
      this.#comparison = this.#compareOn(this.#comparison);
      return true;
    }
    if (this.#putAway(situation)) return true;
    if (this.#isLogOld) this.checkpoint(situation);
    return false;
  }

  /**
   * Moves the write-ahead log into the tables while no resident waits for a door. The first commit after that starts
   * the log anew and syncs twice: let it be this one.
   */
  checkpoint({ sentMark }: JournalProgress): void {
    const { checkpoint, truncate, putMark } = this.store.statements;
    (this.#isLogOld ? truncate : checkpoint).get();
    this.#isLogOld = false;
    putMark.run(sentMark);
  }

  #isWorthSweeping({ ledger, sentMark, lastPosition }: JournalProgress): boolean {
    if (lastPosition - sentMark > limits.journalUnsentEvents) return false;
    return this.#swept?.ledger !== ledger || this.#swept.sentMark !== sentMark;
  }

  #beginSweep(situation: JournalProgress): void {
    const { ledger, sentMark } = situation;
    const { base } = this.store;
    const unsent = this.store.read(sentMark + 1, limits.journalUnsentEvents);
    const ongoing = patronsInUse(ledger, unsent);
    const before = base.read();
    const after = erasePatronsInBase(before, ongoing, this.rules);
    if (changedRows(before.ledger, after.ledger).length > 0) {
      this.#forget(situation, () => base.write(before, after));
    }
    this.#sweep = { ongoing, situation, doneTo: this.store.prunedUpTo() };
  }

  #sweepOn({ ongoing, situation, doneTo }: Sweep, now: JournalProgress): void {
    const upTo = Math.min(doneTo + limits.journalSliceEvents, situation.sentMark);
    const changes = this.#named.all(doneTo, upTo).flatMap(({ position, body }) => {
      const event = erasePatron(JSON.parse(body) as Event, ongoing, this.rules);
      return event === null ? [] : [{ position, body: JSON.stringify(event) }];
    });
    if (changes.length > 0) {
      this.#forget(now, () => {
        for (const { position, body } of changes) this.#replace.run(body, position);
      });
    }
    const isDone = upTo >= situation.sentMark;
    this.#sweep = isDone ? null : { ongoing, situation, doneTo: upTo };
    if (isDone) this.#swept = situation;
  }

  #compareOn({ ledger, lastPosition, sum }: Comparison): Comparison | null {
    const upTo = Math.min(sum.position + limits.journalSliceEvents, lastPosition);
    const next = this.store.addEvents(sum, upTo);
    if (upTo < lastPosition) return { ledger, lastPosition, sum: next };
    this.store.requireSame(ledger, next.ledger);
    return null;
  }

  /** Folds the oldest events into the base, where they are old, acknowledged and in a backup; false when there are none. */
  #putAway(situation: JournalProgress): boolean {
    const { base, statements } = this.store;
    const { sentMark, backedUpTo, lastTrustedMs } = situation;
    const before = base.read();
    const horizon = lastTrustedMs - this.keepDays * 86_400_000;
    const count = Math.min(limits.journalSliceEvents, Math.min(sentMark, backedUpTo) - before.position);
    const oldest = count > 0 ? this.store.read(before.position + 1, count) : [];
    const young = oldest.findIndex(({ at }) => at >= horizon);
    const events = young < 0 ? oldest : oldest.slice(0, young);
    const isSurplus = this.store.prunedUpTo() < Math.min(before.position, sentMark);
    if (events.length === 0 && !isSurplus) return false;
    const after = fold(before, events, this.rules);
    this.#forget(situation, () => {
      base.write(before, after);
      statements.removeEvents.run(Math.min(after.position, sentMark));
    });
    return true;
  }

  /** Writes with the mark that it relies on: what is above the mark may be sent again, and must be what it was. */
  #forget({ sentMark }: JournalProgress, write: () => void): void {
    this.store.db.transaction(() => {
      this.store.statements.putMark.run(sentMark);
      write();
    })();
    this.#isLogOld = true;
  }
}
