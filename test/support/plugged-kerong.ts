import { readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { KerongOptions } from '../../firmware-bridge/emulator/kerong-machine.js';
import { RealTimeRunner } from '../../firmware-bridge/emulator/real-time.js';
import { WiredKerong } from '../../firmware-bridge/emulator/wired-kerong.js';
import { type Cabinet, type KerongBoard, parseCabinet } from '../../hardware/cabinet.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { opensAll } from './kerong-frames.js';
import type { LineFault } from './plugged-board.js';
import { openPty, type Pty } from './pty.js';

/** The one board of a cabinet that is a Kerong. */
export function kerongIn({ boards }: Cabinet): KerongBoard {
  const [kerong] = boards.filter((board) => board.kind === 'kerong');
  if (!kerong) throw new Error('no Kerong in it');
  return kerong;
}

const yaml = readFileSync(new URL('hardware/kerong-24.yaml', packageRoot), 'utf8');

/** The board of the Kerong cabinet that ships with the kiosk. */
export const kerong24 = kerongIn(parseCabinet(yaml, 'kerong-24.yaml'));

/** A board of CU16 at address 3 with sixteen lockers. */
export const kerong16: KerongBoard = {
  ...kerong24,
  dialect: 'cu16',
  address: 3,
  lockers: kerong24.lockers.slice(0, 16),
};

/** A Kerong board that enforces its protocol, wired to its lockers and plugged into a real pseudo-terminal. */
export class PluggedKerong {
  readonly wired: WiredKerong;
  /** Sets what the line does to bytes on their way. */
  toBoard: LineFault = (bytes) => bytes;
  /** Gets whole answers; without it they arrive in pieces, as they do on a real line. */
  fromBoard: LineFault | undefined;
  /** All bytes that the host has sent, over all plugs. */
  readonly heard: number[] = [];
  readonly path: string;
  readonly #runner: RealTimeRunner;
  readonly #answerBytes: number;
  #sent: number[] = [];
  #pty: Pty | undefined;

  /** `folder` holds the name of the port. `device` differs from `described` for a board that is not as described. */
  constructor(folder: string, described: KerongBoard = kerong24, device: Partial<KerongOptions> = {}) {
    this.path = join(folder, 'kerong');
    this.wired = new WiredKerong(described, undefined, device);
    const { machine } = this.wired;
    this.#answerBytes = (device.dialect ?? described.dialect) === 'cu48' ? 12 : 9;
    this.#runner = new RealTimeRunner(machine);
    machine.onSent((byte) => this.#sent.push(byte));
    machine.onRun(() => this.#deliver());
    this.plug();
    this.#runner.start();
  }

  plug(): void {
    const pty = openPty();
    pty.onData((bytes) => {
      this.heard.push(...bytes);
      const arriving = this.toBoard(bytes);
      this.act(() => this.wired.machine.uart.write(Buffer.from(arriving)));
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

  /** Does something to board or lockers at the present moment. */
  act<Value>(touch: (wired: WiredKerong) => Value): Value {
    return this.#runner.act(() => touch(this.wired));
  }

  close(): void {
    this.#runner.stop();
    this.unplug();
  }

  #deliver(): void {
    if (this.#sent.length < (this.fromBoard ? this.#answerBytes : 1)) return;
    const sent = Uint8Array.from(this.#sent);
    const bytes = this.fromBoard?.(sent) ?? sent;
    this.#sent = [];
    if (bytes.length > 0) this.#pty?.write(bytes);
  }
}

/**
 * A Kerong board for the length of a test. At its end, whatever the driver wrote must not have come near an order for all
 * locks, nor have disturbed the board.
 */
export function plugKerong(
  test: Test,
  described: KerongBoard = kerong24,
  device: Partial<KerongOptions> = {},
): PluggedKerong {
  const plugged = new PluggedKerong(test.testdir({}), described, device);
  test.teardown(() => {
    plugged.close();
    const { violations } = plugged.wired.machine;
    if (violations.length > 0) throw new Error(violations.join('; '));
    if (opensAll(Uint8Array.from(plugged.heard))) throw new Error('the driver asked for all locks');
  });
  return plugged;
}
