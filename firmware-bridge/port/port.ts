import type { Fault } from '../../src/kernel/faults.js';
import type { Timers } from '../../src/kernel/wait.js';

/**
 * An open way to a device: bytes out, bytes in, and the news that it ended.
 * It is used once; whoever wants the device again opens a new one, so nothing written to an old port can
 * ever arrive on a new one.
 */
export interface Port {
  /** The path it was opened with, for messages. */
  readonly path: string;
  /**
   * Sets the one listener for arriving bytes and starts reading; each chunk belongs to the listener.
   * To be set in the same tick the port was received.
   */
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Sets the one listener for the end; called once, never from inside `write`. `null`: `close` was asked for. */
  onClose(listener: (fault: Fault | null) => void): void;
  /**
   * Sends bytes; they are with the operating system when this returns, unless the device is slow.
   * At most `limits.portWriteQueueBytes` wait for a slow device; beyond that the port ends with `port.lost`.
   * After the end nothing is written.
   */
  write(bytes: Uint8Array): void;
  /** Ends the port; resolves when the device has been let go. May be called again, also after a loss. */
  close(): Promise<void>;
}

export interface PortOptions {
  /** Ignored by `tcp://`, where the far side sets its own speed. */
  readonly baudRate: number;
}

/** Opens the port at `path`; rejects with a Fault. */
export type OpenPort = (path: string, options: PortOptions) => Promise<Port>;

/** The computer that devices are connected to: its ports and its time. Injected where both are simulated. */
export interface Host {
  readonly openPort: OpenPort;
  readonly timers: Timers;
}
