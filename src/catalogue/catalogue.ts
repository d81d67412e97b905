import { randomBytes } from 'node:crypto';
import { assert } from '../kernel/assert.js';
import { type ItemId, type KioskId, kioskId, type PatronId, passId, type StaffId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import { after, type Duration, epochMs } from '../kernel/time.js';
import { connectMqtt, type MqttConnection } from '../link/connect.js';
import { type Ack, type Batch, batchSchema, topicsOf } from '../link/contract.js';
import { readPayload } from '../link/payload.js';
import { keepSigningKey } from '../passes/key-file.js';
import { verifyingKeyOf, verifyingKeyPem } from '../passes/keys.js';
import { issuePass } from '../passes/pass.js';
import { isDatabaseError, openDatabase } from './database.js';
import { type DocumentFor, prepareDocuments } from './documents.js';
import { prepareIngest } from './ingest.js';
import { type Lists, prepareLists } from './lists.js';
import { fillOnce, prepareQueries, type Queries } from './queries.js';
import type { SampleData } from './sample-data.js';
import { Teller } from './teller.js';
import { type Changed, prepareVersions } from './versions.js';

/** The street's central service: stores what kiosks send, says what they may hold, issues passes. */
export interface Catalogue extends Queries, Lists {
  /** Connects and reconnects for ever; resolves once it listens, or soon if the broker cannot be reached. */
  start(): Promise<void>;
  /** What a kiosk is told. */
  readonly documentFor: DocumentFor;
  /** A resident's pass, good from now on for `validForMs`. */
  issuePass(patron: PatronId, validForMs: Duration): string;
  /** A pass for one loan at `kiosk`, of `item` or (null) of any book there. */
  issueGrant(patron: PatronId, kiosk: KioskId, item: ItemId | null, validForMs: Duration): string;
  /** A staff pass for every kiosk of the street. */
  issueStaffPass(staff: StaffId, validForMs: Duration): string;
  /** The keys (PEM) kiosks check passes with. */
  publicKeys(): string[];
  close(): Promise<void>;
}

/** What a catalogue is made of. */
export interface CatalogueOptions {
  /** The SQLite file; the signing key is kept beside it, as `<file>.key`. */
  readonly file: string;
  /** The broker. */
  readonly url: string;
  readonly street: string;
  readonly log: Log;
  /** What a new catalogue is filled with. */
  readonly sample?: SampleData;
}

/** Opens the catalogue's file and key; throws `catalogue.unusable` or `pass.key-unusable`. */
export function createCatalogue({ file, url, street, log, sample }: CatalogueOptions): Catalogue {
  const db = openDatabase(file);
  try {
    const key = keepSigningKey(`${file}.key`);
    if (sample) fillOnce(db, sample, epochMs(Date.now()));
    const queries = prepareQueries(db);
    const nowMs = () => epochMs(Date.now());
    const versions = prepareVersions(db, nowMs);
    const documentFor = prepareDocuments(db, versions);
    const ingest = prepareIngest(db, nowMs);
    const service = new Service({ url, street, log, queries, documentFor, ingest });
    const lists = prepareLists(db, versions, (name, kiosk) => service.changed(name, kiosk));
    return {
      ...queries,
      ...lists,
      documentFor,
      start: () => service.start(),
      issuePass: (patron, validForMs) =>
        issuePass({ kind: 'resident', age: queries.ageOf(patron), patron, ...fresh(validForMs) }, key),
      issueGrant: (patron, kiosk, item, validForMs) =>
        issuePass(
          { kind: 'grant', age: queries.ageOf(patron), patron, kiosk, item, ...fresh(validForMs) },
          key,
        ),
      issueStaffPass: (staff, validForMs) =>
        issuePass({ kind: 'staff', staff, kiosk: null, ...fresh(validForMs) }, key),
      publicKeys: () => [verifyingKeyPem(verifyingKeyOf(key))],
      async close() {
        await service.close();
        db.close();
      },
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The id and the time of a pass that is good from now on. */
function fresh(validForMs: Duration) {
  const now = epochMs(Date.now());
  const pass = passId(randomBytes(8).toString('hex'));
  return { pass, validFrom: now, validUntil: after(now, validForMs) };
}

interface ServiceOptions extends Pick<CatalogueOptions, 'url' | 'street' | 'log'> {
  readonly queries: Queries;
  readonly documentFor: DocumentFor;
  readonly ingest: ReturnType<typeof prepareIngest>;
}

/** The catalogue's end of the link. */
class Service {
  #connection: MqttConnection | null = null;
  #closed = false;
  #dropped = 0;
  readonly #teller: Teller;

  constructor(private readonly options: ServiceOptions) {
    const { street, log, queries, documentFor } = options;
    this.#teller = new Teller({
      street,
      log,
      kiosks: () => queries.kiosks(),
      documentFor,
      publish: (topic, payload) => this.#connection?.publish(topic, payload, { retain: true }),
    });
  }

  /** A document is to be told anew. */
  readonly changed: Changed = (name, kiosk) => {
    if (!this.#closed) this.#teller.changed(name, kiosk);
  };

  start(): Promise<void> {
    assert(this.#connection === null && !this.#closed, 'a catalogue is started once');
    return new Promise((resolve) => {
      const patience = setTimeout(resolve, limits.catalogueStartMs);
      this.#connection = connectMqtt({
        url: this.options.url,
        clientId: `lening-catalogue-${randomBytes(4).toString('hex')}`,
        subscribe: [topicsOf(this.options.street, '+').journal],
        log: this.options.log,
        onMessage: (topic, payload) => this.#onMessage(topic, payload),
        onOnline: (online) => {
          if (!online || this.#closed) return;
          this.#teller.tellAll();
          this.#publishMarks();
          clearTimeout(patience);
          resolve();
        },
      });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#teller.close();
    await this.#connection?.close();
  }

  #onMessage(topic: string, payload: Uint8Array): void {
    if (this.#closed) return;
    const kiosk = senderOf(topic);
    const batch = readPayload(batchSchema, payload);
    if (kiosk && batch) this.#onBatch(kiosk, batch);
    else {
      this.#dropped += 1;
      const fields = { code: 'link.bad-message', bytes: payload.length, dropped: this.#dropped };
      this.options.log.warn(fields, 'a message that does not fit the contract was dropped');
    }
  }

  /** Answers only for what is stored durably; a kiosk that gets no answer sends again. */
  #onBatch(kiosk: KioskId, batch: Batch): void {
    const { ingest, log, street } = this.options;
    try {
      const { upTo, conflicts, changed } = ingest(kiosk, batch);
      if (conflicts.length > 0) {
        const fields = { code: 'catalogue.conflict', kiosk, epoch: batch.epoch, positions: conflicts };
        log.error(fields, 'events differ from those stored at their positions and were refused');
      }
      const { epoch, from, events } = batch;
      const ack: Ack = { epoch, upTo, from, to: from + events.length - 1, differsAt: conflicts[0] };
      this.#connection?.publish(topicsOf(street, kiosk).journalAck, JSON.stringify(ack));
      for (const { name, kiosk: told } of changed) this.changed(name, told);
    } catch (error) {
      if (!isDatabaseError(error)) throw error;
      log.error({ code: 'catalogue.write', kiosk, err: String(error) }, 'a batch could not be stored');
    }
  }

  /** Kiosks whose last batch got lost with the connection send it again at once, not when their patience ends. */
  #publishMarks(): void {
    const { queries, street } = this.options;
    for (const { kiosk, epoch, upTo } of queries.marks()) {
      const ack: Ack = { epoch, upTo };
      this.#connection?.publish(topicsOf(street, kiosk).journalAck, JSON.stringify(ack));
    }
  }
}

/** The kiosk a topic belongs to, by the filter's shape; null when that is not a kiosk's name. */
function senderOf(topic: string): KioskId | null {
  const name = topic.split('/')[3] ?? '';
  return /^[a-z0-9-]{1,40}$/.test(name) ? kioskId(name) : null;
}
