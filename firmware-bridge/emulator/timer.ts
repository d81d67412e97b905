import type { CPU } from 'avr8js';
import { AssertionError, assert } from '../../src/kernel/assert.js';
import type { TimerMap } from './atmega2560.js';

const overflowBit = 0x01;

/**
 * One timer in Normal or CTC mode. It schedules the next compare match or overflow and works TCNT out when read,
 * where avr8js's own timer wakes for every tick: a board asleep between 1 ms ticks then costs almost nothing.
 * Other waveform modes are refused by assertion rather than run wrongly.
 */
export class Timer {
  readonly #max: number;
  readonly #overflow;
  readonly #matches;
  #count = 0;
  /** Cycle of the prescaler tick at which `#count` was right. */
  #countedAt = 0;
  #divider = 0;
  #top: number;
  /** The 16-bit timers' shared high byte (datasheet 17.3). */
  #high = 0;
  readonly #fire = () => {
    this.#settle();
    this.#schedule();
  };

  constructor(
    private readonly cpu: CPU,
    private readonly map: TimerMap,
  ) {
    this.#max = map.bits === 8 ? 0xff : 0xffff;
    this.#top = this.#max;
    const flag = { flagRegister: map.TIFR, enableRegister: map.TIMSK };
    this.#overflow = { ...flag, address: map.overflowVector, flagMask: overflowBit, enableMask: overflowBit };
    this.#matches = map.compares.map(({ OCR, vector, bit }) => ({
      OCR,
      interrupt: { ...flag, address: vector, flagMask: bit, enableMask: bit },
    }));
    this.#hookCounts();
    for (const register of [map.TCCRA, map.TCCRB]) {
      cpu.writeHooks[register] = (value) => this.#change(() => this.#configure(register, value));
    }
    cpu.writeHooks[map.TIFR] = (value) => {
      for (const each of this.#interrupts()) cpu.clearInterruptByFlag(each, value);
      return true;
    };
    cpu.writeHooks[map.TIMSK] = (value) => {
      for (const each of this.#interrupts()) cpu.updateInterruptEnable(each, value);
    };
  }

  #interrupts() {
    return [this.#overflow, ...this.#matches.map((match) => match.interrupt)];
  }

  #hookCounts(): void {
    const { cpu, map } = this;
    cpu.readHooks[map.TCNT] = () => {
      this.#settle();
      if (map.bits === 16) cpu.data[map.TCNT + 1] = this.#count >> 8;
      return this.#count & 0xff;
    };
    this.#hookWord(map.TCNT, (value) => {
      this.#count = value;
    });
    for (const { OCR } of map.compares) this.#hookWord(OCR, (value) => this.#store(OCR, value));
    const { ICR } = map;
    if (ICR !== null) this.#hookWord(ICR, (value) => this.#store(ICR, value));
  }

  /** A register of the timer's width: the high byte waits in `#high` until the low byte is written. */
  #hookWord(register: number, write: (value: number) => void): void {
    const wide = this.map.bits === 16;
    this.cpu.writeHooks[register] = (value) =>
      this.#change(() => {
        write(wide ? this.#high * 256 + value : value);
        this.#top = this.#topOf();
      });
    if (!wide) return;
    this.cpu.writeHooks[register + 1] = (value) => {
      this.#high = value;
      return true;
    };
  }

  #store(register: number, value: number): void {
    this.cpu.data[register] = value & 0xff;
    if (this.map.bits === 16) this.cpu.data[register + 1] = value >> 8;
  }

  #load(register: number): number {
    const low = this.cpu.data[register] ?? 0;
    return this.map.bits === 16 ? low + (this.cpu.data[register + 1] ?? 0) * 256 : low;
  }

  #configure(register: number, value: number): void {
    this.cpu.data[register] = value;
    const divider = this.map.dividers[this.#register(this.map.TCCRB) & 0x07] ?? 0;
    if (divider !== this.#divider) this.#countedAt = this.cpu.cycles;
    this.#divider = divider;
    this.#top = this.#topOf();
  }

  #topOf(): number {
    const [first] = this.#matches;
    assert(first !== undefined, 'a timer has compare registers');
    const low = this.#register(this.map.TCCRA) & 0x03;
    const high = this.#register(this.map.TCCRB) & (this.map.bits === 8 ? 0x08 : 0x18);
    if (low === 0 && high === 0) return this.#max;
    if (this.map.bits === 8 ? low === 2 && high === 0 : low === 0 && high === 0x08)
      return this.#load(first.OCR);
    if (this.map.ICR !== null && low === 0 && high === 0x18) return this.#load(this.map.ICR);
    // Half-written settings pass through other modes; only a running timer must be in one we know.
    if (this.#divider === 0) return this.#max;
    throw new AssertionError('the firmware uses a timer mode that the emulator does not know');
  }

  /** Everything that changes the course of the count: settle the old course, change, plan the new one. */
  #change(change: () => void): true {
    this.#settle();
    change();
    this.cpu.clearClockEvent(this.#fire);
    this.#schedule();
    return true;
  }

  /** Brings the count to the present and raises the flags of what it passed. */
  #settle(): void {
    if (this.#divider === 0) return;
    const ticks = Math.floor((this.cpu.cycles - this.#countedAt) / this.#divider);
    if (ticks <= 0) return;
    for (const { OCR, interrupt } of this.#matches) {
      if (this.#ticksUntil(this.#load(OCR)) <= ticks) this.cpu.setInterruptFlag(interrupt);
    }
    if (this.#wrap() === this.#max && this.#ticksUntil(0) <= ticks) this.cpu.setInterruptFlag(this.#overflow);
    const toZero = this.#wrap() + 1 - this.#count;
    this.#count = ticks < toZero ? this.#count + ticks : (ticks - toZero) % (this.#top + 1);
    this.#countedAt += ticks * this.#divider;
  }

  #schedule(): void {
    if (this.#divider === 0) return;
    let ticks = this.#ticksUntil(0);
    for (const { OCR } of this.#matches) ticks = Math.min(ticks, this.#ticksUntil(this.#load(OCR)));
    this.cpu.addClockEvent(this.#fire, this.#countedAt + ticks * this.#divider - this.cpu.cycles);
  }

  /** Ticks until the count becomes `value`; infinite when it never does. */
  #ticksUntil(value: number): number {
    if (value > this.#count && value <= this.#wrap()) return value - this.#count;
    if (value > this.#top) return Number.POSITIVE_INFINITY;
    return this.#wrap() + 1 - this.#count + value;
  }

  /** The count after which comes 0: TOP, or the maximum when TCNT was already beyond TOP. */
  #wrap(): number {
    return this.#count <= this.#top ? this.#top : this.#max;
  }

  #register(address: number): number {
    return this.cpu.data[address] ?? 0;
  }
}
