import { EventEmitter } from 'node:events';
import type { MegaBoard } from '../../hardware/cabinet.js';
import { limits } from '../../src/kernel/limits.js';
import type { Cancel, Wait } from '../../src/kernel/wait.js';
import type { PulseOutcome, PulseStrength } from './driver/locker-board.js';
import { becomeComponent, type FiveBoard } from './five-board.js';
import type { Session } from './session.js';
import { type MessageOf, reasonOf } from './wire.js';

/** The board's word for a coil that has not cooled down yet. */
const resting = 'lock-resting';

interface Pending {
  readonly message: MessageOf<'pulse'>;
  /** Changes when the pulse has to be asked for anew; undefined while the lock rests. */
  sequence: number | undefined;
  cancel: Cancel;
}

export interface LockOptions {
  readonly board: FiveBoard;
  readonly session: Session;
  /** The locker's number on the wire. */
  readonly wireNo: number;
  readonly coil: MegaBoard['coil'];
  /** How long a lock that must rest is waited for, at most. */
  readonly restWaitMs: number;
  readonly wait: Wait;
}

/**
 * A johnny-five component: one lock, which the firmware switches on for the length of a pulse and off by itself.
 * Emits `pulse` with the tag and each `PulseOutcome`.
 */
export class Lock extends EventEmitter<{ pulse: [tag: number, outcome: PulseOutcome] }> {
  readonly #session: Session;
  readonly #wireNo: number;
  readonly #coil: MegaBoard['coil'];
  readonly #restWaitMs: number;
  readonly #wait: Wait;
  #pending: Pending | undefined;

  constructor({ board, session, wireNo, coil, restWaitMs, wait }: LockOptions) {
    super();
    becomeComponent(this, board, `lock ${wireNo}`);
    this.#session = session;
    this.#wireNo = wireNo;
    this.#coil = coil;
    this.#restWaitMs = restWaitMs;
    this.#wait = wait;
  }

  /**
   * Unlocks; the request is on the wire when this returns. `tag` (16 bits) names the pulse in its outcomes.
   * A lock that the board lets rest is waited for, up to `restWaitMs` in all, and pulsed then.
   */
  pulse(tag: number, strength: PulseStrength): void {
    if (this.#pending) {
      this.emit('pulse', tag, { kind: 'refused', reason: 'lock-busy' });
      return;
    }
    const pulseMs = strength === 'long' ? this.#coil.longPulseMs : this.#coil.pulseMs;
    this.#request({ kind: 'pulse', locker: this.#wireNo, pulseMs, tag }, this.#restWaitMs);
  }

  /** Takes the board's report that the lock is off again. */
  ended({ measuredMs }: MessageOf<'pulsed'>): void {
    // While this one waits, the report can only be an earlier pulse's.
    if (!this.#isResting) this.#finish({ kind: 'done', measuredMs });
  }

  /** Gives up a pulse that waits for the lock to have rested; it has not happened. */
  stopWaiting(): void {
    if (this.#isResting) this.#finish({ kind: 'refused', reason: resting });
  }

  /** Gives up a pulse whose board is gone. */
  abandon(): void {
    this.stopWaiting();
    this.#finish({ kind: 'unanswered' });
  }

  get #isResting(): boolean {
    return this.#pending !== undefined && this.#pending.sequence === undefined;
  }

  #request(message: MessageOf<'pulse'>, restLeftMs: number): void {
    const sequence = this.#session.ask(message, ({ message: answer }) => {
      if (answer.kind === 'answer') this.#answered(answer, restLeftMs);
    });
    this.#pending = { message, sequence, cancel: this.#repeatLater(message, sequence, 1) };
  }

  /** A pulse or its answer may fall victim to noise; the board executes a repeated one once. */
  #repeatLater(message: MessageOf<'pulse'>, sequence: number, attempts: number): Cancel {
    return this.#wait(limits.pulseRepeatMs, () => {
      if (!this.#pending) return;
      if (attempts >= limits.pulseAttempts) {
        this.#finish({ kind: 'unanswered' });
        return;
      }
      this.#session.repeat(message, sequence);
      this.#pending.cancel = this.#repeatLater(message, sequence, attempts + 1);
    });
  }

  #answered({ result, detail }: MessageOf<'answer'>, restLeftMs: number): void {
    const pending = this.#pending;
    if (!pending) return;
    if (result !== 0) {
      this.#refused(pending, reasonOf(result), detail, restLeftMs);
      return;
    }
    const { pulseMs, tag } = pending.message;
    pending.cancel();
    pending.cancel = this.#wait(pulseMs + limits.pulseEndWaitMs, () => this.#finish({ kind: 'unanswered' }));
    this.emit('pulse', tag, { kind: 'accepted' });
  }

  #refused(pending: Pending, reason: string, restMs: number, restLeftMs: number): void {
    const waitMs = restMs + limits.lockRestMarginMs;
    if (reason !== resting || waitMs > restLeftMs) {
      this.#finish({ kind: 'refused', reason });
      return;
    }
    pending.cancel();
    pending.sequence = undefined;
    pending.cancel = this.#wait(waitMs, () => this.#request(pending.message, restLeftMs - waitMs));
  }

  #finish(outcome: PulseOutcome): void {
    const pending = this.#pending;
    if (!pending) return;
    pending.cancel();
    if (pending.sequence !== undefined) this.#session.forget(pending.sequence);
    this.#pending = undefined;
    this.emit('pulse', pending.message.tag, outcome);
  }
}
