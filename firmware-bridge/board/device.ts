import type { Firmata } from 'firmata-io';
import { Fault } from '../../src/kernel/faults.js';
import { limits } from '../../src/kernel/limits.js';
import type { Log } from '../../src/kernel/log.js';
import { type Cancel, repeat, type Wait } from '../../src/kernel/wait.js';
import type { Port } from '../port/index.js';
import { createFiveBoard, type FiveBoard, releaseFiveBoard } from './five-board.js';
import { FirmataIo, receiveFrames } from './sysex.js';
import { FilteredTransport } from './transport.js';
import type { Frame } from './wire.js';

/** The name our firmware gives itself in Firmata's firmware report. */
const ourName = 'lening';
/** Firmata's "which protocol?" and "which firmware?": asking moves no pin, whatever the firmware. */
const identityQuery = Uint8Array.of(0xf9, 0xf0, 0x79, 0xf7);
/** The deadlines of the libraries, which know less than we do, shall never come first. */
const libraryTimeoutMs = 2 * limits.boardReadyMs;

/** Whatever is on an open port, seen through filter, firmata-io and johnny-five: made and dropped together. */
export class BoardDevice {
  readonly five: FiveBoard;
  readonly #port: Port;
  readonly #transport: FilteredTransport;
  readonly #io: Firmata;
  readonly #wait: Wait;
  #cancelHello: Cancel = () => undefined;
  #cancelDescription: Cancel | undefined;
  #versionSeen = false;
  #noise = 0;

  constructor(port: Port, log: Log, wait: Wait) {
    this.#port = port;
    this.#wait = wait;
    this.#transport = new FilteredTransport(port);
    this.#io = new FirmataIo(this.#transport, { reportVersionTimeout: libraryTimeoutMs });
    this.five = createFiveBoard(this.#io, libraryTimeoutMs, (text) => log.debug({ text }, 'johnny-five'));
  }

  /**
   * Starts reading and resolves when johnny-five is ready; to be called in the tick the port was opened.
   * Rejects with `board.foreign` when another firmware answers, with `board.lost` when ours does not go on to describe its
   * pins; never settles when none answers.
   */
  identify(onFrame: (frame: Frame) => void): Promise<void> {
    receiveFrames(this.#io, onFrame);
    return new Promise((resolve, reject) => {
      this.#io.once('reportversion', () => {
        this.#versionSeen = true;
      });
      this.#io.once('queryfirmware', () => {
        this.#cancelHello();
        // This listener came before firmata-io's own, which asks on.
        if (this.firmwareName !== ourName) {
          reject(new Fault('board.foreign', `${this.#port.path} runs "${this.firmwareName}"`));
          return;
        }
        this.#transport.trust();
        // firmata-io asks for the description once; an answer that noise has eaten never comes.
        this.#cancelDescription ??= this.#wait(limits.boardDescriptionMs, () =>
          reject(this.identificationFault()),
        );
      });
      this.five.on('ready', () => {
        this.#cancelDescription?.();
        resolve();
      });
      this.#transport.open();
      // A board that was just reset by the opening is deaf at first and then speaks unasked; one that was not, waits.
      const ask = () => this.#port.write(identityQuery);
      this.#cancelHello = repeat(this.#wait, limits.boardHelloRepeatMs, ask);
      ask();
    });
  }

  /** What the firmware calls itself; empty before it answered. */
  get firmwareName(): string {
    return this.#io.firmware.name ?? '';
  }

  /** Why `identify` has not settled, as far as one can tell. */
  identificationFault(): Fault {
    const { path } = this.#port;
    const noise = this.#noise + this.#transport.takeDiscarded();
    if (this.#versionSeen) return new Fault('board.lost', `${path} did not finish saying what it is`);
    if (noise > 0) return new Fault('board.foreign', `${path} sends bytes that are not Firmata`);
    return new Fault('board.silent', `${path} is open but nothing there answers`);
  }

  /** `listener` is called whenever the board reports its version, as it does after a reset. */
  onVersion(listener: () => void): void {
    this.#io.on('reportversion', listener);
  }

  /** Puts a whole frame (F0 to F7) on the port at once. */
  send(frame: Uint8Array): void {
    this.#io.sysexCommand([...frame.subarray(1, -1)]);
  }

  /** Bytes that were no message, since this was last asked. */
  takeNoise(): number {
    const discarded = this.#transport.takeDiscarded();
    this.#noise += discarded;
    return discarded;
  }

  /** Releases everything but the port. */
  release(): void {
    this.#cancelHello();
    this.#cancelDescription?.();
    releaseFiveBoard(this.five, this.#io);
    this.#transport.removeAllListeners();
  }
}
