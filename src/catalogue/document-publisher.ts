import { type DocumentName, documentNames } from '../contract/document-messages.js';
import { topicsOf } from '../contract/topics.js';
import { Fault } from '../kernel/faults.js';
import type { KioskId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import { isDatabaseError } from './database.js';
import { commonDocuments, type DocumentFor } from './documents.js';

/** What a document publisher needs. */
export interface DocumentPublisherParts {
  readonly street: string;
  readonly log: Log;
  kiosks(): KioskId[];
  readonly documentFor: DocumentFor;
  /** Sends a retained message. */
  publish(topic: string, payload: string): void;
}

/** Publishes the documents of kiosks: all at each connection, and changed ones, several changes at a time. */
export class DocumentPublisher {
  #pending = new Map<DocumentName, Set<KioskId> | 'all'>();
  #scheduled: NodeJS.Timeout | undefined;

  constructor(private readonly parts: DocumentPublisherParts) {}

  /** Publishes every document of every kiosk now. */
  publishAll(): void {
    for (const name of documentNames) this.#pending.set(name, 'all');
    this.#publishPending();
  }

  /** Schedules publishing of a document that has changed for one kiosk, or (null) for all. */
  documentChanged(name: DocumentName, kiosk: KioskId | null): void {
    const kiosks = this.#pending.get(name);
    if (kiosk === null) this.#pending.set(name, 'all');
    else if (kiosks === undefined) this.#pending.set(name, new Set([kiosk]));
    else if (kiosks !== 'all') kiosks.add(kiosk);
    this.#scheduled ??= setTimeout(() => this.#publishPending(), limits.cataloguePublishDelayMs);
  }

  /** Cancels what is scheduled; the next connection publishes everything. */
  close(): void {
    clearTimeout(this.#scheduled);
  }

  #publishPending(): void {
    clearTimeout(this.#scheduled);
    this.#scheduled = undefined;
    const pending = this.#pending;
    this.#pending = new Map();
    for (const [name, kiosks] of pending) this.#publishTo(name, kiosks);
  }

  #publishTo(name: DocumentName, kiosks: ReadonlySet<KioskId> | 'all'): void {
    const { street, publish } = this.parts;
    let common: string | null | undefined;
    for (const kiosk of kiosks === 'all' ? this.parts.kiosks() : kiosks) {
      const text = common === undefined ? this.#write(name, kiosk) : common;
      if (commonDocuments.has(name)) common = text;
      if (text !== null) publish(topicsOf(street, kiosk).documents[name], text);
    }
  }

  /** The text of a document; null when there is none, or when it does not fit the contract (which is logged). */
  #write(name: DocumentName, kiosk: KioskId): string | null {
    try {
      const document = this.parts.documentFor(name, kiosk);
      const text = document && JSON.stringify(document.body);
      if (text === null || Buffer.byteLength(text) <= limits.linkMessageBytes) return text;
      throw new Fault('catalogue.document-unfit', `${name} for ${kiosk} is longer than a message may be`);
    } catch (error) {
      if (!(error instanceof Fault) && !isDatabaseError(error)) throw error;
      const fields = { code: 'catalogue.document-unfit', name, kiosk, err: String(error) };
      this.parts.log.error(fields, 'document not published; kiosks keep the previous version');
      return null;
    }
  }
}
