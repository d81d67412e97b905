import { assert } from '../kernel/assert.js';
import type { PassId, PatronId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import { ok, type Result, refused } from '../kernel/result.js';
import { type EpochMs, type Moment, milliseconds } from '../kernel/time.js';
import { fromBase45, toBase45 } from './base45.js';
import { decodeClaims, encodeClaims, type PassClaims, type PassKind } from './claims.js';
import { isSignedBy, openSign1, protectedHeader, sign1 } from './cose.js';
import { findKey, type KeyRing, type SigningKey } from './keys.js';

export { createKeyRing, type KeyRing } from './keys.js';

/** What every pass text of this format begins with; another format gets another prefix. */
export const PASS_PREFIX = 'LN1:';

/** A pass that was found good: whose it is, which one, and what for. */
export interface VerifiedPass {
  readonly patron: PatronId;
  readonly pass: PassId;
  readonly kind: PassKind;
  readonly validUntil: EpochMs;
}

/**
 * Why a pass is not accepted: it is not a pass text this release understands (`pass-unreadable`); no key of the ring
 * signed it (`pass-forged`); its time is over, or has not begun.
 */
export type PassRefusal = 'pass-unreadable' | 'pass-forged' | 'pass-expired' | 'pass-not-yet-valid';

const clockSkew = milliseconds(limits.passClockSkewMs);

/** Signs a pass: its text for the QR code, about 190 characters of QR's alphanumeric alphabet. */
export function issuePass(claims: PassClaims, key: SigningKey): string {
  const text = PASS_PREFIX + toBase45(sign1(protectedHeader(key.kid), encodeClaims(claims), key.privateKey));
  assert(text.length <= limits.passLengthChars, 'a pass fits the length that readers accept');
  return text;
}

/**
 * Checks a pass text as it was scanned. The claims are looked at only after the signature was found good.
 *
 * When time is not trusted (`floor`), `moment.calendarMs` is the last trusted time and the true time is that or later.
 * So it can prove a pass expired, and does; it can never prove that a pass has not begun, so that is not refused.
 * A pass that ended since the floor is accepted: that is the risk bounded by short pass lives.
 */
export function verifyPass(text: string, ring: KeyRing, moment: Moment): Result<VerifiedPass, PassRefusal> {
  if (text.length > limits.passLengthChars || !text.startsWith(PASS_PREFIX))
    return refused('pass-unreadable');
  const bytes = fromBase45(text.slice(PASS_PREFIX.length));
  const message = bytes && openSign1(bytes);
  if (!message) return refused('pass-unreadable');
  const publicKey = findKey(ring, message.header);
  if (!publicKey || !isSignedBy(message, publicKey)) return refused('pass-forged');
  const claims = decodeClaims(message.payload);
  if (!claims) return refused('pass-unreadable');
  return checkTime(claims, moment);
}

function checkTime(claims: PassClaims, moment: Moment): Result<VerifiedPass, PassRefusal> {
  const { patron, pass, kind, validFrom, validUntil } = claims;
  if (moment.calendarMs >= validUntil) return refused('pass-expired');
  // The catalogue's clock may be a little ahead of ours when a resident comes straight from her phone.
  const begins = validFrom - clockSkew;
  if (moment.trust === 'trusted' && moment.calendarMs < begins) return refused('pass-not-yet-valid');
  return ok({ patron, pass, kind, validUntil });
}
