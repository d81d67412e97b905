import { assert } from '../kernel/assert.js';
import type { KioskId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import { ok, type Result, refused } from '../kernel/result.js';
import { type Moment, milliseconds } from '../kernel/time.js';
import { fromBase45, toBase45 } from './base45.js';
import { decodeClaims, encodeClaims, type PassClaims } from './claims.js';
import { isSignedBy, openSign1, protectedHeader, sign1 } from './cose.js';
import { findKey, type KeyRing, type SigningKey } from './keys.js';

export { createKeyRing, type KeyRing } from './keys.js';

/** Prefix of a resident's pass, also for a single loan; another format gets another prefix. */
export const PASS_PREFIX = 'LN1:';
/** Prefix of a staff pass. */
export const STAFF_PREFIX = 'LNS1:';

/**
 * Why a pass is not accepted: it is not a pass text this release understands (`pass-unreadable`); no key of the ring
 * signed it (`pass-forged`); it is expired, or not valid yet; it is for another kiosk (`pass-elsewhere`).
 */
export type PassRefusal =
  | 'pass-unreadable'
  | 'pass-forged'
  | 'pass-expired'
  | 'pass-not-yet-valid'
  | 'pass-elsewhere';

const clockSkew = milliseconds(limits.passClockSkewMs);

const prefixOf = ({ kind }: PassClaims) => (kind === 'staff' ? STAFF_PREFIX : PASS_PREFIX);

/** Used passes for one loan are kept until they expire, so their life must be short. */
const isShortEnough = ({ kind, validFrom, validUntil }: PassClaims) =>
  kind !== 'grant' || validUntil - validFrom <= limits.grantLifeMs;

/** Signs a pass: its text for the QR code, about 190 characters of QR's alphanumeric alphabet. */
export function issuePass(claims: PassClaims, key: SigningKey): string {
  assert(isShortEnough(claims), 'a pass for one loan is good for a day at most');
  const signed = sign1(protectedHeader(key.kid), encodeClaims(claims), key.privateKey);
  const text = prefixOf(claims) + toBase45(signed);
  assert(text.length <= limits.passLengthChars, 'a pass fits the length that readers accept');
  return text;
}

/**
 * Checks a pass text as it was scanned at `kiosk`. The claims are read only after the signature is verified.
 *
 * When time is not trusted (`floor`), `moment.calendarMs` is the last trusted time and the true time is that or later.
 * So a pass can be proven expired, and is then refused; it cannot be proven not yet valid, so that is not refused.
 * A pass that ended since the floor is accepted: the short life of passes limits this risk.
 */
export function verifyPass(
  text: string,
  ring: KeyRing,
  moment: Moment,
  kiosk: KioskId,
): Result<PassClaims, PassRefusal> {
  const prefix = [PASS_PREFIX, STAFF_PREFIX].find((each) => text.startsWith(each));
  if (text.length > limits.passLengthChars || prefix === undefined) return refused('pass-unreadable');
  const bytes = fromBase45(text.slice(prefix.length));
  const message = bytes && openSign1(bytes);
  if (!message) return refused('pass-unreadable');
  const publicKey = findKey(ring, message.header);
  if (!publicKey || !isSignedBy(message, publicKey)) return refused('pass-forged');
  const claims = decodeClaims(message.payload);
  if (!claims || prefixOf(claims) !== prefix || !isShortEnough(claims)) return refused('pass-unreadable');
  if (claims.kind !== 'resident' && claims.kiosk !== null && claims.kiosk !== kiosk)
    return refused('pass-elsewhere');
  return checkTime(claims, moment);
}

function checkTime(claims: PassClaims, moment: Moment): Result<PassClaims, PassRefusal> {
  if (moment.calendarMs >= claims.validUntil) return refused('pass-expired');
  // The catalogue's clock may be ahead of the kiosk's when a pass is shown right after it was issued.
  const begins = claims.validFrom - clockSkew;
  if (moment.trust === 'trusted' && moment.calendarMs < begins) return refused('pass-not-yet-valid');
  return ok(claims);
}
