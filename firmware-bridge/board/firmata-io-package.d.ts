/** The part of firmata-io 2.3 that is used here; the package has no types of its own. */
declare module 'firmata-io' {
  import type { EventEmitter } from 'node:events';

  /** Anything with the `open`, `data` and `close` events of a serial port, and its `write`. */
  interface FirmataTransport extends EventEmitter {
    write(bytes: Uint8Array, written?: () => void): void;
  }

  class Firmata extends EventEmitter {
    constructor(transport: FirmataTransport, options: { reportVersionTimeout: number });
    readonly isReady: boolean;
    readonly firmware: { name?: string; version?: { major: number; minor: number } };
    readonly reportVersionTimeoutId: NodeJS.Timeout;
    /** Handles a sysex command of every board of this process; throws when the command has a handler. */
    sysexResponse(command: number, handler: (this: Firmata, body: number[]) => void): this;
    /** Sends F0, `message`, F7. */
    sysexCommand(message: readonly number[]): this;
  }

  const firmataIo: { Firmata: typeof Firmata };
  export default firmataIo;
  export type { Firmata, FirmataTransport };
}
