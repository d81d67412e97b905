import { kioskId, passId, patronId } from '../../src/kernel/ids.js';
import { days, epochMs } from '../../src/kernel/time.js';
import type { ResidentClaims } from '../../src/passes/claims.js';
import { generateSigningKey, type SigningKey, verifyingKeyOf } from '../../src/passes/keys.js';
import { createKeyRing, issuePass, type KeyRing } from '../../src/passes/pass.js';
import { momentAt } from '../support/clocks.js';

/** 2026-03-01T00:00Z, when the sample pass begins; it is good for a week. */
export const begins = epochMs(1_772_323_200_000);
export const ends = epochMs(begins + days(7));

/** The kiosk at which passes are shown. */
export const here = kioskId('jn-01');

export const sampleClaims: ResidentClaims = {
  patron: patronId('0123456789abcdef'),
  pass: passId('fedcba9876543210'),
  kind: 'resident',
  age: 'adult',
  validFrom: begins,
  validUntil: ends,
};

export const at = momentAt;

/** A moment at which the sample pass is good. */
export const noon = at(begins + days(1));

export const ringOf = (...keys: SigningKey[]): KeyRing => createKeyRing(keys.map(verifyingKeyOf));

/** A key, its ring, and the sample pass signed with it. */
export function sample(): { key: SigningKey; ring: KeyRing; text: string } {
  const key = generateSigningKey();
  return { key, ring: ringOf(key), text: issuePass(sampleClaims, key) };
}
