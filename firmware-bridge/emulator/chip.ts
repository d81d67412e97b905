import { AVRClock, AVREEPROM, AVRWatchdog, avrInstruction, CPU, type EEPROMBackend } from 'avr8js';
import { assert } from '../../src/kernel/assert.js';
import { mega, type PortName, ports, timers } from './atmega2560.js';
import { IoPort } from './io-port.js';
import { Timer } from './timer.js';
import { type UartLine, Usart } from './usart.js';

/** Why the board began anew: the bit of MCUSR (datasheet 12.5.1). */
export const resetCauses = { 'power-on': 1, external: 2, 'brown-out': 4, watchdog: 8 } as const;
export type ResetCause = keyof typeof resetCauses;

const SLEEP = 0x9588;
const SEI = 0x9478;
const RETI = 0x9518;
const SE = 0x01;
const SM = 0x0e;
const WDCE = 0x10;
const WDE = 0x08;

/** What a chip is wired to and what outlives its resets. */
export interface ChipOptions {
  readonly flash: Uint16Array;
  readonly eeprom: EEPROMBackend;
  /** Copied in as it is; a reset does not clear SRAM. */
  readonly sram: Uint8Array;
  readonly cause: ResetCause;
  /** The cycle the clock stands at. */
  readonly cycles: number;
  readonly line: UartLine;
  readonly onPins: (port: PortName, bits: number) => void;
}

/** One ATmega2560 from one reset to the next: avr8js's core with the peripherals the firmware uses. */
export class Chip {
  readonly usart: Usart;
  /** Cycles spent executing, not asleep. */
  awakeCycles = 0;
  /** True once the watchdog has bitten: the chip is finished and a new one must take its place. */
  watchdogBit = false;
  readonly #cpu: CPU;
  readonly #ports = new Map<PortName, IoPort>();
  #asleep = false;
  #halted = false;

  constructor({ flash, eeprom, sram, cause, cycles, line, onPins }: ChipOptions) {
    // avr8js counts 256 bytes of registers; the 2560 has 512.
    const cpu = new CPU(flash, mega.sramBytes + mega.sramStart - 0x100);
    this.#cpu = cpu;
    cpu.cycles = cycles;
    cpu.data.set(sram, mega.sramStart);
    cpu.data[mega.registers.MCUSR] = resetCauses[cause];
    new AVREEPROM(cpu, eeprom, {
      ...mega.registers,
      eepromReadyInterrupt: mega.vectors.eepromReady,
      eraseCycles: mega.eepromHalfCycles,
      writeCycles: mega.eepromHalfCycles,
    });
    this.#attachWatchdog(cause);
    for (const map of timers) new Timer(cpu, map);
    this.usart = new Usart(cpu, line);
    for (const [name, pin] of Object.entries(ports) as [PortName, number][]) {
      this.#ports.set(name, new IoPort(cpu, pin, (bits) => onPins(name, bits)));
    }
  }

  get cycles(): number {
    return this.#cpu.cycles;
  }

  /** Ends a run under way after the present instruction: the power went, or a reset came. */
  halt(): void {
    this.#halted = true;
  }

  /** A copy of the SRAM, for the chip after the next reset. */
  sram(): Uint8Array {
    return this.#cpu.data.slice(mega.sramStart);
  }

  /** A store of the program that the program does not know of. */
  poke(address: number, value: number): void {
    this.#cpu.writeData(address, value);
  }

  port(name: PortName): IoPort {
    const port = this.#ports.get(name);
    assert(port !== undefined, `the chip has port ${name}`);
    return port;
  }

  /** Runs until the clock reaches `cycle` (at most one instruction beyond) or the watchdog bites. */
  runUntil(cycle: number): void {
    const cpu = this.#cpu;
    while (cpu.cycles < cycle && !this.#halted) {
      if (this.#asleep) this.#sleep(cycle);
      else this.#awake(cycle);
    }
  }

  #awake(cycle: number): void {
    const cpu = this.#cpu;
    const { progMem } = cpu;
    const start = cpu.cycles;
    while (cpu.cycles < cycle && !this.#halted) {
      const opcode = progMem[cpu.pc];
      avrInstruction(cpu);
      // After SEI and RETI one more instruction runs before an interrupt: `sei; sleep` cannot miss its wake-up.
      if (opcode === SEI || opcode === RETI) continue;
      if (opcode === SLEEP && this.#fallsAsleep()) {
        this.#asleep = true;
        break;
      }
      cpu.tick();
    }
    this.awakeCycles += cpu.cycles - start;
  }

  #fallsAsleep(): boolean {
    const cpu = this.#cpu;
    const mode = cpu.data[mega.registers.SMCR] ?? 0;
    if (!(mode & SE)) return false;
    assert((mode & SM) === 0, 'the emulator knows no sleep mode but idle');
    return cpu.nextInterrupt < 0;
  }

  /** Jumps to the next clock event; an interrupt that it raises wakes the chip. */
  #sleep(cycle: number): void {
    const cpu = this.#cpu;
    const asleepAt = cpu.pc;
    cpu.cycles = Math.max(cpu.cycles, Math.min(cycle, nextEventCycle(cpu)));
    cpu.tick();
    if (cpu.pc !== asleepAt) this.#asleep = false;
  }

  #attachWatchdog(cause: ResetCause): void {
    const cpu = this.#cpu;
    const { MCUSR, WDTCSR } = mega.registers;
    const config = { MCUSR, WDTCSR, watchdogInterrupt: mega.vectors.watchdog };
    new AVRWatchdog(cpu, config, new AVRClock(cpu, mega.clockHz));
    cpu.reset = () => {
      this.watchdogBit = true;
      this.halt();
    };
    const write = cpu.writeHooks[WDTCSR];
    assert(write !== undefined, 'avr8js hooks WDTCSR');
    // WDRF holds WDE on: firmware that does not clear MCUSR first cannot stop the watchdog (datasheet 12.5.2).
    cpu.writeHooks[WDTCSR] = (value, old, address, mask) => {
      const held = (cpu.data[MCUSR] ?? 0) & resetCauses.watchdog ? WDE : 0;
      return write(value | held, old, address, mask);
    };
    if (cause === 'watchdog') {
      // The watchdog goes on after its own reset, at its shortest period.
      cpu.writeData(WDTCSR, WDCE | WDE);
      cpu.writeData(WDTCSR, WDE);
    }
  }
}

/** avr8js keeps its event list private; only the time of the first entry is read. */
function nextEventCycle(cpu: CPU): number {
  const first = Reflect.get(cpu, 'nextClockEvent') as { readonly cycles: number } | null;
  return first === null ? Number.POSITIVE_INFINITY : first.cycles;
}
