import type { CPU } from 'avr8js';

/** What the board makes of a pin; `floating` and `pulled-up` are inputs. */
export type PinLevel = 'low' | 'high' | 'floating' | 'pulled-up';
/** What the world outside does to a pin; a released one follows its pull-up (and reads low without). */
export type PinDrive = 'low' | 'high' | 'released';

/**
 * One 8-bit I/O port, with the pull-ups and outside drivers that door switches need.
 * Pin-change and external interrupts are not modelled.
 */
export class IoPort {
  readonly #ddr: number;
  readonly #port: number;
  #driven = 0;
  #drivenHigh = 0;

  /** `pin` is the address of the PIN register; `onChange` gets the bits whose level may have changed. */
  constructor(
    private readonly cpu: CPU,
    private readonly pin: number,
    private readonly onChange: (bits: number) => void,
  ) {
    this.#ddr = pin + 1;
    this.#port = pin + 2;
    cpu.writeHooks[this.#ddr] = (value) => this.#set(this.#ddr, value);
    cpu.writeHooks[this.#port] = (value) => this.#set(this.#port, value);
    // Writing ones to PIN toggles PORT (datasheet 13.2.2).
    cpu.writeHooks[pin] = (value, _old, _address, mask) =>
      this.#set(this.#port, this.#register(this.#port) ^ (value & mask));
  }

  level(bit: number): PinLevel {
    const set = (this.#register(this.#port) >> bit) & 1;
    if ((this.#register(this.#ddr) >> bit) & 1) return set ? 'high' : 'low';
    return set ? 'pulled-up' : 'floating';
  }

  drive(bit: number, drive: PinDrive): void {
    const mask = 1 << bit;
    this.#driven = drive === 'released' ? this.#driven & ~mask : this.#driven | mask;
    this.#drivenHigh = drive === 'high' ? this.#drivenHigh | mask : this.#drivenHigh & ~mask;
    this.#read();
  }

  #set(register: number, value: number): true {
    const changed = this.#register(register) ^ value;
    this.cpu.data[register] = value;
    this.#read();
    if (changed) this.onChange(changed);
    return true;
  }

  #read(): void {
    const ddr = this.#register(this.#ddr);
    const port = this.#register(this.#port);
    const outside = (this.#driven & this.#drivenHigh) | (~this.#driven & port);
    this.cpu.data[this.pin] = (ddr & port) | (~ddr & outside);
  }

  #register(address: number): number {
    return this.cpu.data[address] ?? 0;
  }
}
