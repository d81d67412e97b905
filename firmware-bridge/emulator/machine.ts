import type { EEPROMBackend } from 'avr8js';
import intelHex from 'nrf-intel-hex';
import { assert } from '../../src/kernel/assert.js';
import { Fault } from '../../src/kernel/faults.js';
import { TimerQueue } from '../../src/kernel/virtual-time.js';
import type { Cancel } from '../../src/kernel/wait.js';
import { mega, type PinPlace, type PortName, pins } from './atmega2560.js';
import { Chip, type ResetCause } from './chip.js';
import type { PinDrive, PinLevel } from './io-port.js';
import { RxQueue } from './rx-queue.js';

/** The package's types have a default export where its module is the class itself. */
const MemoryMap = intelHex as unknown as typeof intelHex.default;

/** Stops what a listener began. */
export type Unsubscribe = () => void;

export interface MachineOptions {
  /** 4096 bytes, used and changed in place; a fresh one is erased. */
  readonly eeprom?: Uint8Array;
}

/**
 * A Mega 2560 board running one firmware image under virtual time: time passes only inside `run`.
 * Resets keep SRAM and EEPROM, power-off keeps EEPROM only. Pins are Arduino numbers, 0 to 69.
 */
export class Machine {
  /** Bytes for the board; without power they are lost. */
  readonly uart = new RxQueue(() => (this.#chip ? this.#chip.usart.wake() : this.uart.clear()));
  readonly #flash: Uint16Array;
  readonly #eeprom: EEPROMBackend;
  readonly #drives = new Map<number, PinDrive>();
  readonly #pinListeners = new Set<(pin: number, level: PinLevel) => void>();
  readonly #sentListeners = new Set<(byte: number) => void>();
  readonly #runListeners = new Set<() => void>();
  readonly #resetListeners = new Set<(cause: ResetCause) => void>();
  readonly #timers = new TimerQueue();
  #chip: Chip | null;
  #cycles = 0;
  #awakeCycles = 0;

  constructor(image: Uint8Array, { eeprom }: MachineOptions = {}) {
    assert(image.length === mega.flashBytes, 'an image fills the flash');
    this.#flash = new Uint16Array(image.slice().buffer);
    this.#eeprom = eepromIn(eeprom ?? new Uint8Array(mega.eepromBytes).fill(0xff));
    this.#chip = this.#boot('power-on', powerOnSram());
  }

  /** Cycles of the 16 MHz clock since the machine was made, powered or not. */
  get cycles(): number {
    return this.#chip?.cycles ?? this.#cycles;
  }

  /** The same in milliseconds. */
  get elapsedMs(): number {
    return this.cycles / (mega.clockHz / 1_000);
  }

  /** Cycles in which instructions ran; the rest was slept through and cost nothing. */
  get awakeCycles(): number {
    return this.#awakeCycles + (this.#chip?.awakeCycles ?? 0);
  }

  get running(): boolean {
    return this.#chip !== null;
  }

  /** Lets `durationMs` pass. */
  run(durationMs: number): void {
    this.runUntil(this.elapsedMs + durationMs);
  }

  /** Lets time pass until `elapsedMs` is (to within one instruction) the given moment. */
  runUntil(elapsedMs: number): void {
    const until = Math.round(elapsedMs * (mega.clockHz / 1_000));
    while (this.cycles < until) {
      const next = Math.min(until, this.#timers.next);
      if (this.#chip === null) this.#cycles = Math.max(this.#cycles, next);
      else this.#chip.runUntil(next);
      if (this.#chip?.watchdogBit) this.reset('watchdog');
      this.#timers.fire(this.cycles);
    }
    for (const listener of this.#runListeners) listener();
  }

  /** Does something to the machine or its surroundings once that much of its time has passed. */
  after(delayMs: number, act: () => void): Cancel {
    return this.#timers.add(this.cycles + Math.round(delayMs * (mega.clockHz / 1_000)), act);
  }

  /** Called at the end of every run. */
  onRun(listener: () => void): Unsubscribe {
    return subscribe(this.#runListeners, listener);
  }

  /** Begins anew with SRAM and EEPROM kept; every pin is an input again. Nothing when the power is off. */
  reset(cause: Exclude<ResetCause, 'power-on'> = 'external'): void {
    const sram = this.#retire();
    if (sram) this.#start(cause, sram);
  }

  /** Takes the supply away: every pin floats, SRAM is lost, bytes on the wire are lost. */
  powerOff(): void {
    this.#retire();
    this.uart.clear();
    this.#announce();
  }

  /** Brings the supply back. Nothing when it is there. */
  powerOn(): void {
    if (this.#chip === null) this.#start('power-on', powerOnSram());
  }

  /** Writes to a data address as a stray store would: a fault to test with. Nothing when the power is off. */
  poke(address: number, value: number): void {
    this.#chip?.poke(address, value);
  }

  /** What the board makes of a pin. */
  pinLevel(pin: number): PinLevel {
    const { port, bit } = place(pin);
    return this.#chip?.port(port).level(bit) ?? 'floating';
  }

  /** What the world does to a pin from now on, also across resets. */
  drivePin(pin: number, drive: PinDrive): void {
    const { port, bit } = place(pin);
    this.#drives.set(pin, drive);
    this.#chip?.port(port).drive(bit, drive);
  }

  /** Called at the very cycle the board changes what it makes of a pin. */
  onPinChange(listener: (pin: number, level: PinLevel) => void): Unsubscribe {
    return subscribe(this.#pinListeners, listener);
  }

  /** Called with each byte when its last bit has left the board. */
  onSent(listener: (byte: number) => void): Unsubscribe {
    return subscribe(this.#sentListeners, listener);
  }

  /** Called after each reset and return of power; pins are inputs already. */
  onReset(listener: (cause: ResetCause) => void): Unsubscribe {
    return subscribe(this.#resetListeners, listener);
  }

  #boot(cause: ResetCause, sram: Uint8Array): Chip {
    const chip = new Chip({
      flash: this.#flash,
      eeprom: this.#eeprom,
      sram,
      cause,
      cycles: this.#cycles,
      line: {
        next: () => this.uart.take(),
        sent: (byte) => {
          for (const listener of this.#sentListeners) listener(byte);
        },
      },
      onPins: (port, bits) => this.#changed(port, bits),
    });
    for (const [pin, drive] of this.#drives) chip.port(place(pin).port).drive(place(pin).bit, drive);
    return chip;
  }

  #start(cause: ResetCause, sram: Uint8Array): void {
    this.#chip = this.#boot(cause, sram);
    this.#chip.usart.wake();
    this.#announce();
    for (const listener of this.#resetListeners) listener(cause);
  }

  /** Takes the chip out and gives its SRAM; undefined when there was none. */
  #retire(): Uint8Array | undefined {
    const chip = this.#chip;
    if (chip === null) return undefined;
    chip.halt();
    this.#cycles = chip.cycles;
    this.#awakeCycles += chip.awakeCycles;
    this.#chip = null;
    return chip.sram();
  }

  #announce(): void {
    for (const pin of pins.keys()) this.#tell(pin);
  }

  #changed(port: PortName, bits: number): void {
    for (const [pin, at] of pins.entries()) {
      if (at.port === port && (bits >> at.bit) & 1) this.#tell(pin);
    }
  }

  #tell(pin: number): void {
    const level = this.pinLevel(pin);
    for (const listener of this.#pinListeners) listener(pin, level);
  }
}

/**
 * Makes a board from the text of an Intel hex file.
 * Throws `emulator.firmware` when it is not one for an ATmega2560.
 */
export function createMachine(hex: string, options?: MachineOptions): Machine {
  return new Machine(flashImage(hex), options);
}

/**
 * The flash of an ATmega2560 as an Intel hex file says, erased cells being 0xFF.
 * Throws `emulator.firmware` naming the record: a bad record, a wrong checksum, data outside the memory, data written twice,
 * anything after the end record, no end record.
 */
export function flashImage(hex: string): Uint8Array {
  try {
    const blocks = MemoryMap.fromHex(hex);
    for (const [address, { length }] of blocks) {
      if (address + length > mega.flashBytes) throw new Error('there is data outside the memory');
    }
    return blocks.slicePad(0, mega.flashBytes);
  } catch (error) {
    throw new Fault('emulator.firmware', error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}

function place(pin: number): PinPlace {
  const found = pins[pin];
  assert(found !== undefined, `pin ${pin} is 0 to 69`);
  return found;
}

function subscribe<Listener>(listeners: Set<Listener>, listener: Listener): Unsubscribe {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Cells lose bits when written and get them back when erased. */
function eepromIn(cells: Uint8Array): EEPROMBackend {
  assert(cells.length === mega.eepromBytes, 'the EEPROM has 4096 bytes');
  const cell = (address: number) => cells[address % cells.length] ?? 0xff;
  return {
    readMemory: cell,
    writeMemory: (address, value) => cells.fill(cell(address) & value, address, address + 1),
    eraseMemory: (address) => cells.fill(0xff, address, address + 1),
  };
}

/** SRAM holds anything after power-on: a fixed scramble, so that firmware that relies on zeros is found out. */
function powerOnSram(): Uint8Array {
  let x = 0x2560;
  return Uint8Array.from({ length: mega.sramBytes }, () => {
    x = (Math.imul(x, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return x >> 16;
  });
}
