import type { Ack, Batch } from '../contract/topics.js';
import type { KioskId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import { isDatabaseError } from './database.js';
import type { Ingested, Sent } from './ingest.js';
import type { Changed } from './versions.js';

/** What an intake is made of. */
export interface IntakeParts {
  /** Stores batches in one durable transaction; see `prepareIngest`. */
  ingest(batches: readonly Sent[]): readonly Ingested[];
  answer(kiosk: KioskId, ack: Ack): void;
  readonly changed: Changed;
  readonly log: Log;
}

/**
 * Stores what kiosks send. What came in one turn is stored together, for a sync takes as long for one batch as for many:
 * when a street comes back after an outage, nobody waits for the syncs of everybody else.
 */
export class Intake {
  #waiting: Sent[] = [];
  #waitingEvents = 0;
  #scheduled: NodeJS.Immediate | undefined;

  constructor(private readonly parts: IntakeParts) {}

  take(kiosk: KioskId, batch: Batch): void {
    this.#waiting.push({ kiosk, batch });
    this.#waitingEvents += batch.events.length;
    if (this.#waitingEvents >= limits.catalogueBatchEvents) this.#store();
    else this.#scheduled ??= setImmediate(() => this.#store());
  }

  /** What is not stored yet nobody was answered for. */
  close(): void {
    clearImmediate(this.#scheduled);
    this.#waiting = [];
  }

  #store(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    const batches = this.#waiting;
    this.#waiting = [];
    this.#waitingEvents = 0;
    // One that cannot be stored is not to keep the others out.
    if (!this.#tryStore(batches) && batches.length > 1) for (const sent of batches) this.#tryStore([sent]);
  }

  /** Answers only for what is stored durably; a kiosk that gets no answer sends again. */
  #tryStore(batches: readonly Sent[]): boolean {
    try {
      const stored = this.parts.ingest(batches);
      for (const [at, sent] of batches.entries()) {
        const ingested = stored[at];
        if (ingested) this.#answer(sent, ingested);
      }
      return true;
    } catch (error) {
      if (!isDatabaseError(error)) throw error;
      const kiosks = [...new Set(batches.map(({ kiosk }) => kiosk))];
      this.parts.log.error({ code: 'catalogue.write', kiosks, err: String(error) }, 'not stored');
      return false;
    }
  }

  #answer({ kiosk, batch }: Sent, { upTo, conflicts, changed }: Ingested): void {
    const { epoch, from, events } = batch;
    if (conflicts.length > 0) {
      const fields = { code: 'catalogue.conflict', kiosk, epoch, positions: conflicts };
      this.parts.log.error(fields, 'events differ from those stored at their positions and were refused');
    }
    const to = from + events.length - 1;
    this.parts.answer(kiosk, { epoch, upTo, from, to, differsAt: conflicts[0] });
    for (const { name, kiosk: told } of changed) this.parts.changed(name, told);
  }
}
