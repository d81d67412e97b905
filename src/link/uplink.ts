import type { Ack } from '../contract/topics.js';
import { unreachable } from '../kernel/assert.js';
import type { Epoch } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { Cancel, Wait } from '../kernel/wait.js';
import { judgeAck, type SentBatch, type Verdict } from './judge.js';

/** The journal as the link sees it: the queue of what is to be sent, and the mark of what has arrived. */
export interface JournalSource {
  readonly epoch: Epoch;
  lastPosition(): number;
  sentMark(): number;
  /** At most `count` events from position `from` on, as a JSON array; null where there are none. */
  readText(from: number, count: number): { readonly text: string; readonly last: number } | null;
  markSent(position: number): void;
  /** By how many events the mark is ahead of the one that would survive a power cut. */
  unwrittenMarkEvents(): number;
  /** Up to where events were put away and cannot be read any more. */
  prunedUpTo(): number;
}

/** Why an epoch cannot go on; see `Verdict`. */
export type EpochEnd = Extract<Verdict, { kind: 'over' }>['why'];

/** What the uplink stands between. */
export interface UplinkParts {
  readonly journal: JournalSource;
  readonly wait: Wait;
  /** Sends a batch, which is its JSON text. */
  send(batch: string): void;
  /** Whether the catalogue itself answers: not before it has, over this connection, and not while it is silent. */
  onReached(reached: boolean): void;
  /**
   * The catalogue’s story of this epoch is not the journal’s beyond `known`: the journal is to begin another epoch, with
   * what it has after `known`. Where it cannot, the uplink asks again later.
   */
  onEpochOver(why: EpochEnd, known: number): void;
}

/**
 * Sends the journal in batches, some ahead of the catalogue's answer, and moves the sent-mark by those answers only:
 * a broker's PUBACK says nothing about the catalogue. What is not answered in time is sent again from the mark.
 */
export class Uplink {
  #online = false;
  #reached = false;
  /** Position up to which events were sent over this connection. */
  #sentUpTo = 0;
  /** Where the catalogue last wanted events again; a second time there it must wait, or the two would spin. */
  #rewoundTo = -1;
  /** The batches that were sent over this connection and are not answered. */
  #unanswered: SentBatch[] = [];
  #scheduled: Cancel | undefined;
  #patience: Cancel | undefined;

  constructor(private readonly parts: UplinkParts) {}

  /** The journal is longer than before; sending happens in a later turn. */
  grew(): void {
    this.#scheduled ??= this.parts.wait(0, () => this.#pump());
  }

  /** A connection stands: its first batch asks the catalogue whether it is there. */
  begin(): void {
    this.#online = true;
    this.#startOver(1);
  }

  /** The connection is gone, and with it all that was under way. */
  end(): void {
    this.#online = false;
    this.close();
    this.#reach(false);
  }

  /** The catalogue has come: it is asked whether it answers. */
  ask(): void {
    const isAsked = this.#unanswered.length > 0;
    if (this.#online && !this.#reached && !isAsked) this.#startOver(1);
  }

  /** The catalogue is gone, and will not answer what was sent. */
  catalogueGone(): void {
    this.#reach(false);
  }

  /** Waits for nothing any more. */
  close(): void {
    this.#scheduled?.();
    this.#patience?.();
    this.#scheduled = undefined;
    this.#patience = undefined;
  }

  /** The catalogue has answered, or said by itself what it has. */
  heard(ack: Ack): void {
    const { journal } = this.parts;
    if (ack.epoch !== journal.epoch) return;
    const verdict = judgeAck(ack, {
      mark: journal.sentMark(),
      lastPosition: journal.lastPosition(),
      goneTo: journal.prunedUpTo(),
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

  /** At least the last `again` events are sent, though they were answered once: a journal may be an old copy. */
  #startOver(again = 0): void {
    const { journal } = this.parts;
    const known = Math.min(journal.sentMark(), journal.lastPosition() - again);
    this.#sentUpTo = Math.max(known, journal.prunedUpTo());
    this.#unanswered = [];
    this.grew();
  }

  /** One batch in a turn: whoever stands at the kiosk does not wait for a backlog. */
  #pump(): void {
    this.#scheduled = undefined;
    const { journal, send, wait } = this.parts;
    if (!this.#online || this.#sentUpTo >= journal.lastPosition() || this.#isWindowFull()) return;
    const from = this.#sentUpTo + 1;
    const events = journal.readText(from, limits.linkBatchEvents);
    this.#beginPatience();
    // A journal that cannot be read at the moment can be later.
    if (events === null) return;
    const { text, last } = events;
    send(`{"epoch":"${journal.epoch}","from":${from},"events":${text}}`);
    this.#sentUpTo = last;
    this.#unanswered.push({ from, to: last });
    this.#scheduled = wait(0, () => this.#pump());
  }

  /** What is sent again after a power cut is at most one window. */
  #isWindowFull(): boolean {
    const kept = Math.ceil(this.parts.journal.unwrittenMarkEvents() / limits.linkBatchEvents);
    return this.#unanswered.length + kept >= limits.linkWindowBatches;
  }

  #outOfPatience(): void {
    this.#patience = undefined;
    this.#reach(false);
    if (this.#online) this.#startOver();
  }

  #reach(reached: boolean): void {
    if (reached === this.#reached) return;
    this.#reached = reached;
    this.parts.onReached(reached);
  }

  #onStored(mark: number): void {
    this.#reach(true);
    this.parts.journal.markSent(mark);
    this.#rewoundTo = -1;
    this.#unanswered = this.#unanswered.filter(({ to }) => to > mark);
    this.#patience?.();
    this.#patience = undefined;
    if (this.#unanswered.length > 0) this.#beginPatience();
    this.grew();
  }

  #sendAgain(mark: number): void {
    this.#reach(true);
    this.parts.journal.markSent(mark);
    if (mark === this.#rewoundTo) {
      this.#beginPatience();
      return;
    }
    this.#rewoundTo = mark;
    this.#startOver();
  }

  #endEpoch(why: EpochEnd, known: number): void {
    const { journal, onEpochOver } = this.parts;
    const { epoch } = journal;
    onEpochOver(why, known);
    this.#rewoundTo = -1;
    if (journal.epoch === epoch) this.#beginPatience();
    else this.#startOver();
  }

  #beginPatience(): void {
    this.#patience ??= this.parts.wait(limits.linkAckWaitMs, () => this.#outOfPatience());
  }
}
