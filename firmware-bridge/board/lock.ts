import { EventEmitter } from 'node:events';
import type { MegaBoard } from '../../hardware/cabinet.js';
import { limits } from '../../src/kernel/limits.js';
import { becomeComponent, type FiveBoard } from './five-board.js';
import type { PulseOutcome, PulseStrength } from './locker-board.js';
import { reasonOf } from './reason.js';
import type { Session } from './session.js';
import type { MessageOf } from './wire.js';

interface Pending {
  readonly tag: number;
  readonly pulseMs: number;
  readonly sequence: number;
  timer: NodeJS.Timeout;
}

export interface LockOptions {
  readonly board: FiveBoard;
  readonly session: Session;
  /** The locker's number on the wire. */
  readonly wireNo: number;
  readonly coil: MegaBoard['coil'];
}

/**
 * A johnny-five component: one lock, which the firmware switches on for the length of a pulse and off by itself.
 * Emits `pulse` with the tag and each `PulseOutcome`.
 */
export class Lock extends EventEmitter<{ pulse: [tag: number, outcome: PulseOutcome] }> {
  readonly #session: Session;
  readonly #wireNo: number;
  readonly #coil: MegaBoard['coil'];
  #pending: Pending | undefined;

  constructor({ board, session, wireNo, coil }: LockOptions) {
    super();
    becomeComponent(this, board, `lock ${wireNo}`);
    this.#session = session;
    this.#wireNo = wireNo;
    this.#coil = coil;
  }

  /** Unlocks; the request is on the wire when this returns. `tag` (16 bits) names the pulse in its outcomes. */
  pulse(tag: number, strength: PulseStrength): void {
    if (this.#pending) {
      this.emit('pulse', tag, { kind: 'refused', reason: 'another-lock-on' });
      return;
    }
    const pulseMs = strength === 'long' ? this.#coil.longPulseMs : this.#coil.pulseMs;
    const message = { kind: 'pulse', locker: this.#wireNo, pulseMs, tag } as const;
    const sequence = this.#session.ask(message, ({ message: answer }) => {
      if (answer.kind === 'answer') this.#answered(answer);
    });
    this.#pending = { tag, pulseMs, sequence, timer: this.#repeatLater(message, sequence, 1) };
  }

  /** Takes the board's report that the lock is off again. */
  ended({ measuredMs }: MessageOf<'pulsed'>): void {
    this.#finish({ kind: 'done', measuredMs });
  }

  /** Gives up a pulse whose board is gone. */
  abandon(): void {
    this.#finish({ kind: 'unanswered' });
  }

  /** A pulse or its answer may fall victim to noise; the board executes a repeated one once. */
  #repeatLater(message: MessageOf<'pulse'>, sequence: number, attempts: number): NodeJS.Timeout {
    return setTimeout(() => {
      if (!this.#pending) return;
      if (attempts >= limits.pulseAttempts) {
        this.#finish({ kind: 'unanswered' });
        return;
      }
      this.#session.repeat(message, sequence);
      this.#pending.timer = this.#repeatLater(message, sequence, attempts + 1);
    }, limits.pulseRepeatMs);
  }

  #answered({ result }: MessageOf<'answer'>): void {
    const pending = this.#pending;
    if (!pending) return;
    if (result !== 0) {
      this.#finish({ kind: 'refused', reason: reasonOf(result) });
      return;
    }
    clearTimeout(pending.timer);
    pending.timer = setTimeout(
      () => this.#finish({ kind: 'unanswered' }),
      pending.pulseMs + limits.pulsedWaitMs,
    );
    this.emit('pulse', pending.tag, { kind: 'accepted' });
  }

  #finish(outcome: PulseOutcome): void {
    const pending = this.#pending;
    if (!pending) return;
    clearTimeout(pending.timer);
    this.#session.forget(pending.sequence);
    this.#pending = undefined;
    this.emit('pulse', pending.tag, outcome);
  }
}
