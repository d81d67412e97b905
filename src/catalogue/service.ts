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
  type BrokerWay,
  connectMqtt,
  type MqttConnection,
  type PublishOptions,
  wayOf,
} from '../mqtt/connection.js';
import { createSeals, type Seals } from '../passes/seal.js';
import { Intake, type IntakeParts } from './batch-writer.js';
import { Teller } from './document-publisher.js';
import type { DocumentFor } from './documents.js';
import type { Keys } from './keys.js';
import type { Queries } from './queries.js';
import { Stations } from './stations.js';
import type { Changed } from './versions.js';

/** What the catalogue's end of the link is made of. */
export interface ServiceParts extends BrokerWay, Pick<IntakeParts, 'ingest'> {
  readonly street: string;
  readonly log: Log;
  readonly keys: Keys;
  readonly queries: Queries;
  readonly documentFor: DocumentFor;
  /** A kiosk told what became of a command. */
  onAnswer(kiosk: KioskId, answer: CommandAnswer): void;
  /** A kiosk is there again. */
  onKiosk(kiosk: KioskId): void;
  onOnline(): void;
}

/** The catalogue's end of the link. */
export class Service {
  #connection: MqttConnection | null = null;
  #closed = false;
  readonly #session = randomBytes(8).toString('hex');
  #dropped = 0;
  readonly #teller: Teller;
  readonly #intake: Intake;
  readonly #seals: Seals;
  readonly #stations: Stations;

  constructor(private readonly parts: ServiceParts) {
    const { street, log, queries, documentFor, keys } = parts;
    this.#teller = new Teller({
      street,
      log,
      kiosks: () => queries.kiosks(),
      documentFor,
      publish: (topic, text) => this.say(topic, text, { retain: true }),
    });
    this.#intake = new Intake({
      ingest: parts.ingest,
      log,
      changed: this.changed,
      answer: (kiosk, ack) => this.#answer(kiosk, ack),
    });
    this.#stations = new Stations((kiosk) => keys.ringOf(kiosk).size > 0);
    // The list of keys is believed by the root alone.
    this.#seals = createSeals(
      (topic) => (topic.endsWith('/keys') ? keys.root : keys.current()),
      (topic) => {
        const kiosk = senderOf(topic);
        return kiosk === null ? new Map() : keys.ringOf(kiosk);
      },
    );
  }

  /** A document is to be told anew. */
  readonly changed: Changed = (name, kiosk) => {
    if (!this.#closed) this.#teller.changed(name, kiosk);
  };

  /** Tells everybody everything anew: it is sealed with another key now. */
  tellAll(): void {
    if (this.#connection && !this.#closed) this.#teller.tellAll();
  }

  /** Seals a text for its topic and sends it, if connected. */
  say(topic: string, text: string, options: PublishOptions = {}): void {
    this.#connection?.publish(topic, this.#seals.seal(topic, text), options);
  }

  /** Sends a command, if connected. */
  order(kiosk: KioskId, command: Command): void {
    this.say(topicsOf(this.parts.street, kiosk).command, JSON.stringify(command));
  }

  /** What the kiosks last said to the public. */
  stations(): Station[] {
    return this.#stations.list();
  }

  start(): Promise<void> {
    assert(this.#connection === null && !this.#closed, 'a catalogue is started once');
    const { street, log, onOnline } = this.parts;
    const { state, station, journal, commandAnswer } = topicsOf(street, '+');
    const ownState = catalogueStateTopic(street);
    return new Promise((resolve) => {
      const patience = setTimeout(resolve, limits.catalogueConnectMs);
      this.#connection = connectMqtt({
        ...wayOf(this.parts),
        clientId: `lening-catalogue-${this.#session}`,
        will: { topic: ownState, payload: this.#state(false) },
        subscribe: [state, station, journal, commandAnswer],
        log,
        reconnectMaxMs: limits.catalogueReconnectMaxMs,
        onMessage: (topic, payload) => this.#onMessage(topic, payload),
        onOnline: (online) => {
          if (!online || this.#closed) return;
          this.#sayOnline();
          this.#teller.tellAll();
          this.#publishMarks();
          onOnline();
          clearTimeout(patience);
          resolve();
        },
      });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#teller.close();
    this.#intake.close();
    const topic = catalogueStateTopic(this.parts.street);
    await this.#connection?.close({ topic, payload: this.#state(false) });
  }

  #state(online: boolean): string {
    const state: OnlineState = { online, session: this.#session };
    return JSON.stringify(state);
  }

  #sayOnline(): void {
    const topic = catalogueStateTopic(this.parts.street);
    this.#connection?.publish(topic, this.#state(true), { retain: true });
  }

  #onMessage(topic: string, payload: Uint8Array): void {
    if (this.#closed) return;
    const kiosk = senderOf(topic);
    if (kiosk === null) {
      this.#drop(null, payload.length);
      return;
    }
    if (topic.endsWith('/state')) {
      this.#onState(topic, kiosk, readPayload(stateSchema, payload));
      return;
    }
    if (topic.endsWith('/station')) {
      if (!this.#stations.heard(kiosk, payload)) this.#drop(kiosk, payload.length);
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
      if (batch) this.#intake.take(kiosk, batch);
      else this.#drop(kiosk, payload.length);
    }
  }

  /** States are not sealed: whoever says one makes the catalogue repeat itself, and no more. */
  #onState(topic: string, kiosk: KioskId, state: OnlineState | undefined): void {
    if (topic !== catalogueStateTopic(this.parts.street)) {
      if (state?.online) this.parts.onKiosk(kiosk);
      return;
    }
    // The will of an earlier life may come late.
    if (state && !state.online && state.session !== this.#session) this.#sayOnline();
  }

  #drop(kiosk: KioskId | null, bytes: number): void {
    this.#dropped += 1;
    const isKnown = kiosk !== null && this.parts.keys.ringOf(kiosk).size > 0;
    const code = isKnown ? 'link.bad-message' : 'catalogue.unknown-kiosk';
    const fields = { code, kiosk, bytes, dropped: this.#dropped };
    this.parts.log.warn(fields, 'a message that does not fit the contract, or that no known kiosk sealed');
  }

  #answer(kiosk: KioskId, ack: Ack): void {
    this.say(topicsOf(this.parts.street, kiosk).journalAck, JSON.stringify(ack), { qos: 0 });
  }

  /** Kiosks whose last batch got lost with the connection send it again at once, not when their patience ends. */
  #publishMarks(): void {
    for (const { kiosk, epoch, upTo } of this.parts.queries.marks()) this.#answer(kiosk, { epoch, upTo });
  }
}

/** The kiosk a topic belongs to, by the filter's shape; null where none can have that name. Its key tells whether it exists. */
function senderOf(topic: string): KioskId | null {
  const name = topic.split('/')[3] ?? '';
  return idPattern.kiosk.test(name) ? kioskId(name) : null;
}
