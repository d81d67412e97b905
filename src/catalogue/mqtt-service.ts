import { randomBytes } from 'node:crypto';
import { type Command, type CommandAnswer, commandAnswerSchema } from '../contract/command-messages.js';
import type { Station } from '../contract/monitoring-messages.js';
import { readPayload } from '../contract/payload.js';
import {
  type Ack,
  batchSchema,
  catalogueStateTopic,
  type OnlineState,
  stateSchema,
  topicsOf,
} from '../contract/topics.js';
import { assert } from '../kernel/assert.js';
import { idPattern, type KioskId, kioskId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import {
  type BrokerAddress,
  brokerAddress,
  connectMqtt,
  type MqttConnection,
  type PublishOptions,
} from '../mqtt/connection.js';
import { createSeals, type Seals } from '../passes/seal.js';
import { BatchWriter, type BatchWriterParts } from './batch-writer.js';
import { DocumentPublisher } from './document-publisher.js';
import type { DocumentFor } from './documents.js';
import type { KeyStore } from './key-store.js';
import type { Queries } from './queries.js';
import { Stations } from './stations.js';
import type { DocumentChanged } from './versions.js';

/** What the MQTT service needs. */
export interface MqttServiceParts extends BrokerAddress, Pick<BatchWriterParts, 'ingest'> {
  readonly street: string;
  readonly log: Log;
  readonly keys: KeyStore;
  readonly queries: Queries;
  readonly documentFor: DocumentFor;
  /** A kiosk has answered a command. */
  onAnswer(kiosk: KioskId, answer: CommandAnswer): void;
  /** A kiosk has come online. */
  onKioskOnline(kiosk: KioskId): void;
  onOnline(): void;
}

/** The catalogue's end of the MQTT link: batches and answers in, acks, documents and commands out. */
export class MqttService {
  #connection: MqttConnection | null = null;
  #closed = false;
  readonly #session = randomBytes(8).toString('hex');
  #dropped = 0;
  readonly #publisher: DocumentPublisher;
  readonly #batches: BatchWriter;
  readonly #seals: Seals;
  readonly #stations: Stations;

  constructor(private readonly parts: MqttServiceParts) {
    const { street, log, queries, documentFor, keys } = parts;
    this.#publisher = new DocumentPublisher({
      street,
      log,
      kiosks: () => queries.kiosks(),
      documentFor,
      publish: (topic, text) => this.publish(topic, text, { retain: true }),
    });
    this.#batches = new BatchWriter({
      ingest: parts.ingest,
      log,
      documentChanged: this.changed,
      acknowledge: (kiosk, ack) => this.#acknowledge(kiosk, ack),
    });
    this.#stations = new Stations((kiosk) => keys.ringOf(kiosk).size > 0);
    // Kiosks trust the list of keys only under the root's seal.
    this.#seals = createSeals(
      (topic) => (topic.endsWith('/keys') ? keys.root : keys.current()),
      (topic) => {
        const kiosk = kioskOf(topic);
        return kiosk === null ? new Map() : keys.ringOf(kiosk);
      },
    );
  }

  /** Schedules publishing of a changed document. */
  readonly changed: DocumentChanged = (name, kiosk) => {
    if (!this.#closed) this.#publisher.documentChanged(name, kiosk);
  };

  /** Publishes all documents again, sealed with the current key. */
  publishAllDocuments(): void {
    if (this.#connection && !this.#closed) this.#publisher.publishAll();
  }

  /** Seals a text for its topic and publishes it, if connected. */
  publish(topic: string, text: string, options: PublishOptions = {}): void {
    this.#connection?.publish(topic, this.#seals.seal(topic, text), options);
  }

  /** Publishes a command, if connected. */
  sendCommand(kiosk: KioskId, command: Command): void {
    this.publish(topicsOf(this.parts.street, kiosk).command, JSON.stringify(command));
  }

  /** The last station of each kiosk. */
  stations(): Station[] {
    return this.#stations.list();
  }

  start(): Promise<void> {
    assert(this.#connection === null && !this.#closed, 'a catalogue is started once');
    const { street, log, onOnline } = this.parts;
    const { state, station, journal, commandAnswer } = topicsOf(street, '+');
    const ownState = catalogueStateTopic(street);
    return new Promise((resolve) => {
      const connectTimer = setTimeout(resolve, limits.catalogueConnectMs);
      this.#connection = connectMqtt({
        ...brokerAddress(this.parts),
        clientId: `lening-catalogue-${this.#session}`,
        will: { topic: ownState, payload: this.#state(false) },
        subscribe: [state, station, journal, commandAnswer],
        log,
        reconnectMaxMs: limits.catalogueReconnectMaxMs,
        onMessage: (topic, payload) => this.#onMessage(topic, payload),
        onOnline: (online) => {
          if (!online || this.#closed) return;
          this.#publishOnline();
          this.#publisher.publishAll();
          this.#publishMarks();
          onOnline();
          clearTimeout(connectTimer);
          resolve();
        },
      });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#publisher.close();
    this.#batches.close();
    const topic = catalogueStateTopic(this.parts.street);
    await this.#connection?.close({ topic, payload: this.#state(false) });
  }

  #state(online: boolean): string {
    const state: OnlineState = { online, session: this.#session };
    return JSON.stringify(state);
  }

  #publishOnline(): void {
    const topic = catalogueStateTopic(this.parts.street);
    this.#connection?.publish(topic, this.#state(true), { retain: true });
  }

  #onMessage(topic: string, payload: Uint8Array): void {
    if (this.#closed) return;
    const kiosk = kioskOf(topic);
    if (kiosk === null) {
      this.#drop(null, payload.length);
      return;
    }
    if (topic.endsWith('/state')) {
      this.#onState(topic, kiosk, readPayload(stateSchema, payload));
      return;
    }
    if (topic.endsWith('/station')) {
      if (!this.#stations.update(kiosk, payload)) this.#drop(kiosk, payload.length);
      return;
    }
    const text = this.#seals.open(topic, payload);
    if (!text) this.#drop(kiosk, payload.length);
    else if (topic.endsWith('/answer')) {
      const answer = readPayload(commandAnswerSchema, text);
      if (answer) this.parts.onAnswer(kiosk, answer);
      else this.#drop(kiosk, payload.length);
    } else {
      const batch = readPayload(batchSchema, text);
      if (batch) this.#batches.add(kiosk, batch);
      else this.#drop(kiosk, payload.length);
    }
  }

  /** States are not sealed: a forged one only makes the catalogue repeat messages. */
  #onState(topic: string, kiosk: KioskId, state: OnlineState | undefined): void {
    if (topic !== catalogueStateTopic(this.parts.street)) {
      if (state?.online) this.parts.onKioskOnline(kiosk);
      return;
    }
    // The will of an earlier session may arrive late.
    if (state && !state.online && state.session !== this.#session) this.#publishOnline();
  }

  #drop(kiosk: KioskId | null, bytes: number): void {
    this.#dropped += 1;
    const isKnown = kiosk !== null && this.parts.keys.ringOf(kiosk).size > 0;
    const code = isKnown ? 'link.bad-message' : 'catalogue.unknown-kiosk';
    const fields = { code, kiosk, bytes, dropped: this.#dropped };
    this.parts.log.warn(
      fields,
      'message dropped: it does not fit the contract, or no known kiosk has sealed it',
    );
  }

  #acknowledge(kiosk: KioskId, ack: Ack): void {
    this.publish(topicsOf(this.parts.street, kiosk).journalAck, JSON.stringify(ack), { qos: 0 });
  }

  /** Lets kiosks whose last batch was lost with the connection resend at once, not after their ack timeout. */
  #publishMarks(): void {
    for (const { kiosk, epoch, upTo } of this.parts.queries.marks())
      this.#acknowledge(kiosk, { epoch, upTo });
  }
}

/** The kiosk a topic belongs to, by the filter's shape; null for an impossible name. Whether the kiosk exists is decided by its key. */
function kioskOf(topic: string): KioskId | null {
  const name = topic.split('/')[3] ?? '';
  return idPattern.kiosk.test(name) ? kioskId(name) : null;
}
