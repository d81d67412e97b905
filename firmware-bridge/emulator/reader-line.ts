import type { Duplex } from 'node:stream';
import type { HandResult } from './snapshot.js';

const byteMs = 10_000 / 9_600;
const stepMs = 5;
const carriageReturn = '\r';

/** A barcode reader's serial line: each text leaves at 9600 baud, ended by CR. Bytes nobody reads are lost. */
export class ReaderLine {
  #timer: NodeJS.Timeout | null = null;

  constructor(private readonly line: Duplex) {
    // A reader has no ears.
    line.resume();
  }

  /** Sends one text. Refused while another is on its way. */
  scan(text: string): HandResult {
    if (this.#timer) return { ok: false, reason: 'reader-busy' };
    const bytes = Buffer.from(text + carriageReturn, 'latin1');
    const startMs = performance.now();
    let sent = 0;
    this.#timer = setInterval(() => {
      const due = Math.min(bytes.length, Math.floor((performance.now() - startMs) / byteMs));
      if (due > sent && this.line.writableLength === 0) {
        this.line.write(bytes.subarray(sent, due));
        sent = due;
      }
      if (sent === bytes.length) this.stop();
    }, stepMs);
    return { ok: true };
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }
}
