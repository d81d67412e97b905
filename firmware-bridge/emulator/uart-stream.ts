import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { limits } from '../../src/kernel/limits.js';
import type { Device } from './device.js';

/** The host's event loop gets a turn this often, in the board's time. */
const turnMs = 1;
/** Bytes handed to the machine at a time. */
const sliceBytes = 4_096;

/**
 * A machine's UART as a Duplex: what is written arrives at the board at its baud rate (and back-pressure with it), what
 * the board sends is read, in one chunk per run of the machine. Emits `open` once, on which firmata-io waits.
 * Nobody reading loses bytes beyond `limits.emulatorUartBytes`, as a port nobody opened does.
 */
export class UartStream extends Duplex {
  #sent: number[] = [];
  readonly #unsubscribe: readonly (() => void)[];

  /** `act` wraps every touch of the machine; a real-time runner's `act` keeps its clock right. */
  constructor(
    private readonly machine: Pick<Device, 'uart' | 'onSent' | 'onRun'>,
    private readonly act: (touch: () => void) => void = (touch) => touch(),
  ) {
    super({ allowHalfOpen: false });
    this.#unsubscribe = [
      machine.onSent((byte) => this.#sent.push(byte)),
      machine.onRun(() => this.#deliver()),
    ];
    setImmediate(() => this.emit('open'));
  }

  override _read(): void {
    // The board sends when it likes.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const slice = chunk.subarray(0, sliceBytes);
    const rest = chunk.subarray(sliceBytes);
    // Told inside the machine's run; the next write must wait until that has ended.
    const taken = () => queueMicrotask(() => (rest.length > 0 ? this._write(rest, _encoding, done) : done()));
    this.act(() => this.machine.uart.write(slice, taken));
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    done(error);
  }

  #deliver(): void {
    if (this.#sent.length === 0) return;
    const bytes = Buffer.from(this.#sent);
    this.#sent = [];
    if (this.readableLength + bytes.length <= limits.emulatorUartBytes) this.push(bytes);
  }
}

/**
 * Lets a board's time run as fast as it goes until `condition` holds, with turns of the event loop between for whoever is at
 * its stream. Rejects when `limitMs` of the board's time have passed without.
 */
export async function runUntil(
  machine: Pick<Device, 'elapsedMs' | 'runUntil'>,
  condition: () => boolean,
  limitMs: number,
): Promise<void> {
  const endMs = machine.elapsedMs + limitMs;
  while (!condition()) {
    if (machine.elapsedMs >= endMs) throw new Error(`not within ${limitMs} ms of the board's time`);
    machine.runUntil(machine.elapsedMs + turnMs);
    await turn();
  }
}
