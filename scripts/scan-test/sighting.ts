import {
  classify,
  type LibraryRules,
  type Scan,
  withoutAimId,
} from '../../firmware-bridge/reader/classify.js';
import { type KioskId, kioskId, lockerNo } from '../../src/kernel/ids.js';

/** One code as the reader sent it, and what the kiosk takes it for. */
export interface Sighting {
  /** Bytes without the end character. */
  readonly bytes: number;
  /** The beginning of the bytes in hex; of a private code only what tells its kind. */
  readonly hex: string;
  /** The text; null where it is nobody's business: passes, staff codes, cards and payment codes. */
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
/** A kiosk whose doors are not known takes any well-formed door code for its own. */
const anyLocker = Array.from({ length: 128 }, (_, n) => lockerNo(n + 1));

/** What a technician may see of a scanned text. `kiosk`: null where only the port is known. */
export function sightingOf(text: string, kiosk: KioskId | null, library: LibraryRules): Sighting {
  const { aimId, code } = withoutAimId(text);
  const scan = classify(text, { kiosk: kiosk ?? kioskNamedIn(code), lockers: anyLocker, library });
  const bytes = Buffer.from(text, 'utf8');
  const tellingBytes = tellingBytesOf(scan);
  const isPrivate = tellingBytes !== null;
  const shown = bytes.subarray(0, isPrivate ? (aimId ?? '').length + tellingBytes : hexBytes);
  return {
    bytes: bytes.length,
    hex: shown.toString('hex').replace(/..(?=.)/g, '$& ') + (shown.length < bytes.length ? ' …' : ''),
    text: isPrivate ? null : text,
    aimId,
    symbology: aimId === null ? null : (symbologies.get(aimId[1] ?? '') ?? 'unknown'),
    scan,
  };
}

/** How many bytes of a private code tell what it is and no more; null for a code that is not private. */
function tellingBytesOf(scan: Scan): number | null {
  switch (scan.kind) {
    case 'pass':
      return 'LN1:'.length;
    case 'staff':
      return 'LNS1:'.length;
    case 'card':
      return 1;
    case 'foreign':
      return scan.what === 'url' || scan.what === 'unknown' ? null : 2;
    default:
      return null;
  }
}

function kioskNamedIn(code: string): KioskId {
  return kioskId((/^LNL:([0-9A-Z-]+):/.exec(code)?.[1] ?? '').toLowerCase());
}
