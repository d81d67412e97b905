import type { CPU } from 'avr8js';
import { usart0 as at } from './atmega2560.js';

// Register bits, named as in the datasheet (chapter 22.10).
const RXC = 0x80;
const TXC = 0x40;
const UDRE = 0x20;
const DOR = 0x08;
const U2X = 0x02;
const MPCM = 0x01;
const RXCIE = 0x80;
const TXCIE = 0x40;
const UDRIE = 0x20;
const RXEN = 0x10;
const TXEN = 0x08;

/** Bytes the receiver holds: two in the buffer, one in the shift register. */
const receiverBytes = 3;
/** While the receiver is off the line still runs at the wire's 57 600 baud, and its bytes are lost. */
const deafByteCycles = 2_778;

/** The cable on the other side of the USART. */
export interface UartLine {
  /** The next byte for the board, or undefined when the line is idle. */
  next(): number | undefined;
  /** A byte whose last bit has left the board. */
  sent(byte: number): void;
}

/**
 * USART0, asynchronous, with its double-buffered transmitter and its receive buffer, paced at the baud rate that is set.
 * Written because avr8js's loses UDRE when the interrupt finds nothing to send, and has no receive buffer or overrun.
 * Not modelled: parity, frame errors, nine bits, synchronous mode.
 */
export class Usart {
  readonly #received: number[] = [];
  #receiving = false;
  #shifting: number | null = null;
  #waiting: number | null = null;

  readonly #receivedInterrupt = interrupt(at.receivedVector, RXC, RXCIE, true);
  readonly #emptyInterrupt = interrupt(at.emptyVector, UDRE, UDRIE, true);
  readonly #sentInterrupt = interrupt(at.sentVector, TXC, TXCIE, false);

  constructor(
    private readonly cpu: CPU,
    private readonly line: UartLine,
  ) {
    cpu.data[at.UCSRA] = UDRE;
    cpu.data[at.UCSRC] = 0x06;
    cpu.writeHooks[at.UCSRA] = (value) => this.#writeStatus(value);
    cpu.writeHooks[at.UCSRB] = (value) => this.#writeControl(value);
    cpu.writeHooks[at.UDR] = (value) => this.#transmit(value);
    cpu.readHooks[at.UDR] = () => this.#takeReceived();
  }

  /** The line may have bytes: begins to receive unless a byte is under way. */
  wake(): void {
    if (this.#receiving) return;
    this.#receiving = true;
    const byte = this.line.next();
    if (byte === undefined) {
      this.#receiving = false;
      return;
    }
    const cycles = this.#control() & RXEN ? this.#byteCycles() : deafByteCycles;
    this.cpu.addClockEvent(() => {
      this.#receiving = false;
      if (this.#control() & RXEN) this.#accept(byte);
      this.wake();
    }, cycles);
  }

  #accept(byte: number): void {
    if (this.#received.length >= receiverBytes) {
      this.cpu.data[at.UCSRA] = this.#status() | DOR;
      return;
    }
    this.#received.push(byte);
    this.cpu.setInterruptFlag(this.#receivedInterrupt);
  }

  #takeReceived(): number {
    const byte = this.#received.shift() ?? 0;
    this.cpu.data[at.UCSRA] = this.#status() & ~DOR;
    if (this.#received.length === 0) this.cpu.clearInterrupt(this.#receivedInterrupt);
    return byte;
  }

  #writeStatus(value: number): true {
    const settable = U2X | MPCM;
    this.cpu.data[at.UCSRA] = (this.#status() & ~settable) | (value & settable);
    this.cpu.clearInterruptByFlag(this.#sentInterrupt, value);
    return true;
  }

  #writeControl(value: number): true {
    this.cpu.data[at.UCSRB] = value;
    if (!(value & RXEN)) {
      this.#received.length = 0;
      this.cpu.clearInterrupt(this.#receivedInterrupt);
    }
    for (const each of [this.#receivedInterrupt, this.#emptyInterrupt, this.#sentInterrupt]) {
      this.cpu.updateInterruptEnable(each, value);
    }
    return true;
  }

  #transmit(byte: number): true {
    if (!(this.#control() & TXEN) || this.#waiting !== null) return true;
    if (this.#shifting === null) this.#shift(byte);
    else {
      this.#waiting = byte;
      this.cpu.clearInterrupt(this.#emptyInterrupt);
    }
    return true;
  }

  #shift(byte: number): void {
    this.#shifting = byte;
    this.cpu.addClockEvent(() => {
      const next = this.#waiting;
      this.#shifting = null;
      this.#waiting = null;
      if (next !== null) {
        this.#shift(next);
        this.cpu.setInterruptFlag(this.#emptyInterrupt);
      } else this.cpu.setInterruptFlag(this.#sentInterrupt);
      this.line.sent(byte);
    }, this.#byteCycles());
  }

  /** Start bit, eight data bits, stop bit. */
  #byteCycles(): number {
    const divider = (((this.cpu.data[at.UBRRH] ?? 0) & 0x0f) << 8) | (this.cpu.data[at.UBRRL] ?? 0);
    return (divider + 1) * (this.#status() & U2X ? 8 : 16) * 10;
  }

  #status(): number {
    return this.cpu.data[at.UCSRA] ?? 0;
  }

  #control(): number {
    return this.cpu.data[at.UCSRB] ?? 0;
  }
}

function interrupt(address: number, flagMask: number, enableMask: number, constant: boolean) {
  return { address, flagRegister: at.UCSRA, flagMask, enableRegister: at.UCSRB, enableMask, constant };
}
