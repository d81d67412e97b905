import { assert } from '../../../src/kernel/assert.js';
import { limits } from '../../../src/kernel/limits.js';
import type { Cancel, Wait } from '../../../src/kernel/wait.js';

/** Two wires that everybody shares: while somebody else may speak, nothing is written. */
export class HalfDuplex {
  #busy: Cancel | undefined;
  #asking = false;

  /** `onFree` is called whenever it may be written again. */
  constructor(
    private readonly write: (bytes: Uint8Array) => void,
    private readonly onFree: () => void,
    private readonly wait: Wait,
  ) {}

  get free(): boolean {
    return this.#busy === undefined;
  }

  /** Speaks, only when free, then leaves the wires to the other side: until `answered`, at most for `waitMs`. */
  say(bytes: Uint8Array, waitMs: number): void {
    assert(this.free, 'one speaks at a time');
    this.write(bytes);
    this.#asking = true;
    this.#hold(waitMs);
  }

  /** Leaves the wires to whoever may speak just now. */
  listen(waitMs: number): void {
    this.#hold(waitMs);
  }

  /** The other side has finished, and may take a moment to let go. */
  answered(): void {
    this.#asking = false;
    this.#hold(limits.kerongTurnaroundMs);
  }

  /** Something was heard that is no answer; unasked, it is waited out. */
  disturbed(): void {
    if (!this.#asking) this.#hold(limits.kerongTurnaroundMs);
  }

  stop(): void {
    this.#busy?.();
  }

  #hold(waitMs: number): void {
    this.#busy?.();
    this.#busy = this.wait(waitMs, () => {
      this.#busy = undefined;
      this.#asking = false;
      this.onFree();
    });
  }
}
