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

/** The journal's progress when a step of housekeeping begins. */
export interface JournalProgress {
  readonly ledger: Ledger;
  readonly lastPosition: number;
  /** Up to where the catalogue has stored; it is written before anything that relies on it. */
  readonly sentMark: number;
  readonly lastTrustedMs: EpochMs;
  /** Position up to which backups have the events. */
  readonly backedUpTo: number;
}

/** A pass over all acknowledged events, in short steps, with the state at its beginning. */
interface Sweep {
  readonly inUse: PatronsInUse;
  readonly situation: JournalProgress;
  readonly doneTo: number;
}

/** A comparison of the tables with the events, in short steps. */
interface Comparison {
  readonly ledger: Ledger;
  readonly lastPosition: number;
  readonly sum: Base;
}

interface Named {
  readonly position: number;
  readonly body: string;
}

/** Erases patrons and prunes events step by step while the kiosk is idle. Every step is complete by itself. */
export class Housekeeping {
  readonly #named;
  readonly #replace;
  #sweep: Sweep | null = null;
  /** The progress at the last complete sweep. */
  #swept: JournalProgress | null = null;
  /** Whether the write-ahead log still contains what was erased in the tables. */
  #isLogStale = false;
  /** How far the tables were compared with the events; null: completely. Nothing is pruned before. */
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

  /** Starts a comparison of the tables with the events, in steps, before anything is pruned. */
  beginComparison(ledger: Ledger, lastPosition: number): void {
    this.#comparison = { ledger, lastPosition, sum: this.store.base.read() };
  }

  /**
   * Does one step, some milliseconds long; true while there is more to do. Throws SQLite's errors, and `journal.damaged`
   * when the tables are not what the events add up to.
   */
  step(situation: JournalProgress): boolean {
    if (this.#sweep && situation.sentMark < this.#sweep.situation.sentMark) this.#sweep = null;
    if (this.#sweep) {
      this.#sweepNext(this.#sweep, situation);
      return true;
    }
    if (this.#isWorthSweeping(situation)) {
      this.#beginSweep(situation);
      return true;
    }
    if (this.#comparison) {
      this.#comparison = this.#compareNext(this.#comparison);
      return true;
    }
    if (this.#prune(situation)) return true;
    if (this.#isLogStale) this.checkpoint(situation);
    return false;
  }

  /**
   * Checkpoints the write-ahead log while no resident waits for a door. The first commit after that restarts the log and
   * syncs twice: the sent mark is written as that commit.
   */
  checkpoint({ sentMark }: JournalProgress): void {
    const { checkpoint, truncate, putMark } = this.store.statements;
    (this.#isLogStale ? truncate : checkpoint).get();
    this.#isLogStale = false;
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
    const inUse = patronsInUse(ledger, unsent);
    const before = base.read();
    const after = erasePatronsInBase(before, inUse, this.rules);
    if (changedRows(before.ledger, after.ledger).length > 0) {
      this.#writeWithMark(situation, () => base.write(before, after));
    }
    this.#sweep = { inUse, situation, doneTo: this.store.prunedUpTo() };
  }

  #sweepNext({ inUse, situation, doneTo }: Sweep, now: JournalProgress): void {
    const upTo = Math.min(doneTo + limits.journalSliceEvents, situation.sentMark);
    const changes = this.#named.all(doneTo, upTo).flatMap(({ position, body }) => {
      const event = erasePatron(JSON.parse(body) as Event, inUse, this.rules);
      return event === null ? [] : [{ position, body: JSON.stringify(event) }];
    });
    if (changes.length > 0) {
      this.#writeWithMark(now, () => {
        for (const { position, body } of changes) this.#replace.run(body, position);
      });
    }
    const isDone = upTo >= situation.sentMark;
    this.#sweep = isDone ? null : { inUse, situation, doneTo: upTo };
    if (isDone) this.#swept = situation;
  }

  #compareNext({ ledger, lastPosition, sum }: Comparison): Comparison | null {
    const upTo = Math.min(sum.position + limits.journalSliceEvents, lastPosition);
    const next = this.store.addEvents(sum, upTo);
    if (upTo < lastPosition) return { ledger, lastPosition, sum: next };
    this.store.requireSame(ledger, next.ledger);
    return null;
  }

  /** Prunes events that are old, acknowledged and backed up: folds them into the base; false when there are none. */
  #prune(situation: JournalProgress): boolean {
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
    this.#writeWithMark(situation, () => {
      base.write(before, after);
      statements.removeEvents.run(Math.min(after.position, sentMark));
    });
    return true;
  }

  /** Writes together with the sent mark: events above the mark may be sent again and must not change. */
  #writeWithMark({ sentMark }: JournalProgress, write: () => void): void {
    this.store.db.transaction(() => {
      this.store.statements.putMark.run(sentMark);
      write();
    })();
    this.#isLogStale = true;
  }
}
