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
  type BrokerWay,
  connectMqtt,
  type Heard,
  type MqttConnection,
  type PublishOptions,
  wayOf,
} from '../mqtt/connection.js';
import type { Seals } from '../passes/seal.js';
import { type JournalSource, Uplink, type UplinkParts } from './uplink.js';

export type { EpochEnd, JournalSource } from './uplink.js';

/** The kiosk's end of the link to the catalogue. */
export interface Link {
  start(): void;
  /** To be called after each append; cheap: sending happens in a later turn. */
  journalGrew(): void;
  /** Says something plain of the kiosk, if connected: nobody answers it. Null takes back what was retained. */
  publish(topic: string, body: object | null, options?: { readonly retain?: boolean }): void;
  /** Tells the catalogue what became of a command; where it is not heard the command comes again. */
  answer(answer: CommandAnswer): void;
  readonly online: boolean;
  /** 16 hex digits, different in each life of the program. */
  readonly session: string;
  close(): Promise<void>;
}

export interface LinkOptions extends BrokerWay, Pick<UplinkParts, 'onReached' | 'onEpochOver'> {
  readonly street: string;
  readonly kiosk: KioskId;
  readonly journal: JournalSource;
  readonly seals: Seals;
  readonly log: Log;
  onDocument(document: Document): void;
  /**
   * The catalogue’s command, sealed for this kiosk; whether its time is over is still to be judged. Returns the answer, or
   * null where it comes later, by `answer`.
   */
  onCommand(command: Command): CommandAnswer | null;
  /**
   * Anybody on the broker asks `name`; what, if anything, is in `payload` is not looked at yet. Returns the response, or
   * null for none.
   */
  onRequest(name: string, payload: Uint8Array): Response | null;
  onOnline(online: boolean): void;
  /** Another topic that is listened to, of whoever else is on the broker. */
  readonly listen?: { readonly topic: string; onMessage(payload: Uint8Array): void };
  /** This life of the program, in 16 hex digits; random where it is not given. */
  readonly session?: string;
  /** Override the way to the broker and the machine's timers, where both are simulated. */
  readonly connect?: typeof connectMqtt;
  readonly wait?: Wait;
}

/** A new life of a program: 16 random hex digits. */
export const newSession = (): string => randomBytes(8).toString('hex');

/** Makes the link; nothing is opened before `start`, and no broker at all is no error. */
export function createLink(options: LinkOptions): Link {
  return new KioskLink(options);
}

/** What the catalogue says is opened by its seal; everything else is heard by its topic. */
class KioskLink implements Link {
  readonly session: string;
  readonly #topics: KioskTopics;
  readonly #catalogueState: string;
  readonly #uplink: Uplink;
  #connection: MqttConnection | null = null;
  #online = false;
  #closed = false;
  /** The life of the catalogue that was last heard to be there. */
  #catalogueSession: string | null = null;
  /** What was last taken as each document. */
  readonly #heard = new Map<string, string>();

  constructor(private readonly options: LinkOptions) {
    const { street, kiosk, journal, wait = realWait, onReached, onEpochOver } = options;
    this.session = options.session ?? newSession();
    this.#topics = topicsOf(street, kiosk);
    this.#catalogueState = catalogueStateTopic(street);
    this.#uplink = new Uplink({
      journal,
      wait,
      send: (batch) => this.#say(this.#topics.journal, batch, { qos: 0 }),
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
      ...wayOf(this.options),
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
      onMessage: (topic, payload, heard) => this.#onMessage(topic, payload, heard),
    });
  }

  journalGrew(): void {
    this.#uplink.grew();
  }

  publish(topic: string, body: object | null, options: { readonly retain?: boolean } = {}): void {
    this.#connection?.publish(topic, body === null ? '' : JSON.stringify(body), options);
  }

  answer(answer: CommandAnswer): void {
    this.#say(this.#topics.commandAnswer, JSON.stringify(answer));
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

  #say(topic: string, text: string, options: PublishOptions = {}): void {
    this.#connection?.publish(topic, this.options.seals.seal(topic, text), options);
  }

  #onOnline(online: boolean): void {
    if (this.#closed) return;
    this.#online = online;
    if (online) {
      this.#sayOnline();
      this.#uplink.begin();
    } else {
      this.#uplink.end();
    }
    this.options.onOnline(online);
  }

  #onMessage(topic: string, payload: Uint8Array, { retained }: Heard): void {
    // While the connection closes, an acknowledgement would start the uplink's timers again.
    if (this.#closed) return;
    const { request, journalAck, command } = this.#topics;
    if (topic.startsWith(`${request}/`)) {
      // Nobody waits any more for an answer to what was asked before this connection.
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

  /** The will of an earlier life may come late, and take the place of what this one has said. */
  #onOwnState(payload: Uint8Array): void {
    const state = readPayload(stateSchema, payload);
    if (state && !state.online && state.session !== this.session) this.#sayOnline();
  }

  #sayOnline(): void {
    this.#connection?.publish(this.#topics.state, this.#state(true), { retain: true });
  }

  /** What a catalogue says of itself is no answer; but one that is gone gives none. */
  #onCatalogueState(topic: string, payload: Uint8Array): void {
    const state = readPayload(stateSchema, payload);
    if (!state) this.#drop(topic);
    else if (state.online) {
      this.#catalogueSession = state.session;
      this.#uplink.ask();
    } else if (state.session === this.#catalogueSession) this.#uplink.catalogueGone();
  }

  #onAck(topic: string, payload: Uint8Array): void {
    const ack = this.#read(ackSchema, topic, payload);
    if (ack) this.#uplink.heard(ack);
    else this.#drop(topic);
  }

  #onRequest(name: string, payload: Uint8Array): void {
    const response = this.options.onRequest(name, payload);
    if (response) this.publish(`${this.#topics.response}/${name}`, response);
  }

  /** A command is said once to whoever is there; a broker that keeps it for later is not believed. */
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
    // Each is retained, so it comes again with every connection.
    if (this.#heard.get(topic) === digest) return;
    const name = documentNames.find((each) => this.#topics.documents[each] === topic);
    const text = this.options.seals.open(topic, payload);
    const document = name && text && readDocument(name, text);
    if (!document) {
      this.#drop(topic);
      return;
    }
    this.#heard.set(topic, digest);
    this.options.onDocument(document);
    // What a new key has sealed may have come before it, and was not believed.
    if (name === 'keys') this.#connection?.hearAgain();
  }

  #drop(topic: string): void {
    this.options.log.warn(
      { code: 'link.bad-message', topic },
      'a message that does not fit the contract, or that its sender has not sealed, was dropped',
    );
  }
}
