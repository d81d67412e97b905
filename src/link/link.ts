import { randomBytes } from 'node:crypto';
import type { RecordedEvent } from '../circulation/event.js';
import { assert } from '../kernel/assert.js';
import type { Epoch, KioskId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import { type Cancel, realWait, type Wait } from '../kernel/wait.js';
import { connectMqtt, type MqttConnection } from './connect.js';
import {
  type Ack,
  ackSchema,
  type Batch,
  type Holdings,
  holdingsSchema,
  type KioskState,
  type KioskTopics,
  readPayload,
  topicsOf,
} from './contract.js';

/** The journal as the link sees it: the queue of what is to be sent, and the mark of what has arrived. */
export interface JournalSource {
  readonly epoch: Epoch;
  lastPosition(): number;
  sentMark(): number;
  read(from: number, count: number): RecordedEvent[];
  markSent(position: number): void;
}

/** The kiosk's end of the link to the catalogue. */
export interface Link {
  start(): void;
  /** To be called after each append; cheap: sending happens in a later turn. */
  journalGrew(): void;
  readonly online: boolean;
  close(): Promise<void>;
}

export interface LinkOptions {
  readonly url: string;
  readonly street: string;
  readonly kiosk: KioskId;
  readonly journal: JournalSource;
  readonly log: Log;
  onHoldings(holdings: Holdings): void;
  onOnline(online: boolean): void;
  /** Override the way to the broker and the machine's timers, where both are simulated. */
  readonly connect?: typeof connectMqtt;
  readonly wait?: Wait;
}

/** Makes the link; nothing is opened before `start`, and no broker at all is no error. */
export function createLink(options: LinkOptions): Link {
  return new JournalLink(options);
}

/**
 * Sends the journal in batches, some ahead of the catalogue's answer, and moves the sent-mark by those answers only:
 * a broker's PUBACK says nothing about the catalogue. What is not answered in time is sent again from the mark.
 */
class JournalLink implements Link {
  readonly #topics: KioskTopics;
  readonly #session = randomBytes(8).toString('hex');
  #connection: MqttConnection | null = null;
  #online = false;
  #closed = false;
  /** Position up to which events were sent over this connection. */
  #sentUpTo = 0;
  /** Where the catalogue last wanted events again; a second time there it must wait, or the two would spin. */
  #rewoundTo = -1;
  /** Last positions of the batches that are sent and not answered. */
  #unanswered: number[] = [];
  #scheduled: Cancel | undefined;
  #patience: Cancel | undefined;
  readonly #wait: Wait;

  constructor(private readonly options: LinkOptions) {
    this.#topics = topicsOf(options.street, options.kiosk);
    this.#wait = options.wait ?? realWait;
  }

  get online(): boolean {
    return this.#online;
  }

  start(): void {
    assert(this.#connection === null, 'a link is started once');
    const { url, kiosk, log, connect = connectMqtt } = this.options;
    this.#connection = connect({
      url,
      clientId: `lening-${kiosk}-${this.#session}`,
      subscribe: [this.#topics.journalAck, this.#topics.holdings],
      will: { topic: this.#topics.state, payload: this.#state(false) },
      log,
      onOnline: (online) => this.#onOnline(online),
      onMessage: (topic, payload) => this.#onMessage(topic, payload),
    });
  }

  journalGrew(): void {
    this.#scheduled ??= this.#wait(0, () => this.#pump());
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#scheduled?.();
    this.#patience?.();
    await this.#connection?.close({ topic: this.#topics.state, payload: this.#state(false) });
  }

  #state(online: boolean): string {
    const state: KioskState = { online, session: this.#session };
    return JSON.stringify(state);
  }

  #onOnline(online: boolean): void {
    if (this.#closed) return;
    this.#online = online;
    if (online) {
      this.#connection?.publish(this.#topics.state, this.#state(true), { retain: true });
      this.#startOver();
    } else {
      this.#patience?.();
      this.#patience = undefined;
    }
    this.options.onOnline(online);
  }

  #startOver(): void {
    this.#sentUpTo = this.options.journal.sentMark();
    this.#unanswered = [];
    this.#pump();
  }

  #pump(): void {
    this.#scheduled = undefined;
    const { journal } = this.options;
    while (this.#online && this.#unanswered.length < limits.linkWindowBatches) {
      if (this.#sentUpTo >= journal.lastPosition()) return;
      const from = this.#sentUpTo + 1;
      const events = journal.read(from, limits.linkBatchEvents);
      const last = events.at(-1);
      assert(last !== undefined, 'a journal can read up to its last position');
      const batch: Batch = { epoch: journal.epoch, from, events };
      this.#connection?.publish(this.#topics.journal, JSON.stringify(batch));
      this.#sentUpTo = last.position;
      this.#unanswered.push(last.position);
      this.#beginPatience();
    }
  }

  #outOfPatience(): void {
    this.#patience = undefined;
    if (this.#online) this.#startOver();
  }

  #onMessage(topic: string, payload: Uint8Array): void {
    if (topic === this.#topics.journalAck) {
      const ack = readPayload(ackSchema, payload);
      if (ack && ack.upTo <= this.options.journal.lastPosition()) this.#onAck(ack);
      else this.#drop(topic);
    } else {
      const holdings = readPayload(holdingsSchema, payload);
      if (holdings) this.options.onHoldings(holdings);
      else this.#drop(topic);
    }
  }

  /** Answers are the truth about the catalogue, also when it has less than it once said. */
  #onAck({ epoch, upTo }: Ack): void {
    const { journal } = this.options;
    if (epoch !== journal.epoch) return;
    const expected = this.#unanswered[0];
    journal.markSent(upTo);
    if (upTo < (expected ?? this.#sentUpTo)) {
      if (upTo === this.#rewoundTo) {
        this.#beginPatience();
        return;
      }
      this.#rewoundTo = upTo;
      this.#startOver();
      return;
    }
    this.#rewoundTo = -1;
    this.#unanswered = this.#unanswered.filter((position) => position > upTo);
    this.#patience?.();
    this.#patience = undefined;
    if (this.#unanswered.length > 0) this.#beginPatience();
    this.#pump();
  }

  #beginPatience(): void {
    this.#patience ??= this.#wait(limits.linkAckWaitMs, () => this.#outOfPatience());
  }

  #drop(topic: string): void {
    this.options.log.warn(
      { code: 'link.bad-message', topic },
      'a message that does not fit the contract was dropped',
    );
  }
}
