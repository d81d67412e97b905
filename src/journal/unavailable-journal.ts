import type { Event, RecordedEvent } from '../circulation/event.js';
import type { Ledger } from '../circulation/ledger.js';
import { Fault } from '../kernel/faults.js';
import { type Epoch, epoch } from '../kernel/ids.js';
import { type EpochMs, epochMs, type Moment } from '../kernel/time.js';
import type { EventsText, Journal, JournalOptions, Snapshot } from './journal.js';
import { openJournal } from './open.js';

/**
 * Opens a journal as `openJournal` does. For one that is damaged or cannot be written it returns a journal that is empty and
 * refuses every write until `recover` succeeds, so that the kiosk can show that it is out of order, and where to go instead.
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

/** Replaces a journal that cannot be used, and forwards to that journal once it can. */
class UnavailableJournal implements Journal {
  #journal: Journal | null = null;

  constructor(
    private readonly options: JournalOptions,
    private fault: Fault,
  ) {}

  get epoch(): Epoch {
    return this.#journal?.epoch ?? epoch('0000000000000000');
  }

  lastPosition(): number {
    return this.#journal?.lastPosition() ?? 0;
  }

  lastTrustedMs(): EpochMs {
    return this.#journal?.lastTrustedMs() ?? epochMs(0);
  }

  load(): Ledger {
    return this.#journal?.load() ?? this.options.emptyLedger;
  }

  rebuild(): Ledger {
    return this.#journal?.rebuild() ?? this.options.emptyLedger;
  }

  append(moment: Moment, events: readonly Event[]): void {
    this.#requireJournal().append(moment, events);
  }

  read(from: number, count: number): RecordedEvent[] {
    return this.#journal?.read(from, count) ?? [];
  }

  readText(from: number, count: number): EventsText | null {
    return this.#journal?.readText(from, count) ?? null;
  }

  sentMark(): number {
    return this.#journal?.sentMark() ?? 0;
  }

  unwrittenMarkEvents(): number {
    return this.#journal?.unwrittenMarkEvents() ?? 0;
  }

  markSent(position: number): void {
    this.#journal?.markSent(position);
  }

  prunedUpTo(): number {
    return this.#journal?.prunedUpTo() ?? 0;
  }

  beginEpoch(moment: Moment, known: number): void {
    this.#requireJournal().beginEpoch(moment, known);
  }

  housekeep(): boolean {
    return this.#journal?.housekeep() ?? false;
  }

  snapshot(): Snapshot {
    return this.#requireJournal().snapshot();
  }

  markBackedUp(position: number): void {
    this.#journal?.markBackedUp(position);
  }

  document(name: string): { version: number; body: unknown } | null {
    return this.#journal?.document(name) ?? null;
  }

  saveDocument(name: string, version: number, body: unknown): void {
    this.#requireJournal().saveDocument(name, version, body);
  }

  failure(): Fault | null {
    return this.#journal ? this.#journal.failure() : this.fault;
  }

  recover(): Ledger {
    if (this.#journal) return this.#journal.recover();
    try {
      this.#journal = openJournal(this.options);
      return this.#journal.load();
    } catch (error) {
      if (error instanceof Fault) this.fault = error;
      throw error;
    }
  }

  close(): void {
    this.#journal?.close();
  }

  #requireJournal(): Journal {
    if (!this.#journal) throw this.fault;
    return this.#journal;
  }
}
