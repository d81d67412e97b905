import { closeSync, readSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { openPair } from '../../firmware-bridge/emulator/pty.js';

/** The device's end of a real pseudo-terminal whose other end (`path`) the program under test opens. */
export interface Pty {
  readonly path: string;
  write(bytes: Uint8Array): void;
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Reads what has arrived without letting the event loop turn; only before `onData`. */
  readNow(): Uint8Array;
  /** Stops taking bytes, so that the program's writes pile up. */
  pause(): void;
  resume(): void;
  /** The device is gone: the program sees a hang-up. May be called again. */
  unplug(): void;
}

/** Opens a pseudo-terminal in raw mode; throws where the system has none. */
export function openPty(): Pty {
  const { path, master, keeper } = openPair();
  const stream = new ReadStream(master);
  let plugged = true;
  return {
    path,
    write: (bytes) => void (plugged && writeSync(master, bytes)),
    onData: (listener) => void stream.on('data', listener),
    readNow: () => readNow(master),
    resume: () => void stream.resume(),
    pause: () => void stream.pause(),
    unplug: () => {
      if (!plugged) return;
      plugged = false;
      closeSync(keeper);
      stream.destroy();
    },
  };
}

/** The kernel carries bytes across in a worker of its own, so this tries for a moment. */
function readNow(master: number): Uint8Array {
  const buffer = Buffer.alloc(4_096);
  const deadline = performance.now() + 500;
  for (;;) {
    try {
      return buffer.subarray(0, readSync(master, buffer));
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
}
