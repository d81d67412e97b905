import type { LockerNo } from '../../../src/kernel/ids.js';
import { limits } from '../../../src/kernel/limits.js';
import type { Cancel, Timers } from '../../../src/kernel/wait.js';
import type { DoorState, PulseOutcome } from '../driver/locker-board.js';
import type { Lock } from './codec.js';

interface Pending {
  readonly locker: LockerNo;
  readonly lock: Lock;
  readonly tag: number;
  /** When it went out; undefined while it waits for its coil, or for the line. */
  sentMs: number | undefined;
  cancel: Cancel | undefined;
}

/** When the coils of a board were last on, as far as this program knows; outlives connections. */
export class CoilUse {
  #lastMs = Number.NEGATIVE_INFINITY;
  readonly #lastOfLock = new Map<Lock, number>();

  used(lock: Lock, nowMs: number): void {
    this.#lastMs = nowMs;
    this.#lastOfLock.set(lock, this.#lastMs);
  }

  /** How long a coil must not be on yet; 0 or less when it may be. */
  restMs(lock: Lock, nowMs: number): number {
    const ownMs = (this.#lastOfLock.get(lock) ?? Number.NEGATIVE_INFINITY) + limits.kerongRestMs;
    return Math.max(this.#lastMs + limits.kerongCoilMs, ownMs) - nowMs;
  }
}

export interface UnlockingOptions {
  readonly timers: Timers;
  readonly coils: CoilUse;
  /** Asks for `next` to be called as soon as the line is free. */
  onDue(): void;
  onPulse(locker: LockerNo, tag: number, outcome: PulseOutcome): void;
}

/**
 * The unlocks of one board, one at a time. The board holds a coil for its own time and says nothing: that the hook let go is
 * all there is to learn. An unlock is written once and never repeated, for the board would execute it again.
 */
export class Unlocking {
  #pending: Pending | undefined;

  constructor(private readonly options: UnlockingOptions) {}

  /** Takes an unlock on; a coil that has to rest is waited for, `limits.kerongRestMs` at most. */
  begin(locker: LockerNo, lock: Lock, tag: number): void {
    if (this.#pending) {
      const reason = this.#pending.lock === lock ? 'lock-busy' : 'too-many-locks-on';
      this.options.onPulse(locker, tag, { kind: 'refused', reason });
      return;
    }
    this.#pending = { locker, lock, tag, sentMs: undefined, cancel: undefined };
    const { coils, timers } = this.options;
    const waitMs = coils.restMs(lock, timers.nowMs);
    if (waitMs <= 0) this.options.onDue();
    else this.#pending.cancel = timers.wait(waitMs + limits.lockRestMarginMs, () => this.options.onDue());
  }

  /** The lock to unlock now, if any. The caller writes its request in this tick. */
  next(): Lock | undefined {
    const pending = this.#pending;
    const { coils, timers } = this.options;
    if (!pending || pending.sentMs !== undefined || coils.restMs(pending.lock, timers.nowMs) > 0)
      return undefined;
    return pending.lock;
  }

  /** The request for `next` is on the wire. */
  sent(): void {
    const pending = this.#pending;
    if (!pending) return;
    const { coils, timers } = this.options;
    pending.sentMs = timers.nowMs;
    coils.used(pending.lock, timers.nowMs);
    pending.cancel = timers.wait(limits.kerongReleaseMs, () => this.#finish({ kind: 'unanswered' }));
    this.options.onPulse(pending.locker, pending.tag, { kind: 'accepted' });
  }

  /** Doors as they are believed after a poll that was asked after `next`. */
  seen(doorOf: (locker: LockerNo) => DoorState): void {
    const { locker, sentMs } = this.#pending ?? {};
    if (locker === undefined || sentMs === undefined || doorOf(locker) !== 'open') return;
    this.#finish({ kind: 'done', measuredMs: Math.round(this.options.timers.nowMs - sentMs) });
  }

  /** The board is gone: what was not written did not happen, what was is not known. */
  abandon(): void {
    const sent = this.#pending?.sentMs !== undefined;
    this.#finish(sent ? { kind: 'unanswered' } : { kind: 'refused', reason: 'board-not-ready' });
  }

  #finish(outcome: PulseOutcome): void {
    const pending = this.#pending;
    if (!pending) return;
    pending.cancel?.();
    this.#pending = undefined;
    this.options.onPulse(pending.locker, pending.tag, outcome);
  }
}
