import { Duplex } from 'node:stream';
import type { Placement } from '../../../../firmware-bridge/emulator/cabinet.js';
import { createMachine, type Machine } from '../../../../firmware-bridge/emulator/machine.js';
import { PtyPlug } from '../../../../firmware-bridge/emulator/plug.js';
import { RealTimeRunner } from '../../../../firmware-bridge/emulator/real-time.js';
import { UartStream } from '../../../../firmware-bridge/emulator/uart-stream.js';
import { WiredCabinet } from '../../../../firmware-bridge/emulator/wired-cabinet.js';
import type { MegaBoard } from '../../../../hardware/cabinet.js';
import { limits } from '../../../../src/kernel/limits.js';
import type { Random } from '../../support/random.js';
import type { ObservationLog } from './observation.js';

export interface TorturedBoardOptions {
  readonly firmwareHex: string;
  readonly eeprom: Uint8Array;
  readonly wiring: MegaBoard;
  readonly placements: readonly Placement[];
  /** The name of its port, which is there while it is plugged in. */
  readonly path: string;
  readonly log: ObservationLog;
}

/** The real firmware on the emulated board with a cabinet's locks and doors, whose every pin and contact is watched. */
export class TorturedBoard {
  readonly machine: Machine;
  readonly cabinet: WiredCabinet;
  readonly line: NoisyLine;
  readonly plug: PtyPlug;
  readonly #runner: RealTimeRunner;
  readonly #uart: UartStream;
  readonly #unlockListeners = new Set<(locker: number) => void>();

  constructor({ firmwareHex, eeprom, wiring, placements, path, log }: TorturedBoardOptions) {
    this.machine = createMachine(firmwareHex, { eeprom });
    watchContacts(this.machine, wiring, log);
    this.#watchLocks(wiring, log);
    this.cabinet = new WiredCabinet(this.machine, wiring, placements);
    this.#runner = new RealTimeRunner(this.machine);
    this.#uart = new UartStream(this.machine, (touch) => this.#runner.act(touch));
    this.line = new NoisyLine(this.#uart);
    this.plug = new PtyPlug(path, this.line);
  }

  start(): void {
    this.plug.plug();
    this.#runner.start();
  }

  /** Does something to machine or cabinet at the present moment. */
  act<Value>(touch: () => Value): Value {
    return this.#runner.act(touch);
  }

  /** Called when a lock has gone on; returns how to stop that. */
  onUnlock(listener: (locker: number) => void): () => void {
    this.#unlockListeners.add(listener);
    return () => {
      this.#unlockListeners.delete(listener);
    };
  }

  async close(): Promise<void> {
    this.#runner.stop();
    await this.plug.close();
    this.line.destroy();
    this.#uart.destroy();
  }

  #watchLocks({ relays, lockers }: MegaBoard, log: ObservationLog): void {
    const { machine } = this;
    const onLevel = relays === 'active-high' ? 'high' : 'low';
    const byPin = new Map(lockers.map(({ locker, lockPin }) => [lockPin, { locker, on: false }]));
    machine.onPinChange((pin, level) => {
      const lock = byPin.get(pin);
      const on = level === onLevel;
      if (!lock || lock.on === on) return;
      lock.on = on;
      log.add({ kind: 'relay', locker: lock.locker, on, boardMs: machine.elapsedMs });
      if (on) for (const listener of this.#unlockListeners) listener(lock.locker);
    });
  }
}

/** Sees every move of a door's contact, whoever moves it. */
function watchContacts(machine: Machine, { lockers }: MegaBoard, log: ObservationLog): void {
  const doors = new Map(lockers.map((each) => [each.doorPin, { ...each, last: '' }]));
  const drive = machine.drivePin.bind(machine);
  machine.drivePin = (pin, level) => {
    drive(pin, level);
    const at = doors.get(pin);
    if (!at || at.last === level) return;
    at.last = level;
    const isContactClosed = level === 'low';
    const door = isContactClosed === (at.doorSwitch === 'closed-when-open') ? 'open' : 'closed';
    log.add({ kind: 'switch', locker: at.locker, door });
  };
}

/** What a line makes of bytes on their way. */
export type LineFault = (bytes: Buffer) => Buffer;

const sound: LineFault = (bytes) => bytes;

/** A line to a device that can be made to damage what passes, in either direction. */
class NoisyLine extends Duplex {
  toDevice: LineFault = sound;
  fromDevice: LineFault = sound;

  constructor(private readonly device: Duplex) {
    super({ allowHalfOpen: false });
    device.on('data', (bytes: Buffer) => this.babble(this.fromDevice(bytes)));
  }

  /** Bytes for the host, whether the device sent them or not; lost when nobody takes them. */
  babble(bytes: Buffer): void {
    if (this.readableLength + bytes.length <= limits.emulatorUartBytes) this.push(bytes);
  }

  override _read(): void {
    // The device sends when it likes.
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.device.write(this.toDevice(bytes), done);
  }
}

/** Flips a bit of, drops, or puts a byte before so many of the bytes as `share` says. */
export function noise(random: Random, share: number): LineFault {
  return (bytes) => {
    const arriving: number[] = [];
    for (const byte of bytes) {
      if (!random.chance(share)) {
        arriving.push(byte);
        continue;
      }
      const what = random.pick(['flipped', 'dropped', 'inserted'] as const);
      if (what === 'flipped') arriving.push(byte ^ (1 << random.between(0, 7)));
      if (what === 'inserted') arriving.push(random.between(0, 255), byte);
    }
    return Buffer.from(arriving);
  };
}

/** A burst of bytes that nobody sent. */
export function burst(random: Random): Buffer {
  return Buffer.from(Array.from({ length: random.between(1, 80) }, () => random.between(0, 255)));
}
