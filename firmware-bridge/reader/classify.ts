import { type ItemId, itemId, type KioskId, type LockerNo, lockerNo } from '../../src/kernel/ids.js';

/** What a scanned code is. `text` of a pass is not verified; `isbn` is 13 digits; `card` is 14 digits. */
export type Scan =
  | { readonly kind: 'pass'; readonly text: string }
  | { readonly kind: 'locker'; readonly locker: LockerNo }
  | { readonly kind: 'item'; readonly item: ItemId }
  | { readonly kind: 'card'; readonly card: string }
  | { readonly kind: 'title'; readonly isbn: string }
  | { readonly kind: 'foreign'; readonly what: 'payment' | 'url' | 'unknown' };

/** The kiosk a scan is read at: its doors' own codes count, another kiosk's are foreign. */
export interface ScannedAt {
  readonly kiosk: KioskId;
  readonly lockers: readonly LockerNo[];
}

const UNKNOWN: Scan = { kind: 'foreign', what: 'unknown' };

const PRINTABLE = /^[ -~]+$/;
/** ISO/IEC 15424: `]`, the symbology's letter, a modifier. */
const AIM_ID = /^\]([A-Za-z])[0-9A-Za-z]/;
/** EAN (some readers say X for ISBN) and Interleaved 2 of 5 are trade codes; a library number in one is a coincidence. */
const TRADE_CODES = /[EXI]/;
const PASS = 'LN1:';
const LOCKER = /^LNL:[0-9A-Z-]+:(\d{2,3})$/;
/** 14 digits; readers may add the start and stop letters of Codabar (two spellings) or Code 39's asterisks. */
const LIBRARY_NUMBER = /^(?:([23]\d{13})|[A-DTN*E]([23]\d{13})[A-DTN*E])$/i;
/** EAN-13 of a book, perhaps with its add-on of 2 or 5 digits. */
const BOOK_EAN = /^(97[89]\d{10})(?:\d{2}|\d{5})?$/;
/** Payment codes of WeChat (18 digits from 10 to 15), Alipay (16 to 24 digits from 25 to 30), UnionPay (19 from 62). */
const PAYMENT = /^(?:1[0-5]\d{16}|(?:2[5-9]|30)\d{14,22}|62\d{17})$/;
const URL_LIKE = /^(?:[a-z][a-z0-9+.-]*:\/\/|www\.)/i;

/** The code printed on a door, e.g. `LNL:JN-01:07`; in QR's alphanumeric alphabet. */
export function lockerCode(kiosk: KioskId, locker: LockerNo): string {
  return `LNL:${kiosk.toUpperCase()}:${String(locker).padStart(2, '0')}`;
}

/** Says what a scanned text is, by prefix, length and check digit; an AIM identifier before it is understood. */
export function classify(text: string, at: ScannedAt): Scan {
  if (!PRINTABLE.test(text)) return UNKNOWN;
  const symbology = AIM_ID.exec(text)?.[1];
  const code = symbology === undefined ? text : text.slice(3);
  if (code.startsWith(PASS)) return { kind: 'pass', text: code };
  return lockerScan(code, at) ?? libraryScan(code, symbology) ?? titleScan(code) ?? foreignScan(code);
}

function lockerScan(code: string, { kiosk, lockers }: ScannedAt): Scan | undefined {
  const digits = LOCKER.exec(code)?.[1];
  if (digits === undefined) return undefined;
  const locker = lockerNo(Number(digits));
  return code === lockerCode(kiosk, locker) && lockers.includes(locker)
    ? { kind: 'locker', locker }
    : UNKNOWN;
}

function libraryScan(code: string, symbology: string | undefined): Scan | undefined {
  const match = LIBRARY_NUMBER.exec(code);
  const digits = match?.[1] ?? match?.[2];
  if (digits === undefined || (symbology && TRADE_CODES.test(symbology))) return undefined;
  if (weightedSum(digits, 2) % 10 !== 0) return undefined;
  return digits.startsWith('3') ? { kind: 'item', item: itemId(digits) } : { kind: 'card', card: digits };
}

function titleScan(code: string): Scan | undefined {
  const isbn = BOOK_EAN.exec(code)?.[1];
  return isbn !== undefined && weightedSum(isbn.padStart(14, '0'), 3) % 10 === 0
    ? { kind: 'title', isbn }
    : undefined;
}

function foreignScan(code: string): Scan {
  if (PAYMENT.test(code)) return { kind: 'foreign', what: 'payment' };
  return URL_LIKE.test(code) ? { kind: 'foreign', what: 'url' } : UNKNOWN;
}

/**
 * Sums 14 digits, those at odd places from the left multiplied by `weight`; a multiple of ten when the last is right.
 * Weight 2: products count as their digits' sum (library numbers). Weight 3: as they are (EAN).
 */
function weightedSum(digits: string, weight: 2 | 3): number {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const product = Number(digits[place]) * (place % 2 === 0 ? weight : 1);
    sum += weight === 2 && product > 9 ? product - 9 : product;
  }
  return sum;
}
