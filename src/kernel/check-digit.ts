/** Whether the last digit of a 14-digit library number is its check digit. */
export const hasLibraryCheckDigit = (digits: string): boolean => weightedSum(digits, 2) % 10 === 0;

/** Whether the last digit of a 13-digit EAN is its check digit. */
export const hasEanCheckDigit = (digits: string): boolean =>
  weightedSum(digits.padStart(14, '0'), 3) % 10 === 0;

/** Returns the check digit of the first 13 digits of a library number. */
export function libraryCheckDigit(digits: string): string {
  return String((10 - (weightedSum(digits, 2) % 10)) % 10);
}

/**
 * Sums up to 14 digits, those at odd places from the left multiplied by `weight`. Weight 2: products count as their
 * digits' sum (library numbers). Weight 3: as they are (EAN).
 */
function weightedSum(digits: string, weight: 2 | 3): number {
  let sum = 0;
  for (const [place, digit] of [...digits].entries()) {
    const product = Number(digit) * (place % 2 === 0 ? weight : 1);
    sum += weight === 2 && product > 9 ? product - 9 : product;
  }
  return sum;
}
