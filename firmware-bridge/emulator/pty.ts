import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { Duplex } from 'node:stream';
import { ReadStream } from 'node:tty';
import koffi from 'koffi';
import { Fault } from '../../src/kernel/faults.js';

const libc = koffi.load(null);
const grantpt = libc.func('int grantpt(int fd)');
const unlockpt = libc.func('int unlockpt(int fd)');
const ptsname = libc.func('str ptsname(int fd)');
const tcgetattr = libc.func('int tcgetattr(int fd, void *settings)');
const tcsetattr = libc.func('int tcsetattr(int fd, int when, void *settings)');
const cfmakeraw = libc.func('void cfmakeraw(void *settings)');

/** More than any system's `struct termios` (60 bytes on Linux). */
const termiosBytes = 256;
const TCSANOW = 0;
/** Wait before bytes are offered again to a port that nobody reads. */
const fullRetryMs = 2;

/**
 * The device's end of a pseudo-terminal: whoever opens `path` has a serial port with us as the device.
 *
 * One descriptor of the port is kept open here, so the program at the port may close and reopen it without the device's
 * end failing. Bytes it did not read stay in the kernel (some 4 KB, then `write` takes no more); serialport throws them
 * away when it opens the port.
 */
export interface Pty {
  readonly path: string;
  /** What the program writes is read here at once; writes wait while the kernel's buffer is full. */
  readonly stream: Duplex;
  /** Writes now, without waiting: the number of bytes the kernel took. 0 after the end. */
  write(bytes: Uint8Array): number;
  /** Hangs up, as pulling a USB plug does: the program at the port gets an error. */
  unplug(): void;
  /** Hangs up and waits until the stream has closed. */
  close(): Promise<void>;
}

/** Opens a pseudo-terminal in raw mode without echo. Throws `port.unavailable` when the system gives none. */
export function openPty(): Pty {
  const { path, master, keeper } = openPair();
  return new PtyMaster(path, master, keeper);
}

/** A pseudo-terminal's two descriptors: the device's (it does not block) and one of the port at `path`. */
export interface PtyPair {
  readonly path: string;
  readonly master: number;
  readonly keeper: number;
}

/** The same as bare descriptors, which the caller closes. */
export function openPair(): PtyPair {
  const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants;
  // Through Node, which marks it close-on-exec: a child that inherited it would keep the port alive after an unplug.
  const master = openSync('/dev/ptmx', O_RDWR | O_NOCTTY | O_NONBLOCK);
  try {
    check(grantpt(master), 'grantpt');
    check(unlockpt(master), 'unlockpt');
    const path: string = ptsname(master);
    const keeper = openSync(path, O_RDWR | O_NOCTTY);
    makeRaw(keeper);
    return { path, master, keeper };
  } catch (error) {
    closeSync(master);
    throw error;
  }
}

class PtyMaster implements Pty {
  readonly stream: Duplex;
  #open = true;

  constructor(
    readonly path: string,
    private readonly master: number,
    private readonly keeper: number,
  ) {
    this.stream = new MasterStream(new ReadStream(master), (bytes) => this.write(bytes));
    this.stream.once('close', () => this.unplug());
  }

  write(bytes: Uint8Array): number {
    if (!this.#open) return 0;
    try {
      return writeSync(this.master, bytes);
    } catch (error) {
      if (isFull(error)) return 0;
      throw error;
    }
  }

  unplug(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.keeper);
    this.stream.destroy();
  }

  async close(): Promise<void> {
    if (this.stream.closed) return;
    const closed = new Promise<void>((resolve) => this.stream.once('close', resolve));
    this.unplug();
    await closed;
  }
}

/** Owns the master's read stream, which owns the descriptor. */
class MasterStream extends Duplex {
  #retry: NodeJS.Timeout | null = null;

  constructor(
    private readonly source: ReadStream,
    private readonly send: (bytes: Uint8Array) => number,
  ) {
    super({ allowHalfOpen: false });
    source.on('data', (bytes: Buffer) => {
      if (!this.push(bytes)) source.pause();
    });
    source.on('error', (error) => this.destroy(error));
  }

  override _read(): void {
    this.source.resume();
  }

  override _write(bytes: Buffer, encoding: BufferEncoding, done: () => void): void {
    const rest = bytes.subarray(this.send(bytes));
    if (rest.length === 0) done();
    else this.#retry = setTimeout(() => this._write(rest, encoding, done), fullRetryMs);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.#retry) clearTimeout(this.#retry);
    this.source.once('close', () => done(error));
    this.source.destroy();
  }
}

/** Else the kernel would echo what the device says before the program opens its end. */
function makeRaw(port: number): void {
  const settings = Buffer.alloc(termiosBytes);
  check(tcgetattr(port, settings), 'tcgetattr');
  cfmakeraw(settings);
  check(tcsetattr(port, TCSANOW, settings), 'tcsetattr');
}

function check(result: number, call: string): void {
  if (result !== 0) throw new Fault('port.unavailable', `no pseudo-terminal: ${call} failed`);
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}
