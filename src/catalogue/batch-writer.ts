import type { Ack, Batch } from '../contract/topics.js';
import type { KioskId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import { isDatabaseError } from './database.js';
import type { IngestResult, ReceivedBatch } from './ingest.js';
import type { DocumentChanged } from './versions.js';

/** What a batch writer needs. */
export interface BatchWriterParts {
  /** Stores batches in one durable transaction; see `prepareIngest`. */
  ingest(batches: readonly ReceivedBatch[]): readonly IngestResult[];
  acknowledge(kiosk: KioskId, ack: Ack): void;
  readonly documentChanged: DocumentChanged;
  readonly log: Log;
}

/**
 * Stores batches from kiosks. Batches that arrive in one turn share a transaction, as a sync takes as long for one batch as
 * for many: when a street reconnects after an outage, no kiosk waits for the syncs of all others.
 */
export class BatchWriter {
  #pending: ReceivedBatch[] = [];
  #pendingEvents = 0;
  #scheduled: NodeJS.Immediate | undefined;

  constructor(private readonly parts: BatchWriterParts) {}

  add(kiosk: KioskId, batch: Batch): void {
    this.#pending.push({ kiosk, batch });
    this.#pendingEvents += batch.events.length;
    if (this.#pendingEvents >= limits.catalogueBatchEvents) this.#flush();
    else this.#scheduled ??= setImmediate(() => this.#flush());
  }

  /** Discards pending batches; none of them was acknowledged. */
  close(): void {
    clearImmediate(this.#scheduled);
    this.#pending = [];
  }

  #flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    const batches = this.#pending;
    this.#pending = [];
    this.#pendingEvents = 0;
    // One batch that cannot be stored must not block the others.
    if (!this.#tryWrite(batches) && batches.length > 1) for (const sent of batches) this.#tryWrite([sent]);
  }

  /** Acknowledges only what is stored durably; a kiosk without an ack sends again. */
  #tryWrite(batches: readonly ReceivedBatch[]): boolean {
    try {
      const stored = this.parts.ingest(batches);
      for (const [at, sent] of batches.entries()) {
        const ingested = stored[at];
        if (ingested) this.#acknowledge(sent, ingested);
      }
      return true;
    } catch (error) {
      if (!isDatabaseError(error)) throw error;
      const kiosks = [...new Set(batches.map(({ kiosk }) => kiosk))];
      this.parts.log.error({ code: 'catalogue.write', kiosks, err: String(error) }, 'batches not stored');
      return false;
    }
  }

  #acknowledge({ kiosk, batch }: ReceivedBatch, { upTo, conflicts, changed }: IngestResult): void {
    const { epoch, from, events } = batch;
    if (conflicts.length > 0) {
      const fields = { code: 'catalogue.conflict', kiosk, epoch, positions: conflicts };
      this.parts.log.error(fields, 'events refused: others are stored at their positions');
    }
    const to = from + events.length - 1;
    this.parts.acknowledge(kiosk, { epoch, upTo, from, to, differsAt: conflicts[0] });
    for (const { name, kiosk: recipient } of changed) this.parts.documentChanged(name, recipient);
  }
}
