/**
 * The ATmega2560 as numbers: sizes, registers, interrupt vectors and the Arduino Mega's pin names.
 * Source: Microchip DS40002211, chapters 7 (memories), 14 (vectors) and 33 (register summary).
 * Vector addresses are word addresses (vector number × 2, from 0).
 */
export const mega = {
  clockHz: 16_000_000,
  flashBytes: 256 * 1_024,
  sramBytes: 8_192,
  /** Data addresses below this are registers; SRAM begins here. */
  sramStart: 0x200,
  eepromBytes: 4_096,
  registers: { MCUSR: 0x54, SMCR: 0x53, WDTCSR: 0x60, EECR: 0x3f, EEDR: 0x40, EEARL: 0x41, EEARH: 0x42 },
  vectors: { watchdog: 0x18, eepromReady: 0x3c },
  /** Byte erased and written in 3.3 ms together (chapter 9.6.3), half of it each. */
  eepromHalfCycles: 26_368,
} as const;

/** Registers and vectors of one timer. `input capture`, the pin outputs and the external clock are not modelled. */
export interface TimerMap {
  readonly bits: 8 | 16;
  readonly TCCRA: number;
  readonly TCCRB: number;
  readonly TCNT: number;
  readonly TIFR: number;
  readonly TIMSK: number;
  /** Only the 16-bit timers have it. */
  readonly ICR: number | null;
  readonly overflowVector: number;
  readonly compares: readonly {
    readonly OCR: number;
    readonly vector: number;
    /** Bit of TIFR and TIMSK. */
    readonly bit: number;
  }[];
  /** Prescaler by the three CS bits; 0 is stopped. */
  readonly dividers: readonly number[];
}

const usual = [0, 1, 8, 64, 256, 1_024, 0, 0] as const;

function timer16(index: number, base: number, firstVector: number): TimerMap {
  const compare = (i: number) => ({ OCR: base + 8 + 2 * i, vector: firstVector + 2 * i, bit: 1 << (1 + i) });
  return {
    bits: 16,
    TCCRA: base,
    TCCRB: base + 1,
    TCNT: base + 4,
    ICR: base + 6,
    TIFR: 0x35 + index,
    TIMSK: 0x6e + index,
    overflowVector: firstVector + 6,
    compares: [compare(0), compare(1), compare(2)],
    dividers: usual,
  };
}

function timer8(index: 0 | 2, base: number, firstVector: number, dividers: readonly number[]): TimerMap {
  const compare = (i: number) => ({ OCR: base + 3 + i, vector: firstVector + 2 * i, bit: 1 << (1 + i) });
  return {
    bits: 8,
    TCCRA: base,
    TCCRB: base + 1,
    TCNT: base + 2,
    ICR: null,
    TIFR: 0x35 + index,
    TIMSK: 0x6e + index,
    overflowVector: firstVector + 4,
    compares: [compare(0), compare(1)],
    dividers,
  };
}

export const timers: readonly TimerMap[] = [
  timer8(0, 0x44, 0x2a, usual),
  timer16(1, 0x80, 0x22),
  timer8(2, 0xb0, 0x1a, [0, 1, 8, 32, 64, 128, 256, 1_024]),
  timer16(3, 0x90, 0x40),
  timer16(4, 0xa0, 0x54),
  timer16(5, 0x120, 0x5e),
];

/** USART0, the one the USB side of a Mega is wired to. */
export const usart0 = {
  UCSRA: 0xc0,
  UCSRB: 0xc1,
  UCSRC: 0xc2,
  UBRRL: 0xc4,
  UBRRH: 0xc5,
  UDR: 0xc6,
  receivedVector: 0x32,
  emptyVector: 0x34,
  sentVector: 0x36,
} as const;

/** Where each port's PIN register is; DDR and PORT are the two after it. */
export const ports = {
  A: 0x20,
  B: 0x23,
  C: 0x26,
  D: 0x29,
  E: 0x2c,
  F: 0x2f,
  G: 0x32,
  H: 0x100,
  J: 0x103,
  K: 0x106,
  L: 0x109,
} as const;
export type PortName = keyof typeof ports;

/** The Arduino Mega's digital pins 0 to 69 (54 to 69 are A0 to A15), in the order of their numbers. */
const pinNames =
  'E0 E1 E4 E5 G5 E3 H3 H4 H5 H6 B4 B5 B6 B7 J1 J0 H1 H0 D3 D2 D1 D0 ' +
  'A0 A1 A2 A3 A4 A5 A6 A7 C7 C6 C5 C4 C3 C2 C1 C0 D7 G2 G1 G0 L7 L6 L5 L4 L3 L2 L1 L0 B3 B2 B1 B0 ' +
  'F0 F1 F2 F3 F4 F5 F6 F7 K0 K1 K2 K3 K4 K5 K6 K7';

/** One digital pin: its port and the bit in it. */
export interface PinPlace {
  readonly port: PortName;
  readonly bit: number;
}

/** Place of each Arduino pin, indexed by its number. */
export const pins: readonly PinPlace[] = pinNames.split(' ').map((name) => {
  const port = name.charAt(0);
  if (!isPort(port)) throw new Error(`no port ${port}`);
  return { port, bit: Number(name.charAt(1)) };
});

function isPort(name: string): name is PortName {
  return name in ports;
}
