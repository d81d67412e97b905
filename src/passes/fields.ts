/** The claim key of an item in passes and receipts: from the numbers that RFC 8392 leaves to private use. */
export const ITEM = -65_537;

export const KIOSK = /^[a-z0-9][a-z0-9-]{0,30}$/;
export const BARCODE = /^\d{14}$/;
/** Times are 32-bit on the wire, good until 2106. */
export const SECONDS_MAX = 0xffff_ffff;

/** Whether a decoded value is a time as it is on the wire: whole seconds from 1970. */
export function isSeconds(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= SECONDS_MAX;
}
