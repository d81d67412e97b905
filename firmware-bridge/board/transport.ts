import { EventEmitter } from 'node:events';
import type { Port } from '../port/index.js';
import { FirmataFilter } from './filter.js';

/**
 * What firmata-io takes for its serial port: filtered messages in, bytes out. Until the far side is trusted nothing goes
 * out: the libraries ask before they know whom.
 * Emits `open`, `data` with one whole message each, and never `error`: losses are told by the port itself.
 */
export class FilteredTransport extends EventEmitter {
  readonly #filter = new FirmataFilter();
  #discardedBytes = 0;
  #trusted = false;

  constructor(private readonly port: Port) {
    super();
  }

  /** Starts reading; to be called once firmata-io and johnny-five listen, in the tick the port was opened. */
  open(): void {
    this.port.onData((bytes) => {
      const { messages, discardedBytes } = this.#filter.push(bytes);
      this.#discardedBytes += discardedBytes;
      for (const message of messages) this.emit('data', message);
    });
    this.emit('open');
  }

  /** From here on the libraries may write. */
  trust(): void {
    this.#trusted = true;
  }

  write(bytes: Uint8Array, written?: () => void): void {
    if (this.#trusted) this.port.write(bytes);
    written?.();
  }

  /** Bytes thrown away since this was last asked. */
  takeDiscarded(): number {
    const discarded = this.#discardedBytes;
    this.#discardedBytes = 0;
    return discarded;
  }
}
