import {
  classify,
  type LibraryRules,
  type Scan,
  withoutAimId,
} from '../../../firmware-bridge/reader/classify.js';
import { type KioskId, kioskId, lockerNo } from '../../../src/kernel/ids.js';

/** One code as the reader sent it, and what the kiosk takes it for. */
export interface ScanReport {
  /** Bytes without the end character. */
  readonly bytes: number;
  /** The beginning of the bytes in hex; of a private code only what tells its kind. */
  readonly hex: string;
  /**
   * The beginning of the text; null where it is nobody's business: passes, staff codes, cards and payment codes, and
   * what looks like a misread one.
   */
  readonly text: string | null;
  readonly aimId: string | null;
  /** Named by the AIM identifier; null without one. */
  readonly symbology: string | null;
  readonly scan: Scan;
}

/** ISO/IEC 15424: the letter after `]`. */
const symbologies: ReadonlyMap<string, string> = new Map([
  ['A', 'Code 39'],
  ['C', 'Code 128'],
  ['E', 'EAN/UPC'],
  ['F', 'Codabar'],
  ['I', 'Interleaved 2 of 5'],
  ['L', 'PDF417'],
  ['Q', 'QR'],
  ['X', 'ISBN'],
  ['d', 'Data Matrix'],
  ['h', 'Han Xin'],
  ['z', 'Aztec'],
]);

const hexBytes = 12;
const textChars = 40;
/** A pass or staff code with something wrong in it or before it. */
const misreadPass = /LNS?1:/i;
/** About as long as a card's number: a digit lost, or a library with another check digit. */
const misreadCard = /^[A-DTN*E]?2\d{11,15}[A-DTN*E]?$/i;
/** A kiosk whose doors are not known takes any well-formed door code for its own. */
const anyLocker = Array.from({ length: 128 }, (_, n) => lockerNo(n + 1));

/** What a technician may see of a scanned text. `kiosk`: null where only the port is known. */
export function scanReportOf(text: string, kiosk: KioskId | null, library: LibraryRules): ScanReport {
  const { aimId, code } = withoutAimId(text);
  const scan = classify(text, { kiosk: kiosk ?? kioskNamedIn(code), lockers: anyLocker, library });
  const bytes = Buffer.from(text, 'utf8');
  const tellingBytes = tellingBytesOf(scan, code);
  const isPrivate = tellingBytes !== null;
  const shown = bytes.subarray(0, isPrivate ? (aimId ?? '').length + tellingBytes : hexBytes);
  return {
    bytes: bytes.length,
    hex: shown.toString('hex').replace(/..(?=.)/g, '$& ') + (shown.length < bytes.length ? ' …' : ''),
    text: isPrivate ? null : beginningOf(text),
    aimId,
    symbology: aimId === null ? null : (symbologies.get(aimId[1] ?? '') ?? 'unknown'),
    scan,
  };
}

/** How many bytes of a private code tell what it is and no more; null for a code that is not private. */
function tellingBytesOf(scan: Scan, code: string): number | null {
  switch (scan.kind) {
    case 'pass':
      return 'LN1:'.length;
    case 'staff':
      return 'LNS1:'.length;
    case 'card':
      return 1;
    case 'foreign':
      if (scan.what === 'unknown') return misreadBytesOf(code);
      return scan.what === 'url' ? null : 2;
    default:
      return null;
  }
}

function misreadBytesOf(code: string): number | null {
  if (misreadPass.test(code)) return 'LN1:'.length;
  return misreadCard.test(code) ? 1 : null;
}

function beginningOf(text: string): string {
  return text.length > textChars ? `${text.slice(0, textChars)}…` : text;
}

/** The kiosk that a door code names; any other where the code names none. */
function kioskNamedIn(code: string): KioskId {
  return kioskId((/^LNL:([0-9A-Z][0-9A-Z-]{0,30}):/.exec(code)?.[1] ?? 'unknown').toLowerCase());
}
