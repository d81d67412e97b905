import { assert } from '../../../src/kernel/assert.js';
import { limits } from '../../../src/kernel/limits.js';
import type { Cancel, Wait } from '../../../src/kernel/wait.js';

/** A shared two-wire line: nothing is written while the other side may be sending. */
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

  /** Sends, only when free, then waits for the other side: until `answered`, at most for `waitMs`. */
  send(bytes: Uint8Array, waitMs: number): void {
    assert(this.free, 'the line is free');
    this.write(bytes);
    this.#asking = true;
    this.#hold(waitMs);
  }

  /** Sends nothing for `waitMs`: somebody else may be sending. */
  hold(waitMs: number): void {
    this.#hold(waitMs);
  }

  /** The other side has finished sending, and needs a moment to release the line. */
  answered(): void {
    this.#asking = false;
    this.#hold(limits.kerongTurnaroundMs);
  }

  /** Bytes were received that are no answer; when none is expected, the line is held until they end. */
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
