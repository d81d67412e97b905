import { createHash, randomBytes } from 'node:crypto';
import type { RecordedEvent } from '../circulation/event.js';
import { assert, unreachable } from '../kernel/assert.js';
import type { Epoch, KioskId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import { type Cancel, realWait, type Wait } from '../kernel/wait.js';
import { connectMqtt, type MqttConnection } from './connect.js';
import { type Ack, ackSchema, type Batch, type KioskState, type KioskTopics, topicsOf } from './contract.js';
import { type Document, documentNames, readDocument } from './documents.js';
import { judgeAck, type SentBatch, type Verdict } from './judge.js';
import { readPayload } from './payload.js';

/** The journal as the link sees it: the queue of what is to be sent, and the mark of what has arrived. */
export interface JournalSource {
  readonly epoch: Epoch;
  lastPosition(): number;
  sentMark(): number;
  read(from: number, count: number): RecordedEvent[];
  markSent(position: number): void;
  /** Up to where events were put away and cannot be read any more. */
  goneTo(): number;
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
  onDocument(document: Document): void;
  onOnline(online: boolean): void;
  /** Whether the catalogue itself answers: not before it has, over this connection, and not while it is silent. */
  onReached(reached: boolean): void;
  /**
   * The catalogue’s story of this epoch is not the journal’s beyond `known`: the journal is to begin another epoch, with
   * what it has after `known`. Where it cannot, the link asks again later.
   */
  onEpochOver(why: EpochEnd, known: number): void;
  /** Override the way to the broker and the machine's timers, where both are simulated. */
  readonly connect?: typeof connectMqtt;
  readonly wait?: Wait;
}

/** Why an epoch cannot go on; see `Verdict`. */
export type EpochEnd = Extract<Verdict, { kind: 'over' }>['why'];

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
  #reached = false;
  #closed = false;
  /** Position up to which events were sent over this connection. */
  #sentUpTo = 0;
  /** Where the catalogue last wanted events again; a second time there it must wait, or the two would spin. */
  #rewoundTo = -1;
  /** The batches that were sent over this connection and are not answered. */
  #unanswered: readonly SentBatch[] = [];
  /** What was last heard as each document. */
  readonly #heard = new Map<string, string>();
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
      subscribe: [this.#topics.journalAck, ...Object.values(this.#topics.documents)],
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
      this.#startOver(1);
    } else {
      this.#patience?.();
      this.#patience = undefined;
      this.#reach(false);
    }
    this.options.onOnline(online);
  }

  /** At least the last `again` events are sent, though they were answered once: a journal may be an old copy. */
  #startOver(again = 0): void {
    const { journal } = this.options;
    const known = Math.min(journal.sentMark(), journal.lastPosition() - again);
    this.#sentUpTo = Math.max(known, journal.goneTo());
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
      // A journal that cannot be read at the moment can be later.
      if (last === undefined) {
        this.#beginPatience();
        return;
      }
      const batch: Batch = { epoch: journal.epoch, from, events };
      this.#connection?.publish(this.#topics.journal, JSON.stringify(batch));
      this.#sentUpTo = last.position;
      this.#unanswered = [...this.#unanswered, { from, to: last.position }];
      this.#beginPatience();
    }
  }

  #outOfPatience(): void {
    this.#patience = undefined;
    this.#reach(false);
    if (this.#online) this.#startOver();
  }

  #onMessage(topic: string, payload: Uint8Array): void {
    if (topic === this.#topics.journalAck) {
      const ack = readPayload(ackSchema, payload);
      if (ack) this.#onAck(ack);
      else this.#drop(topic);
    } else {
      this.#onDocument(topic, payload);
    }
  }

  #onDocument(topic: string, payload: Uint8Array): void {
    const digest = createHash('sha256').update(payload).digest('base64');
    // Each is retained, so it comes again with every connection.
    if (this.#heard.get(topic) === digest) return;
    this.#heard.set(topic, digest);
    const name = documentNames.find((each) => this.#topics.documents[each] === topic);
    const document = name && readDocument(name, payload);
    if (document) this.options.onDocument(document);
    else this.#drop(topic);
  }

  #onAck(ack: Ack): void {
    const { journal } = this.options;
    if (ack.epoch !== journal.epoch) return;
    const verdict = judgeAck(ack, {
      mark: journal.sentMark(),
      lastPosition: journal.lastPosition(),
      goneTo: journal.goneTo(),
      unanswered: this.#unanswered,
    });
    switch (verdict.kind) {
      case 'nothing':
        return;
      case 'stored':
        this.#onStored(verdict.mark);
        return;
      case 'again':
        this.#sendAgain(verdict.mark);
        return;
      case 'over':
        this.#endEpoch(verdict.why, verdict.known);
        return;
      default:
        unreachable(verdict);
    }
  }

  #reach(reached: boolean): void {
    if (reached === this.#reached) return;
    this.#reached = reached;
    this.options.onReached(reached);
  }

  #onStored(mark: number): void {
    this.#reach(true);
    this.options.journal.markSent(mark);
    this.#rewoundTo = -1;
    this.#unanswered = this.#unanswered.filter(({ to }) => to > mark);
    this.#patience?.();
    this.#patience = undefined;
    if (this.#unanswered.length > 0) this.#beginPatience();
    this.#pump();
  }

  #sendAgain(mark: number): void {
    this.#reach(true);
    this.options.journal.markSent(mark);
    if (mark === this.#rewoundTo) {
      this.#beginPatience();
      return;
    }
    this.#rewoundTo = mark;
    this.#startOver();
  }

  #endEpoch(why: EpochEnd, known: number): void {
    const { journal, onEpochOver } = this.options;
    const { epoch } = journal;
    onEpochOver(why, known);
    this.#rewoundTo = -1;
    if (journal.epoch === epoch) this.#beginPatience();
    else this.#startOver();
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
