/** What a library barcode stands on: the first digit says it. */
const kinds = { patron: '2', item: '3' } as const;

/** The usual 14-digit library barcode: kind, 4-digit institution, 8-digit serial, check digit. */
export function libraryBarcode(kind: keyof typeof kinds, institution: string, serial: number): string {
  const digits = `${kinds[kind]}${institution}${String(serial).padStart(8, '0')}`;
  return digits + checkDigit(digits);
}

/** Check digit of 13 digits: every other one, from the first, counts double, digit by digit; the sum is filled up to tens. */
export function checkDigit(digits: string): string {
  let sum = 0;
  for (const [index, digit] of [...digits].entries()) {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return String((10 - (sum % 10)) % 10);
}
