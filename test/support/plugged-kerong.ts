import { readFileSync } from 'node:fs';
import type { Test } from 'tap';
import type { KerongOptions } from '../../firmware-bridge/emulator/kerong-machine.js';
import { WiredKerong } from '../../firmware-bridge/emulator/wired-kerong.js';
import { type Cabinet, type KerongBoard, parseCabinet } from '../../hardware/cabinet.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { opensAll } from './kerong-frames.js';
import { PluggedDevice } from './plugged-device.js';
import { type VirtualHost, virtualHost } from './virtual-host.js';

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

/** A Kerong board that enforces its protocol, in a test's time, wired to its lockers. */
export class PluggedKerong extends PluggedDevice {
  readonly wired: WiredKerong;

  /** `device` differs from `described` for a board that is not as described. */
  constructor(host: VirtualHost, described: KerongBoard, device: Partial<KerongOptions> = {}) {
    const wired = new WiredKerong(described, undefined, device);
    const answerBytes = (device.dialect ?? described.dialect) === 'cu48' ? 12 : 9;
    super(host, described.board, wired.machine, (sent) => sent.length - (sent.length % answerBytes));
    this.wired = wired;
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
  const plugged = new PluggedKerong(virtualHost(test), described, device);
  test.teardown(() => {
    const { violations } = plugged.wired.machine;
    if (violations.length > 0) throw new Error(violations.join('; '));
    if (opensAll(Uint8Array.from(plugged.heard))) throw new Error('the driver asked for all locks');
  });
  return plugged;
}
