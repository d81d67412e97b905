import { readFileSync } from 'node:fs';
import { createMachine, type Machine } from '../../firmware-bridge/emulator/machine.js';
import { WiredCabinet } from '../../firmware-bridge/emulator/wired-cabinet.js';
import { type MegaBoard, megasOf, parseCabinet } from '../../hardware/cabinet.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { firmwareHex } from './hex-file.js';
import { PluggedDevice } from './plugged-device.js';
import type { VirtualHost } from './virtual-host.js';

/** The one board of a cabinet description. */
export function megaIn(yaml: string): MegaBoard {
  const [mega] = megasOf(parseCabinet(yaml, 'cabinet.yaml'));
  if (!mega) throw new Error('no Mega in it');
  return mega;
}

/** The board of the cabinet that ships with the kiosk. */
export const mega24 = megaIn(readFileSync(new URL('hardware/mega-24.yaml', packageRoot), 'utf8'));

/** A board with the real firmware; its time runs only when it is told to. */
export const newMachine = (): Machine => createMachine(firmwareHex());

/** Up to the last sysex message that is not finished. */
function wholeBytes(sent: readonly number[]): number {
  const begun = sent.lastIndexOf(0xf0);
  return begun > sent.lastIndexOf(0xf7) ? begun : sent.length;
}

/** The real firmware on an emulated Mega in a test's time, wired to its cabinet. */
export class PluggedBoard extends PluggedDevice {
  readonly machine: Machine;
  readonly cabinet: WiredCabinet;

  constructor(host: VirtualHost, wiring: MegaBoard = mega24) {
    const machine = newMachine();
    const cabinet = new WiredCabinet(machine, wiring);
    super(host, wiring.board, machine, wholeBytes);
    this.machine = machine;
    this.cabinet = cabinet;
  }

  /** Locks whose coil is on. */
  locksOn(): number[] {
    return this.act(() => this.cabinet.lockers())
      .filter(({ relayOn }) => relayOn)
      .map(({ locker }) => locker);
  }
}
