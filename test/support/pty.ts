import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import koffi from 'koffi';

const libc = koffi.load('libc.so.6');
const posixOpenpt = libc.func('int posix_openpt(int)');
const grantpt = libc.func('int grantpt(int)');
const unlockpt = libc.func('int unlockpt(int)');
const ptsname = libc.func('str ptsname(int)');
const tcgetattr = libc.func('int tcgetattr(int, void *)');
const tcsetattr = libc.func('int tcsetattr(int, int, void *)');
const cfmakeraw = libc.func('void cfmakeraw(void *)');
/** Larger than `struct termios` of any Linux. */
const TERMIOS_BYTES = 128;

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
  const master: number = posixOpenpt(constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  if (master < 0 || grantpt(master) !== 0 || unlockpt(master) !== 0) throw new Error('no pseudo-terminal');
  const path: string = ptsname(master);
  // Kept open: with no program at the other end the kernel would report an error on this side for ever.
  const keeper = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  makeRaw(keeper);
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

/** Without this the kernel would echo what the device says before the program opens its end. */
function makeRaw(slave: number): void {
  const termios = Buffer.alloc(TERMIOS_BYTES);
  tcgetattr(slave, termios);
  cfmakeraw(termios);
  tcsetattr(slave, 0, termios);
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
