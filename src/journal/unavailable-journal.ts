import type { Event, RecordedEvent } from '../circulation/event.js';
import type { Ledger } from '../circulation/ledger.js';
import { Fault } from '../kernel/faults.js';
import { type Epoch, epoch } from '../kernel/ids.js';
import { type EpochMs, epochMs, type Moment } from '../kernel/time.js';
import type { EventsText, Journal, JournalOptions, Snapshot } from './journal.js';
import { openJournal } from './open.js';

/**
 * Opens a journal as `openJournal` does; one that is damaged or cannot be written is waited for: it is empty and refuses
 * every write until `recover` finds it repaired. So a kiosk can say that it is out of order, and where to go instead.
 */
export function openJournalOrWait(options: JournalOptions): Journal {
  try {
    return openJournal(options);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.code !== 'journal.damaged' && error.code !== 'journal.write') throw error;
    return new UnavailableJournal(options, error);
  }
}

/** Stands in for a journal that cannot be used, and is that journal once it can. */
class UnavailableJournal implements Journal {
  #found: Journal | null = null;

  constructor(
    private readonly options: JournalOptions,
    private fault: Fault,
  ) {}

  get epoch(): Epoch {
    return this.#found?.epoch ?? epoch('0000000000000000');
  }

  lastPosition(): number {
    return this.#found?.lastPosition() ?? 0;
  }

  lastTrustedMs(): EpochMs {
    return this.#found?.lastTrustedMs() ?? epochMs(0);
  }

  load(): Ledger {
    return this.#found?.load() ?? this.options.emptyLedger;
  }

  rebuild(): Ledger {
    return this.#found?.rebuild() ?? this.options.emptyLedger;
  }

  append(moment: Moment, events: readonly Event[]): void {
    this.#insist().append(moment, events);
  }

  read(from: number, count: number): RecordedEvent[] {
    return this.#found?.read(from, count) ?? [];
  }

  readText(from: number, count: number): EventsText | null {
    return this.#found?.readText(from, count) ?? null;
  }

  sentMark(): number {
    return this.#found?.sentMark() ?? 0;
  }

  unwrittenMarkEvents(): number {
    return this.#found?.unwrittenMarkEvents() ?? 0;
  }

  markSent(position: number): void {
    this.#found?.markSent(position);
  }

  prunedUpTo(): number {
    return this.#found?.prunedUpTo() ?? 0;
  }

  beginEpoch(moment: Moment, known: number): void {
    this.#insist().beginEpoch(moment, known);
  }

  housekeep(): boolean {
    return this.#found?.housekeep() ?? false;
  }

  snapshot(): Snapshot {
    return this.#insist().snapshot();
  }

  markBackedUp(position: number): void {
    this.#found?.markBackedUp(position);
  }

  document(name: string): { version: number; body: unknown } | null {
    return this.#found?.document(name) ?? null;
  }

  saveDocument(name: string, version: number, body: unknown): void {
    this.#insist().saveDocument(name, version, body);
  }

  failure(): Fault | null {
    return this.#found ? this.#found.failure() : this.fault;
  }

  recover(): Ledger {
    if (this.#found) return this.#found.recover();
    try {
      this.#found = openJournal(this.options);
      return this.#found.load();
    } catch (error) {
      if (error instanceof Fault) this.fault = error;
      throw error;
    }
  }

  close(): void {
    this.#found?.close();
  }

  #insist(): Journal {
    if (!this.#found) throw this.fault;
    return this.#found;
  }
}
