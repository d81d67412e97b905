import { libraryCheckDigit } from '../kernel/check-digit.js';

/** The first digit of a library barcode, by what it is printed on. */
const kinds = { patron: '2', item: '3' } as const;

/** The usual 14-digit library barcode: kind, 4-digit institution, 8-digit serial, check digit. */
export function libraryBarcode(kind: keyof typeof kinds, institution: string, serial: number): string {
  const digits = `${kinds[kind]}${institution}${String(serial).padStart(8, '0')}`;
  return digits + libraryCheckDigit(digits);
}
