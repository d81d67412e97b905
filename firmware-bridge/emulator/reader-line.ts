import type { Duplex } from 'node:stream';
import { type Cancel, realTimers, repeat, type Timers } from '../../src/kernel/wait.js';
import type { HandResult } from './snapshot.js';

const byteMs = 10_000 / 9_600;
const stepMs = 5;
const carriageReturn = '\r';

/** The serial line of a barcode reader: sends each text at 9600 baud, ended by CR. Drops bytes that nobody reads. */
export class ReaderLine {
  #cancel: Cancel | null = null;

  constructor(
    private readonly line: Duplex,
    private readonly timers: Timers = realTimers,
  ) {
    // A reader ignores what the computer sends.
    line.resume();
  }

  /** Sends one text; refuses it while another is being sent. */
  scan(text: string): HandResult {
    if (this.#cancel) return { ok: false, reason: 'reader-busy' };
    const bytes = Buffer.from(text + carriageReturn, 'latin1');
    const startMs = this.timers.nowMs;
    let sent = 0;
    this.#cancel = repeat(this.timers.wait, stepMs, () => {
      const due = Math.min(bytes.length, Math.floor((this.timers.nowMs - startMs) / byteMs));
      if (due > sent && this.line.writableLength === 0) {
        this.line.write(bytes.subarray(sent, due));
        sent = due;
      }
      if (sent === bytes.length) this.stop();
    });
    return { ok: true };
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
