import { mega } from '../../../firmware-bridge/emulator/atmega2560.js';
import { crc16 } from '../../../src/kernel/crc.js';
import { Bench, type Locker, lockers, type Settings, settings } from './bench.js';

/** Where the two copies of the settings are (firmware/README.md). */
export const copyPlaces = [0x100, 0x200] as const;

/** What a CRC of a copy begins with. */
const form = 0x4c32;

/** An EEPROM fresh from the factory. */
export const erased = (): Uint8Array => new Uint8Array(mega.eepromBytes).fill(0xff);

/** A copy of settings as the board keeps it. */
export function copyOf(generation: number, wanted: Settings = settings, table: readonly Locker[] = lockers) {
  const u16 = (value: number) => [value & 0xff, value >> 8];
  const { pulseMaxMs, restMs, hostSilenceMs, debounceMs, locksOnMax, flags } = wanted;
  const bytes = [
    generation,
    wanted.lockers,
    ...[pulseMaxMs, restMs, hostSilenceMs].flatMap(u16),
    ...[debounceMs, locksOnMax, flags],
    ...table.flatMap((each) => [each.lockPin, each.doorPin, each.itemPin, each.flags]),
  ];
  return Uint8Array.from([...bytes, ...u16(crc16(bytes, form))]);
}

/** An EEPROM with such copies, in the order of their places. */
export function eepromWith(...copies: readonly (Uint8Array | undefined)[]): Uint8Array {
  const eeprom = erased();
  for (const [at, copy] of copies.entries()) if (copy) eeprom.set(copy, copyPlaces[at]);
  return eeprom;
}

/** Lets the board finish writing; four milliseconds a byte. */
export function settle(bench: Bench, table: readonly Locker[] = lockers): void {
  bench.machine.run(4 * (20 + 4 * table.length));
}

/** An EEPROM in which the board itself has kept settings. */
export function eepromOf(wanted: Settings = settings, table: readonly Locker[] = lockers): Uint8Array {
  const eeprom = erased();
  const bench = new Bench({ eeprom });
  bench.hello();
  bench.configure(wanted, table);
  settle(bench, table);
  return eeprom;
}

/** An EEPROM that remembers what it held after every erasing and writing of a cell. */
export class WatchedEeprom extends Uint8Array {
  readonly states: Uint8Array[] = [];
  /** How often each cell was erased or written. */
  readonly touched = new Map<number, number>();

  static get [Symbol.species]() {
    return Uint8Array;
  }

  override fill(value: number, start = 0, end = this.length): this {
    super.fill(value, start, end);
    if (end - start === 1) {
      this.states.push(Uint8Array.from(this));
      this.touched.set(start, (this.touched.get(start) ?? 0) + 1);
    }
    return this;
  }
}
