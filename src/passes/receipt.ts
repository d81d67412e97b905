import { assert } from '../kernel/assert.js';
import {
  type Epoch,
  epoch,
  type ItemId,
  idPattern,
  itemId,
  type KioskId,
  kioskId,
  type VisitNo,
  visitNo,
} from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import { ok, type Result, refused } from '../kernel/result.js';
import { type ClockTrust, type EpochMs, epochMs } from '../kernel/time.js';
import { fromBase45, toBase45 } from './base45.js';
import { ITEM_CLAIM, isSeconds, SECONDS_MAX } from './claims.js';
import { fromCbor, isSignedBy, openSign1, protectedHeader, sign1, toCbor } from './cose.js';
import { findKey, type KeyRing, type SigningKey } from './keys.js';

/** Prefix of a receipt. */
export const RECEIPT_PREFIX = 'LNR1:';

/** The content of a receipt: the item was put into the kiosk at this time. It does not name the person. */
export interface Receipt {
  readonly kiosk: KioskId;
  readonly item: ItemId;
  /** Whole seconds on the wire, rounded down. */
  readonly at: EpochMs;
  /** `floor`: the clock was in doubt; the return was at this time or later. */
  readonly trust: ClockTrust;
  /** The event of the return in the journal. */
  readonly epoch: Epoch;
  readonly visit: VisitNo;
}

/** Why a receipt is not accepted. */
export type ReceiptRefusal = 'receipt-unreadable' | 'receipt-forged';

/** CWT claim keys (RFC 8392): issuer, issued at, id; and one left to private use: whether the clock was certain. */
const ISS = 1;
const IAT = 6;
const CTI = 7;
const TRUST = -65_538;

/** The reference of a return in the journal: `<epoch>/<visit>`. */
const PLACE = /^([0-9a-f]{16})\/([1-9]\d{0,14})$/;

/** Signs a receipt with the kiosk’s own key: its text for the QR code. */
export function issueReceipt(receipt: Receipt, key: SigningKey): string {
  const signed = sign1(protectedHeader(key.kid), encode(receipt), key.privateKey);
  const text = RECEIPT_PREFIX + toBase45(signed);
  assert(text.length <= limits.passLengthChars, 'a receipt fits the length that readers accept');
  return text;
}

/**
 * The content of a receipt, if a key of `ring` signed it. A key does not name its kiosk: pass the keys of one kiosk only and
 * compare its name, or a kiosk in the ring could sign for another.
 */
export function readReceipt(text: string, ring: KeyRing): Result<Receipt, ReceiptRefusal> {
  if (text.length > limits.passLengthChars || !text.startsWith(RECEIPT_PREFIX))
    return refused('receipt-unreadable');
  const bytes = fromBase45(text.slice(RECEIPT_PREFIX.length));
  const message = bytes && openSign1(bytes);
  if (!message) return refused('receipt-unreadable');
  const publicKey = findKey(ring, message.header);
  if (!publicKey || !isSignedBy(message, publicKey)) return refused('receipt-forged');
  const receipt = decode(message.payload);
  return receipt ? ok(receipt) : refused('receipt-unreadable');
}

function encode({ kiosk, item, at, trust, epoch, visit }: Receipt): Uint8Array {
  const seconds = Math.floor(at / 1_000);
  const id = `${epoch}/${visit}`;
  assert(idPattern.kiosk.test(kiosk), 'a kiosk is named as in its configuration');
  assert(idPattern.barcode.test(item), 'an item is 14 digits');
  assert(0 <= seconds && seconds <= SECONDS_MAX, 'a receipt is of a time between 1970 and 2106');
  assert(PLACE.test(id), 'a return is on record under its epoch and visit');
  const entries: [number, unknown][] = [
    [ISS, kiosk],
    [IAT, seconds],
    [CTI, Uint8Array.from(Buffer.from(id))],
    [ITEM_CLAIM, item],
    [TRUST, trust === 'trusted'],
  ];
  return toCbor(new Map(entries));
}

/** The claims of a receipt; undefined when they are not exactly the five above. */
function decode(bytes: Uint8Array): Receipt | undefined {
  const map = fromCbor(bytes);
  if (!(map instanceof Map)) return undefined;
  const [iss, iat, cti, item] = [map.get(ISS), map.get(IAT), map.get(CTI), map.get(ITEM_CLAIM)];
  const id = cti instanceof Uint8Array ? Buffer.from(cti).toString('latin1') : '';
  const [, life, visit] = PLACE.exec(id) ?? [];
  if (typeof iss !== 'string' || !idPattern.kiosk.test(iss)) return undefined;
  if (typeof item !== 'string' || !idPattern.barcode.test(item) || !isSeconds(iat)) return undefined;
  if (life === undefined || visit === undefined) return undefined;
  const receipt: Receipt = {
    kiosk: kioskId(iss),
    item: itemId(item),
    at: epochMs(iat * 1_000),
    trust: map.get(TRUST) === true ? 'trusted' : 'floor',
    epoch: epoch(life),
    visit: visitNo(Number(visit)),
  };
  return Buffer.from(encode(receipt)).equals(bytes) ? receipt : undefined;
}
