import { setTimeout as wait } from 'node:timers/promises';
import { openPty, type Pty } from '../../../firmware-bridge/emulator/pty.js';

/** A program with a reader and a board port, as the bench holds it. */
export interface Harness {
  /** Waits `gapMs` since the program's last work, scans a pass, and says how long the unlock took to arrive (µs). */
  scan(gapMs: number): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a harness in `folder`, which is empty; the program is ready when it resolves. */
export type StartHarness = (folder: string) => Promise<Harness>;

/** The far ends of the two ports, with the time at which each chunk of the board's arrived. */
export interface Ports {
  readonly reader: Pty;
  readonly board: Pty;
  onBoardBytes(listener: (bytes: Uint8Array, atMs: number) => void): void;
  /** Puts a code on the reader's line; returns when its last byte was on it. */
  present(code: string): number;
  close(): Promise<void>;
}

/** Opens both ports; the bench is the device at each. */
export function openPorts(): Ports {
  const reader = openPty();
  const board = openPty();
  reader.stream.resume();
  return {
    reader,
    board,
    onBoardBytes(listener) {
      board.stream.on('data', (bytes: Uint8Array) => listener(bytes, performance.now()));
    },
    present(code) {
      const bytes = Buffer.from(`${code}\r`, 'latin1');
      const atMs = performance.now();
      reader.write(bytes);
      return atMs;
    },
    async close() {
      await Promise.all([reader.close(), board.close()]);
    },
  };
}

/** Resolves with `promise`, or rejects when nothing came for long. */
export async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  const deadlineMs = 5_000;
  const stop = new AbortController();
  const tooLate = wait(deadlineMs, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`not within ${deadlineMs} ms: ${what}`);
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    stop.abort();
    tooLate.catch(() => undefined);
  }
}
