import { assert } from '../../src/kernel/assert.js';
import { limits } from '../../src/kernel/limits.js';

interface Chunk {
  readonly bytes: Uint8Array;
  readonly taken: () => void;
}

/** Bytes under way to the board; its USART takes them one by one at its baud rate. */
export class RxQueue {
  readonly #chunks: Chunk[] = [];
  #next = 0;
  #waiting = 0;

  /** `wake` tells the USART that there may be something to take. */
  constructor(private readonly wake: () => void) {}

  /**
   * Appends bytes, at most `limits.emulatorUartBytes` in waiting.
   * `taken` is called once the board has begun to receive the last of them (or the power went off).
   */
  write(bytes: Uint8Array, taken: () => void = () => undefined): void {
    assert(
      this.#waiting + bytes.length <= limits.emulatorUartBytes,
      'a writer waits until its bytes are taken',
    );
    if (bytes.length === 0) {
      taken();
      return;
    }
    this.#chunks.push({ bytes: bytes.slice(), taken });
    this.#waiting += bytes.length;
    this.wake();
  }

  /** The next byte for the board. */
  take(): number | undefined {
    const [chunk] = this.#chunks;
    if (!chunk) return undefined;
    const byte = chunk.bytes[this.#next++];
    this.#waiting--;
    if (this.#next === chunk.bytes.length) {
      this.#next = 0;
      this.#chunks.shift();
      chunk.taken();
    }
    return byte;
  }

  /** Loses what is under way. */
  clear(): void {
    const lost = this.#chunks.splice(0);
    this.#next = 0;
    this.#waiting = 0;
    for (const { taken } of lost) taken();
  }
}
