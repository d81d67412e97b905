import {
  type ItemId,
  itemId,
  type KioskId,
  kioskId,
  type LockerNo,
  lockerNo,
} from '../../../../src/kernel/ids.js';

/** The street that is tortured. */
export const street = 'torture';
/** The lockers of each kiosk; half of them have a book at first. */
export const lockers = Array.from({ length: 24 }, (_, n) => lockerNo(n + 1)) as [LockerNo, ...LockerNo[]];

export const kioskName = (n: number): KioskId => kioskId(`kiosk-${n}`);

/** The books of a kiosk; no other has them. */
export function itemsOf(kiosk: string): ItemId[] {
  const number = Number(kiosk.split('-')[1]);
  return lockers
    .slice(0, lockers.length / 2)
    .map((locker) => itemId(String(30_106_000_000_000 + number * 1_000 + locker * 10)));
}

/** The status that a kiosk prints, one line of JSON. */
export interface KioskStatus {
  /** Events that are not acknowledged. */
  readonly unsent: number;
  /** Where it has which book, as `locker item`. */
  readonly places: readonly string[];
}
