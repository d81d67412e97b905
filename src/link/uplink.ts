import type { Ack } from '../contract/topics.js';
import { unreachable } from '../kernel/assert.js';
import type { Epoch } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { Cancel, Wait } from '../kernel/wait.js';
import { type AckResult, checkAck, type SentBatch } from './ack-check.js';

/** The journal as the link uses it: the queue of events to send, and the position up to which they are acknowledged. */
export interface JournalSource {
  readonly epoch: Epoch;
  lastPosition(): number;
  sentMark(): number;
  /** At most `count` events from position `from` on, as a JSON array; null where there are none. */
  readText(from: number, count: number): { readonly text: string; readonly last: number } | null;
  markSent(position: number): void;
  /** By how many events the mark is ahead of the one that would survive a power cut. */
  unwrittenMarkEvents(): number;
  /** Position up to which events were pruned and cannot be read any more. */
  prunedUpTo(): number;
}

/** Why an epoch has to end; see `AckResult`. */
export type EpochEnd = Extract<AckResult, { kind: 'epoch-over' }>['why'];

/** What an uplink needs. */
export interface UplinkParts {
  readonly journal: JournalSource;
  readonly wait: Wait;
  /** Publishes a batch, given as JSON text. */
  send(batch: string): void;
  /** Whether the catalogue itself acknowledges: true from its first ack over this connection, false after an ack timeout. */
  onReached(reached: boolean): void;
  /**
   * The catalogue’s events of this epoch differ from the journal’s after position `known`: the journal has to begin another
   * epoch with its events after `known`. If it cannot, the uplink retries after the ack timeout.
   */
  onEpochOver(why: EpochEnd, known: number): void;
}

/**
 * Sends the journal in batches, several at a time, and moves the sent-mark by the catalogue's acks only: a broker's PUBACK
 * does not show what the catalogue has stored. After an ack timeout, resends from the mark.
 */
export class Uplink {
  #online = false;
  #reached = false;
  /** Position up to which events were sent over this connection. */
  #sentUpTo = 0;
  /** Position from which events were last sent again on demand; a second demand from there waits, or the two would spin. */
  #resentFrom = -1;
  /** Batches that were sent over this connection and are not acknowledged. */
  #unacknowledged: SentBatch[] = [];
  #scheduled: Cancel | undefined;
  #ackTimer: Cancel | undefined;

  constructor(private readonly parts: UplinkParts) {}

  /** Schedules sending of new events in a later turn. */
  schedule(): void {
    this.#scheduled ??= this.parts.wait(0, () => this.#sendNext());
  }

  /** Starts sending; the first batch also asks the catalogue whether it answers. */
  onConnected(): void {
    this.#online = true;
    this.#restart(1);
  }

  /** Stops sending; what was sent over the lost connection counts as not sent. */
  onDisconnected(): void {
    this.#online = false;
    this.close();
    this.#setReached(false);
  }

  /** Sends a batch to ask the catalogue whether it answers, unless one is unacknowledged. */
  onCatalogueOnline(): void {
    const isAsked = this.#unacknowledged.length > 0;
    if (this.#online && !this.#reached && !isAsked) this.#restart(1);
  }

  /** Marks the catalogue as not reached: it will not acknowledge what was sent. */
  onCatalogueOffline(): void {
    this.#setReached(false);
  }

  /** Cancels all timers. */
  close(): void {
    this.#scheduled?.();
    this.#ackTimer?.();
    this.#scheduled = undefined;
    this.#ackTimer = undefined;
  }

  /** Handles an ack, solicited or not. */
  onAck(ack: Ack): void {
    const { journal } = this.parts;
    if (ack.epoch !== journal.epoch) return;
    const result = checkAck(ack, {
      mark: journal.sentMark(),
      lastPosition: journal.lastPosition(),
      prunedUpTo: journal.prunedUpTo(),
      unacknowledged: this.#unacknowledged,
    });
    switch (result.kind) {
      case 'none':
        return;
      case 'stored':
        this.#onStored(result.mark);
        return;
      case 'resend':
        this.#resend(result.mark);
        return;
      case 'epoch-over':
        this.#endEpoch(result.why, result.known);
        return;
      default:
        unreachable(result);
    }
  }

  /** Sends from the mark, and in any case the last `again` events, acknowledged or not: a journal may be an old copy. */
  #restart(again = 0): void {
    const { journal } = this.parts;
    const known = Math.min(journal.sentMark(), journal.lastPosition() - again);
    this.#sentUpTo = Math.max(known, journal.prunedUpTo());
    this.#unacknowledged = [];
    this.schedule();
  }

  /** Sends one batch a turn, so that a backlog does not delay the kiosk's visits. */
  #sendNext(): void {
    this.#scheduled = undefined;
    const { journal, send, wait } = this.parts;
    if (!this.#online || this.#sentUpTo >= journal.lastPosition() || this.#isWindowFull()) return;
    const from = this.#sentUpTo + 1;
    const events = journal.readText(from, limits.linkBatchEvents);
    this.#startAckTimer();
    // Reading may succeed after the ack timeout.
    if (events === null) return;
    const { text, last } = events;
    send(`{"epoch":"${journal.epoch}","from":${from},"events":${text}}`);
    this.#sentUpTo = last;
    this.#unacknowledged.push({ from, to: last });
    this.#scheduled = wait(0, () => this.#sendNext());
  }

  /** Counts acks that are not yet marked durably too: a power cut repeats one window at most. */
  #isWindowFull(): boolean {
    const kept = Math.ceil(this.parts.journal.unwrittenMarkEvents() / limits.linkBatchEvents);
    return this.#unacknowledged.length + kept >= limits.linkWindowBatches;
  }

  #onAckTimeout(): void {
    this.#ackTimer = undefined;
    this.#setReached(false);
    if (this.#online) this.#restart();
  }

  #setReached(reached: boolean): void {
    if (reached === this.#reached) return;
    this.#reached = reached;
    this.parts.onReached(reached);
  }

  #onStored(mark: number): void {
    this.#setReached(true);
    this.parts.journal.markSent(mark);
    this.#resentFrom = -1;
    this.#unacknowledged = this.#unacknowledged.filter(({ to }) => to > mark);
    this.#ackTimer?.();
    this.#ackTimer = undefined;
    if (this.#unacknowledged.length > 0) this.#startAckTimer();
    this.schedule();
  }

  #resend(mark: number): void {
    this.#setReached(true);
    this.parts.journal.markSent(mark);
    if (mark === this.#resentFrom) {
      this.#startAckTimer();
      return;
    }
    this.#resentFrom = mark;
    this.#restart();
  }

  #endEpoch(why: EpochEnd, known: number): void {
    const { journal, onEpochOver } = this.parts;
    const { epoch } = journal;
    onEpochOver(why, known);
    this.#resentFrom = -1;
    if (journal.epoch === epoch) this.#startAckTimer();
    else this.#restart();
  }

  #startAckTimer(): void {
    this.#ackTimer ??= this.parts.wait(limits.linkAckWaitMs, () => this.#onAckTimeout());
  }
}
