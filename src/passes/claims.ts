import { assert } from '../kernel/assert.js';
import {
  type ItemId,
  idPattern,
  itemId,
  type KioskId,
  kioskId,
  type PassId,
  type PatronId,
  passId,
  patronId,
  type StaffId,
  staffId,
} from '../kernel/ids.js';
import { type EpochMs, epochMs } from '../kernel/time.js';
import { fromCbor, toCbor } from './cose.js';

/** The claims of a pass. Times are whole seconds on the wire: `validFrom` and `validUntil` are rounded down. */
export type PassClaims = ResidentClaims | GrantClaims | StaffClaims;

interface AnyClaims {
  readonly pass: PassId;
  /** The first moment of its validity. */
  readonly validFrom: EpochMs;
  /** The first moment after its validity. */
  readonly validUntil: EpochMs;
}

/** May borrow and return any number of times. */
export interface ResidentClaims extends AnyClaims {
  readonly kind: 'resident';
  readonly age: 'adult' | 'child';
  readonly patron: PatronId;
}

/** May borrow once, at one kiosk. */
export interface GrantClaims extends AnyClaims {
  readonly kind: 'grant';
  readonly age: 'adult' | 'child';
  readonly patron: PatronId;
  readonly kiosk: KioskId;
  /** The one item that may be borrowed; null: any. */
  readonly item: ItemId | null;
}

/** May use the functions for staff. */
export interface StaffClaims extends AnyClaims {
  readonly kind: 'staff';
  readonly staff: StaffId;
  /** The one kiosk that accepts it; null: every kiosk of the street. */
  readonly kiosk: KioskId | null;
}

/**
 * Claim keys of a CWT (RFC 8392); `scope` (RFC 8693, registered for CWT by RFC 9200): what the bearer may do.
 */
const SUB = 2;
const AUD = 3;
const EXP = 4;
const NBF = 5;
const CTI = 7;
const SCOPE = 9;

/** The claim key of an item in passes and receipts: from the numbers that RFC 8392 leaves to private use. */
export const ITEM_CLAIM = -65_537;

/** Times are 32-bit on the wire, enough until 2106. */
export const SECONDS_MAX = 0xffff_ffff;

/** Whether a decoded value is a time on the wire: whole seconds since 1970. */
export function isSeconds(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= SECONDS_MAX;
}

/** The claims as deterministic CBOR. */
export function encodeClaims(claims: PassClaims): Uint8Array {
  const from = Math.floor(claims.validFrom / 1_000);
  const until = Math.floor(claims.validUntil / 1_000);
  const { subject, kiosk, item } = partsOf(claims);
  assert(idPattern.hex16.test(subject), 'a patron, or a member of staff, is 16 hex digits');
  assert(idPattern.hex16.test(claims.pass), 'a pass id is 16 hex digits');
  assert(0 <= from && from < until && until <= SECONDS_MAX, 'a pass ends after it begins, before 2106');
  assert(kiosk === null || idPattern.kiosk.test(kiosk), 'a kiosk is named as in its configuration');
  assert(item === null || idPattern.barcode.test(item), 'an item is 14 digits');
  const entries: [number, unknown][] = [
    [SUB, subject],
    [EXP, until],
    [NBF, from],
    [CTI, Uint8Array.from(Buffer.from(claims.pass, 'hex'))],
    [SCOPE, scopeOf(claims)],
  ];
  if (kiosk !== null) entries.push([AUD, kiosk]);
  if (item !== null) entries.push([ITEM_CLAIM, item]);
  return toCbor(new Map(entries));
}

function partsOf(claims: PassClaims): { subject: string; kiosk: KioskId | null; item: ItemId | null } {
  switch (claims.kind) {
    case 'resident':
      return { subject: claims.patron, kiosk: null, item: null };
    case 'grant':
      return { subject: claims.patron, kiosk: claims.kiosk, item: claims.item };
    case 'staff':
      return { subject: claims.staff, kiosk: claims.kiosk, item: null };
  }
}

function scopeOf(claims: PassClaims): string {
  switch (claims.kind) {
    case 'resident':
      return claims.age === 'child' ? 'c' : 'r';
    case 'grant':
      return claims.age === 'child' ? 'gc' : 'g';
    case 'staff':
      return 's';
  }
}

/** Reads claims; undefined when they are not exactly those of one kind of pass, as `encodeClaims` writes them. */
export function decodeClaims(bytes: Uint8Array): PassClaims | undefined {
  const map = fromCbor(bytes);
  if (!(map instanceof Map)) return undefined;
  const claims = claimsOf(map);
  // Deterministic: only the form that `encodeClaims` writes is accepted, without other claims or another order.
  return claims && Buffer.from(encodeClaims(claims)).equals(bytes) ? claims : undefined;
}

function claimsOf(map: ReadonlyMap<unknown, unknown>): PassClaims | undefined {
  const [sub, cti] = [map.get(SUB), map.get(CTI)];
  const [from, until] = [map.get(NBF), map.get(EXP)];
  if (typeof sub !== 'string' || !idPattern.hex16.test(sub)) return undefined;
  if (!(cti instanceof Uint8Array) || cti.length !== 8) return undefined;
  if (!isSeconds(from) || !isSeconds(until) || from >= until) return undefined;
  const [kiosk, item] = [
    textOf(map.get(AUD), idPattern.kiosk),
    textOf(map.get(ITEM_CLAIM), idPattern.barcode),
  ];
  if (kiosk === undefined || item === undefined) return undefined;
  const pass = passId(Buffer.from(cti).toString('hex'));
  const common = { pass, validFrom: epochMs(from * 1_000), validUntil: epochMs(until * 1_000) };
  switch (map.get(SCOPE)) {
    case 'r':
      return { kind: 'resident', age: 'adult', patron: patronId(sub), ...common };
    case 'c':
      return { kind: 'resident', age: 'child', patron: patronId(sub), ...common };
    case 'g':
      return kiosk === null ? undefined : { ...grant(sub, kiosk, item), age: 'adult', ...common };
    case 'gc':
      return kiosk === null ? undefined : { ...grant(sub, kiosk, item), age: 'child', ...common };
    case 's':
      return {
        kind: 'staff',
        staff: staffId(sub),
        kiosk: kiosk === null ? null : kioskId(kiosk),
        ...common,
      };
    default:
      return undefined;
  }
}

function grant(sub: string, kiosk: string, item: string | null) {
  const kind = 'grant' as const;
  return { kind, patron: patronId(sub), kiosk: kioskId(kiosk), item: item === null ? null : itemId(item) };
}

/** An optional claim: null when missing, undefined when invalid. */
function textOf(value: unknown, pattern: RegExp): string | null | undefined {
  if (value === undefined) return null;
  return typeof value === 'string' && pattern.test(value) ? value : undefined;
}
