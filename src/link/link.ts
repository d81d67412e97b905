import { createHash, randomBytes } from 'node:crypto';
import { type Command, type CommandAnswer, commandSchema } from '../contract/command-messages.js';
import { type Document, documentNames, readDocument } from '../contract/document-messages.js';
import { readPayload } from '../contract/payload.js';
import type { Response } from '../contract/request-messages.js';
import {
  ackSchema,
  catalogueStateTopic,
  type KioskTopics,
  type OnlineState,
  stateSchema,
  topicsOf,
} from '../contract/topics.js';
import { assert } from '../kernel/assert.js';
import type { KioskId } from '../kernel/ids.js';
import type { Log } from '../kernel/log.js';
import { realWait, type Wait } from '../kernel/wait.js';
import {
  type BrokerAddress,
  brokerAddress,
  connectMqtt,
  type MessageFlags,
  type MqttConnection,
  type PublishOptions,
} from '../mqtt/connection.js';
import type { Seals } from '../passes/seal.js';
import { type JournalSource, Uplink, type UplinkParts } from './uplink.js';

export type { EpochEnd, JournalSource } from './uplink.js';

/** The kiosk's end of the MQTT link to the catalogue. */
export interface Link {
  start(): void;
  /** Call after each append; cheap: sending happens in a later turn. */
  journalGrew(): void;
  /** Publishes an unsealed message as JSON, if connected; null deletes the retained one. */
  publish(topic: string, body: object | null, options?: { readonly retain?: boolean }): void;
  /** Publishes the answer to a command, sealed; if it is lost, the catalogue repeats the command. */
  answer(answer: CommandAnswer): void;
  readonly online: boolean;
  /** 16 hex digits, different after each start of the program. */
  readonly session: string;
  close(): Promise<void>;
}

export interface LinkOptions extends BrokerAddress, Pick<UplinkParts, 'onReached' | 'onEpochOver'> {
  readonly street: string;
  readonly kiosk: KioskId;
  readonly journal: JournalSource;
  readonly seals: Seals;
  readonly log: Log;
  onDocument(document: Document): void;
  /**
   * Handles a command that the catalogue sealed for this kiosk; its expiry is not checked yet. Returns the answer, or null
   * if `answer` is called later.
   */
  onCommand(command: Command): CommandAnswer | null;
  /**
   * Handles a request from any client; `payload` is not parsed yet. Returns the response, or null for none.
   */
  onRequest(name: string, payload: Uint8Array): Response | null;
  onOnline(online: boolean): void;
  /** One more topic to subscribe to. */
  readonly listen?: { readonly topic: string; onMessage(payload: Uint8Array): void };
  /** Session id of this start of the program, 16 hex digits; random by default. */
  readonly session?: string;
  /** Override the connection and the timers, where they are simulated. */
  readonly connect?: typeof connectMqtt;
  readonly wait?: Wait;
}

/** Creates a session id: 16 random hex digits. */
export const newSession = (): string => randomBytes(8).toString('hex');

/** Creates the link; it connects on `start`. An unreachable broker is no error. */
export function createLink(options: LinkOptions): Link {
  return new KioskLink(options);
}

class KioskLink implements Link {
  readonly session: string;
  readonly #topics: KioskTopics;
  readonly #catalogueState: string;
  readonly #uplink: Uplink;
  #connection: MqttConnection | null = null;
  #online = false;
  #closed = false;
  /** The session of the catalogue that was last online. */
  #catalogueSession: string | null = null;
  /** The digest of the last valid payload of each document, by topic. */
  readonly #documentDigests = new Map<string, string>();

  constructor(private readonly options: LinkOptions) {
    const { street, kiosk, journal, wait = realWait, onReached, onEpochOver } = options;
    this.session = options.session ?? newSession();
    this.#topics = topicsOf(street, kiosk);
    this.#catalogueState = catalogueStateTopic(street);
    this.#uplink = new Uplink({
      journal,
      wait,
      send: (batch) => this.#publishSealed(this.#topics.journal, batch, { qos: 0 }),
      onReached,
      onEpochOver,
    });
  }

  get online(): boolean {
    return this.#online;
  }

  start(): void {
    assert(this.#connection === null, 'a link is started once');
    const { kiosk, log, connect = connectMqtt, listen } = this.options;
    const { journalAck, documents, command, request } = this.#topics;
    this.#connection = connect({
      ...brokerAddress(this.options),
      clientId: `lening-${kiosk}-${this.session}`,
      subscribe: [
        this.#catalogueState,
        this.#topics.state,
        journalAck,
        ...Object.values(documents),
        command,
        `${request}/+`,
        ...(listen ? [listen.topic] : []),
      ],
      will: { topic: this.#topics.state, payload: this.#state(false) },
      log,
      onOnline: (online) => this.#onOnline(online),
      onMessage: (topic, payload, flags) => this.#onMessage(topic, payload, flags),
    });
  }

  journalGrew(): void {
    this.#uplink.schedule();
  }

  publish(topic: string, body: object | null, options: { readonly retain?: boolean } = {}): void {
    this.#connection?.publish(topic, body === null ? '' : JSON.stringify(body), options);
  }

  answer(answer: CommandAnswer): void {
    this.#publishSealed(this.#topics.commandAnswer, JSON.stringify(answer));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#uplink.close();
    await this.#connection?.close({ topic: this.#topics.state, payload: this.#state(false) });
  }

  #state(online: boolean): string {
    const state: OnlineState = { online, session: this.session };
    return JSON.stringify(state);
  }

  #publishSealed(topic: string, text: string, options: PublishOptions = {}): void {
    this.#connection?.publish(topic, this.options.seals.seal(topic, text), options);
  }

  #onOnline(online: boolean): void {
    if (this.#closed) return;
    this.#online = online;
    if (online) {
      this.#publishOnline();
      this.#uplink.onConnected();
    } else {
      this.#uplink.onDisconnected();
    }
    this.options.onOnline(online);
  }

  #onMessage(topic: string, payload: Uint8Array, { retained }: MessageFlags): void {
    // While the connection closes, an acknowledgement would start the uplink's timers again.
    if (this.#closed) return;
    const { request, journalAck, command } = this.#topics;
    if (topic.startsWith(`${request}/`)) {
      // A retained request is from before this connection; its sender no longer waits.
      if (!retained) this.#onRequest(topic.slice(request.length + 1), payload);
      return;
    }
    if (topic === this.options.listen?.topic) this.options.listen.onMessage(payload);
    else if (topic === this.#catalogueState) this.#onCatalogueState(topic, payload);
    else if (topic === this.#topics.state) this.#onOwnState(payload);
    else if (topic === journalAck) this.#onAck(topic, payload);
    else if (topic === command) this.#onCommand(topic, payload, retained);
    else this.#onDocument(topic, payload);
  }

  /** Publishes the state again when the late will of an earlier session has replaced it. */
  #onOwnState(payload: Uint8Array): void {
    const state = readPayload(stateSchema, payload);
    if (state && !state.online && state.session !== this.session) this.#publishOnline();
  }

  #publishOnline(): void {
    this.#connection?.publish(this.#topics.state, this.#state(true), { retain: true });
  }

  /** A catalogue that comes online has acknowledged nothing yet; one that is offline acknowledges nothing more. */
  #onCatalogueState(topic: string, payload: Uint8Array): void {
    const state = readPayload(stateSchema, payload);
    if (!state) this.#drop(topic);
    else if (state.online) {
      this.#catalogueSession = state.session;
      this.#uplink.onCatalogueOnline();
    } else if (state.session === this.#catalogueSession) this.#uplink.onCatalogueOffline();
  }

  #onAck(topic: string, payload: Uint8Array): void {
    const ack = this.#read(ackSchema, topic, payload);
    if (ack) this.#uplink.onAck(ack);
    else this.#drop(topic);
  }

  #onRequest(name: string, payload: Uint8Array): void {
    const response = this.options.onRequest(name, payload);
    if (response) this.publish(`${this.#topics.response}/${name}`, response);
  }

  /** Drops retained commands: a command is only for the kiosk that is connected when it is sent. */
  #onCommand(topic: string, payload: Uint8Array, retained: boolean): void {
    const command = retained ? undefined : this.#read(commandSchema, topic, payload);
    if (!command) {
      this.#drop(topic);
      return;
    }
    const answer = this.options.onCommand(command);
    if (answer) this.answer(answer);
  }

  #read<T>(schema: Parameters<typeof readPayload<T>>[0], topic: string, payload: Uint8Array): T | undefined {
    const text = this.options.seals.open(topic, payload);
    return text && readPayload(schema, text);
  }

  #onDocument(topic: string, payload: Uint8Array): void {
    const digest = createHash('sha256').update(payload).digest('base64');
    // Documents are retained, so each arrives again with every connection.
    if (this.#documentDigests.get(topic) === digest) return;
    const name = documentNames.find((each) => this.#topics.documents[each] === topic);
    const text = this.options.seals.open(topic, payload);
    const document = name && text && readDocument(name, text);
    if (!document) {
      this.#drop(topic);
      return;
    }
    this.#documentDigests.set(topic, digest);
    this.options.onDocument(document);
    // Messages sealed with a new key may have arrived before this list, and were dropped.
    if (name === 'keys') this.#connection?.resubscribe();
  }

  #drop(topic: string): void {
    this.options.log.warn(
      { code: 'link.bad-message', topic },
      'message dropped: it does not fit the contract, or its seal is missing or wrong',
    );
  }
}
