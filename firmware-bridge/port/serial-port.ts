import { readSync, writeSync } from 'node:fs';
import { SerialPort } from 'serialport';
import { Fault } from '../../src/kernel/faults.js';
import { limits } from '../../src/kernel/limits.js';
import { whoHolds, whoLocks } from './holder.js';
import type { Port, PortOptions } from './port.js';

/** What serialport's binding opens on Linux and macOS; Windows has no file descriptor to poll. */
type OpenedBinding = Awaited<ReturnType<typeof SerialPort.binding.open>>;
type UnixBinding = Extract<OpenedBinding, { poller: unknown }>;

/** The poller's event bits (libuv's UV_READABLE and UV_WRITABLE). */
const READABLE = 1;
const WRITABLE = 2;
const READ_BYTES = 4_096;

/**
 * Opens a serial device with serialport's binding, locked against other programs. Modem lines are left alone.
 * The binding's stream is not used: it keeps writes of a closed port for the next open, and takes a read of
 * zero bytes (a hang-up) for "try again" (serialport/bindings-cpp#162).
 */
export async function openSerialPort(path: string, { baudRate }: PortOptions): Promise<Port> {
  // The binding asks for the lock only after its opening has set the line up anew and restarted an Arduino.
  const holder = await whoLocks(path);
  if (holder) throw new Fault('port.busy', `${path} is held by ${holder}`);
  let binding: OpenedBinding;
  try {
    binding = await SerialPort.binding.open({ path, baudRate, lock: true });
  } catch (error) {
    throw await openFault(path, error);
  }
  if (!('poller' in binding)) {
    await binding.close();
    throw new Fault('port.unavailable', `${path}: serial ports need Linux or macOS; use tcp://host:port`);
  }
  return new OpenSerialPort(path, binding);
}

/** serialport tells causes in prose only; the C library's words for EAGAIN on the lock mean another holder. */
async function openFault(path: string, error: unknown): Promise<Fault> {
  const text = error instanceof Error ? error.message : String(error);
  if (!/cannot lock port/i.test(text)) {
    return new Fault('port.unavailable', text.replace(/^Error:? /, ''), { cause: error });
  }
  return new Fault('port.busy', `${path} is held by ${await whoHolds(path)}`, { cause: error });
}

class OpenSerialPort implements Port {
  #onData: (bytes: Uint8Array) => void = () => undefined;
  #onClose: (fault: Fault | null) => void = () => undefined;
  readonly #scratch = Buffer.allocUnsafe(READ_BYTES);
  /** What a slow device has not taken yet. */
  #backlog: Buffer = Buffer.alloc(0);
  #closed: Promise<void> | undefined;

  constructor(
    readonly path: string,
    readonly binding: UnixBinding,
  ) {}

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#onData = listener;
    this.binding.poller.on('readable', (error: Error | null) => this.#readable(error));
    this.binding.poller.on('writable', (error: Error | null) => this.#writable(error));
    this.#arm();
  }

  onClose(listener: (fault: Fault | null) => void): void {
    this.#onClose = listener;
  }

  write(bytes: Uint8Array): void {
    if (this.#closed) return;
    if (this.#backlog.length > 0) {
      this.#enqueue(bytes);
      return;
    }
    const written = this.#writeNow(bytes);
    if (written === bytes.length || this.#closed) return;
    this.#enqueue(bytes.subarray(written));
    this.#arm();
  }

  close(): Promise<void> {
    return this.#end(null);
  }

  /** Writes at once (the descriptor does not block); the thread pool would cost the unlock 0.1 ms. */
  #writeNow(bytes: Uint8Array): number {
    const { fd } = this.binding;
    if (fd === null) return 0;
    try {
      return writeSync(fd, bytes);
    } catch (error) {
      if (isTryAgain(error)) return 0;
      this.#lose(error);
      return 0;
    }
  }

  #enqueue(bytes: Uint8Array): void {
    if (this.#backlog.length + bytes.length > limits.portWriteQueueBytes) {
      this.#lose(`it takes no bytes and ${this.#backlog.length} wait already`);
      return;
    }
    this.#backlog = Buffer.concat([this.#backlog, bytes]);
  }

  /** Polls once for all that is awaited; a poll for one direction would replace the other's. */
  #arm(): void {
    if (this.#closed) return;
    this.binding.poller.poll(this.#backlog.length > 0 ? READABLE | WRITABLE : READABLE);
  }

  #readable(error: Error | null): void {
    const { fd } = this.binding;
    if (this.#closed || fd === null) return;
    if (error) {
      this.#lose(`it hung up (${error.message})`);
      return;
    }
    const bytes = this.#readNow(fd);
    if (bytes && bytes.length > 0) this.#onData(bytes);
    this.#arm();
  }

  #readNow(fd: number): Uint8Array | undefined {
    try {
      const length = readSync(fd, this.#scratch, 0, READ_BYTES, null);
      if (length === 0) this.#lose('it hung up');
      return Uint8Array.prototype.slice.call(this.#scratch, 0, length);
    } catch (error) {
      if (!isTryAgain(error)) this.#lose(error);
      return undefined;
    }
  }

  #writable(error: Error | null): void {
    if (this.#closed) return;
    if (error) {
      this.#lose(`it hung up (${error.message})`);
      return;
    }
    if (this.#backlog.length > 0) this.#backlog = this.#backlog.subarray(this.#writeNow(this.#backlog));
    this.#arm();
  }

  #lose(cause: unknown): void {
    const why = cause instanceof Error ? cause.message : String(cause);
    void this.#end(new Fault('port.lost', `${this.path}: ${why}`, { cause }));
  }

  #end(fault: Fault | null): Promise<void> {
    if (this.#closed) return this.#closed;
    this.#backlog = Buffer.alloc(0);
    this.#closed = this.#release(fault !== null);
    process.nextTick(() => this.#onClose(fault));
    return this.#closed;
  }

  async #release(lost: boolean): Promise<void> {
    this.binding.poller.removeAllListeners();
    const ignore = () => undefined;
    // A tty waits up to 30 s for its output when it is closed; a lost one shall forget it instead.
    // Both calls may fail on a device that is gone, which is then let go all the same.
    if (lost) await this.binding.flush().catch(ignore);
    await this.binding.close().catch(ignore);
  }
}

function isTryAgain(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EAGAIN' || error.code === 'EINTR');
}
