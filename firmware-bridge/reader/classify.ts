import { hasEanCheckDigit, hasLibraryCheckDigit } from '../../src/kernel/check-digit.js';
import { type ItemId, itemId, type KioskId, type LockerNo } from '../../src/kernel/ids.js';

/** What a scanned code is. `text` of a pass or staff code is not verified; `isbn` is 13 digits; `card` is 14 digits. */
export type Scan =
  | { readonly kind: 'pass'; readonly text: string }
  | { readonly kind: 'staff'; readonly text: string }
  | { readonly kind: 'receipt' }
  | { readonly kind: 'locker'; readonly locker: LockerNo }
  | { readonly kind: 'item'; readonly item: ItemId }
  | { readonly kind: 'card'; readonly card: string }
  | { readonly kind: 'title'; readonly isbn: string }
  | { readonly kind: 'foreign'; readonly what: Foreign };

/** A code that is none of ours. */
export type Foreign = 'wechat-pay' | 'alipay' | 'unionpay' | 'url' | 'unknown';

/** How the libraries whose books and cards come here make their 14-digit numbers. */
export interface LibraryRules {
  /** Whether the last digit is a check digit, unless the institution is named below. */
  readonly checkDigit: boolean;
  /** By the four digits after the first. */
  readonly institutions: readonly { readonly institution: string; readonly checkDigit: boolean }[];
}

/** The kiosk a scan is read at: its doors' own codes count, another kiosk's are foreign. */
export interface ScannedAt {
  readonly kiosk: KioskId;
  readonly lockers: readonly LockerNo[];
  readonly library: LibraryRules;
}

const UNKNOWN: Scan = { kind: 'foreign', what: 'unknown' };

const PRINTABLE = /^[ -~]+$/;
/** ISO/IEC 15424: `]`, the symbology's letter, a modifier. */
const AIM_ID = /^\][A-Za-z][0-9A-Za-z]/;
/** EAN (some readers say X for ISBN) and Interleaved 2 of 5 are trade codes; a library number in one is a coincidence. */
const TRADE_CODES = /^\][EXI]/;
const PASS = 'LN1:';
const STAFF = 'LNS1:';
const RECEIPT = 'LNR1:';
const LOCKER = /^LNL:[0-9A-Z-]+:(\d{2,3})$/;
/** 14 digits; readers may add the start and stop letters of Codabar (two spellings) or Code 39's asterisks. */
const LIBRARY_NUMBER = /^(?:([23]\d{13})|[A-DTN*E]([23]\d{13})[A-DTN*E])$/i;
/** EAN-13 of a book, perhaps with its add-on of 2 or 5 digits. */
const BOOK_EAN = /^(97[89]\d{10})(?:\d{2}|\d{5})?$/;
const FOREIGN: readonly (readonly [Foreign, RegExp])[] = [
  ['wechat-pay', /^(?:1[0-5]\d{16}$|wxp:\/\/)/i],
  ['alipay', /^(?:2[5-9]|30)\d{14,22}$/],
  ['unionpay', /^62\d{17}$/],
  ['url', /^(?:[a-z][a-z0-9+.-]*:\/\/|www\.)/i],
];

/** The code printed on a door, e.g. `LNL:JN-01:07`; in QR's alphanumeric alphabet. */
export function lockerCode(kiosk: KioskId, locker: LockerNo): string {
  return `LNL:${kiosk.toUpperCase()}:${String(locker).padStart(2, '0')}`;
}

/** Says what a scanned text is, by prefix, length and check digit; an AIM identifier before it is understood. */
export function classify(text: string, at: ScannedAt): Scan {
  if (!PRINTABLE.test(text)) return UNKNOWN;
  const { aimId, code } = withoutAimId(text);
  if (code.startsWith(PASS)) return { kind: 'pass', text: code };
  if (code.startsWith(STAFF)) return { kind: 'staff', text: code };
  if (code.startsWith(RECEIPT)) return { kind: 'receipt' };
  return lockerScan(code, at) ?? libraryScan(code, aimId, at.library) ?? titleScan(code) ?? foreignScan(code);
}

/** Takes the AIM identifier off, where the reader sent one: `]F0`, or null. */
export function withoutAimId(text: string): { readonly aimId: string | null; readonly code: string } {
  const aimId = AIM_ID.exec(text)?.[0] ?? null;
  return { aimId, code: aimId === null ? text : text.slice(aimId.length) };
}

function lockerScan(code: string, { kiosk, lockers }: ScannedAt): Scan | undefined {
  const digits = LOCKER.exec(code)?.[1];
  if (digits === undefined) return undefined;
  const locker = lockers.find((each) => each === Number(digits));
  return locker !== undefined && code === lockerCode(kiosk, locker) ? { kind: 'locker', locker } : UNKNOWN;
}

function libraryScan(code: string, aimId: string | null, rules: LibraryRules): Scan | undefined {
  const match = LIBRARY_NUMBER.exec(code);
  const digits = match?.[1] ?? match?.[2];
  if (digits === undefined || (aimId && TRADE_CODES.test(aimId))) return undefined;
  if (hasCheckDigit(digits, rules) && !hasLibraryCheckDigit(digits)) return undefined;
  return digits.startsWith('3') ? { kind: 'item', item: itemId(digits) } : { kind: 'card', card: digits };
}

/** A 14-digit number is: type, four digits of the institution, eight of the copy or card, check digit. */
function hasCheckDigit(digits: string, { checkDigit, institutions }: LibraryRules): boolean {
  const own = institutions.find(({ institution }) => digits.startsWith(institution, 1));
  return own?.checkDigit ?? checkDigit;
}

function titleScan(code: string): Scan | undefined {
  const isbn = BOOK_EAN.exec(code)?.[1];
  return isbn !== undefined && hasEanCheckDigit(isbn) ? { kind: 'title', isbn } : undefined;
}

function foreignScan(code: string): Scan {
  const known = FOREIGN.find(([, pattern]) => pattern.test(code));
  return known ? { kind: 'foreign', what: known[0] } : UNKNOWN;
}
