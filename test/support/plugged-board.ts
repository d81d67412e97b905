import { readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createMachine, type Machine } from '../../firmware-bridge/emulator/machine.js';
import { RealTimeRunner } from '../../firmware-bridge/emulator/real-time.js';
import { WiredCabinet } from '../../firmware-bridge/emulator/wired-cabinet.js';
import { type MegaBoard, megasOf, parseCabinet } from '../../hardware/cabinet.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { openPty, type Pty } from './pty.js';

/** The one board of a cabinet description. */
export function megaIn(yaml: string): MegaBoard {
  const [mega] = megasOf(parseCabinet(yaml, 'cabinet.yaml'));
  if (!mega) throw new Error('no Mega in it');
  return mega;
}

/** The board of the cabinet that ships with the kiosk. */
export const mega24 = megaIn(readFileSync(new URL('hardware/mega-24.yaml', packageRoot), 'utf8'));

const firmwareHex = readFileSync(new URL('firmware-bridge/firmware/lening.hex', packageRoot), 'utf8');

/** A board with the real firmware; its time runs only when it is told to. */
export const newMachine = (): Machine => createMachine(firmwareHex);

/** What a line does to bytes (whole frames, if the board sent them) on their way; returns what arrives. */
export type LineFault = (bytes: Uint8Array) => Uint8Array;
const soundLine: LineFault = (bytes) => bytes;

/**
 * The real firmware on the emulated board, wired to its cabinet and plugged into a real pseudo-terminal whose `path`
 * stays the same when it is plugged in again, as a udev name does.
 */
export class PluggedBoard {
  readonly machine = newMachine();
  readonly cabinet: WiredCabinet;
  /** Set these to damage the line. */
  toBoard: LineFault = soundLine;
  fromBoard: LineFault = soundLine;
  /** All bytes that the host has sent, over all plugs. */
  readonly heard: number[] = [];
  readonly path: string;
  readonly #runner = new RealTimeRunner(this.machine);
  #sent: number[] = [];
  #pty: Pty | undefined;

  /** `folder` holds the name of the port. */
  constructor(folder: string, wiring: MegaBoard = mega24) {
    this.path = join(folder, 'board');
    this.cabinet = new WiredCabinet(this.machine, wiring);
    this.machine.onSent((byte) => this.#sent.push(byte));
    this.machine.onRun(() => this.#deliver());
    this.plug();
    this.#runner.start();
  }

  plug(): void {
    const pty = openPty();
    pty.onData((bytes) => {
      this.heard.push(...bytes);
      const arriving = this.toBoard(bytes);
      this.act(() => this.machine.uart.write(Buffer.from(arriving)));
    });
    this.#pty = pty;
    rmSync(this.path, { force: true });
    symlinkSync(pty.path, this.path);
  }

  unplug(): void {
    this.#pty?.unplug();
    this.#pty = undefined;
    rmSync(this.path, { force: true });
  }

  /** Bytes on the line that no board sent. */
  babble(bytes: Uint8Array): void {
    this.#pty?.write(bytes);
  }

  /** What the host has put on the line and the board has not taken yet; waits for it without a turn of the event loop. */
  takeFromLine(): Uint8Array {
    return this.#pty?.readNow() ?? new Uint8Array();
  }

  /** Does something to machine or cabinet at the present moment. */
  act<Value>(touch: () => Value): Value {
    return this.#runner.act(touch);
  }

  /** The board's clock stands still: it neither hears nor says anything. */
  freeze(): void {
    this.#runner.stop();
  }

  /** Locks whose coil is on. */
  locksOn(): number[] {
    return this.act(() => this.cabinet.lockers())
      .filter(({ relayOn }) => relayOn)
      .map(({ locker }) => locker);
  }

  close(): void {
    this.#runner.stop();
    this.unplug();
  }

  /** Passes on whole frames only, so that a line fault meets them whole. */
  #deliver(): void {
    const end =
      this.#sent.lastIndexOf(0xf0) > this.#sent.lastIndexOf(0xf7) ? this.#sent.lastIndexOf(0xf0) : undefined;
    const whole = this.#sent.slice(0, end);
    this.#sent = end === undefined ? [] : this.#sent.slice(end);
    if (whole.length > 0) this.#pty?.write(this.fromBoard(Uint8Array.from(whole)));
  }
}
