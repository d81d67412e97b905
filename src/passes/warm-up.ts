import { kioskId, passId, patronId } from '../kernel/ids.js';
import { elapsedMs, epochMs } from '../kernel/time.js';
import { generateSigningKey, verifyingKeyOf } from './keys.js';
import { createKeyRing, issuePass, verifyPass } from './pass.js';

/** Verifications until the engine has compiled the path; measured: fewer leave the next one slower, more gain little. */
const TIMES = 200;

/**
 * Verifies a pass of a throw-away key many times (some 40 ms on a PC), so that the first resident of the day does not
 * wait for code to be loaded and compiled: the first verification of a process takes ten times the later ones.
 */
export function warmUpVerification(): void {
  const key = generateSigningKey();
  const ring = createKeyRing([verifyingKeyOf(key)]);
  const claims = {
    patron: patronId('0123456789abcdef'),
    pass: passId('0123456789abcdef'),
    kind: 'resident',
    age: 'adult',
    validFrom: epochMs(0),
    validUntil: epochMs(2_000),
  } as const;
  const text = issuePass(claims, key);
  const moment = { elapsedMs: elapsedMs(0), calendarMs: epochMs(1_000), trust: 'trusted' } as const;
  for (let n = 0; n < TIMES; n++) verifyPass(text, ring, moment, kioskId('none'));
}
