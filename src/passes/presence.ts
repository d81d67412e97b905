import { Secret, TOTP } from 'otpauth';
import type { EpochMs } from '../kernel/time.js';

/** The secret that a kiosk shares with the catalogue: a code from its screen proves presence at the kiosk. */
export interface PresenceSecret {
  /** Base32 (RFC 4648). */
  readonly secret: string;
  /** How long one code is shown, in seconds. */
  readonly periodS: number;
  readonly digits: number;
}

/** Codes of the period before and after are valid too: a person needs time, and clocks differ a little. */
const windowSteps = 1;

/** The code at a moment: RFC 6238 with HMAC-SHA-1. */
export function presenceCode(presence: PresenceSecret, at: EpochMs): string {
  return totpOf(presence).generate({ timestamp: at });
}

/** The number of the period since 1970; each has its own code. */
export function presenceStep({ periodS }: Pick<PresenceSecret, 'periodS'>, at: EpochMs): number {
  return TOTP.counter({ period: periodS, timestamp: at });
}

/** The period whose code is `code`, among those valid at `at`; null for any other code. */
export function stepOfCode(presence: PresenceSecret, code: string, at: EpochMs): number | null {
  // The library throws on characters of more than one byte.
  if (!/^\d+$/.test(code)) return null;
  const delta = totpOf(presence).validate({ token: code, timestamp: at, window: windowSteps });
  return delta === null ? null : presenceStep(presence, at) + delta;
}

/** A new secret of 160 bits, as long as the hash. */
export function makePresenceSecret(): string {
  return new Secret({ size: 20 }).base32;
}

function totpOf({ secret, periodS, digits }: PresenceSecret): TOTP {
  return new TOTP({ secret: Secret.fromBase32(secret), period: periodS, digits, algorithm: 'SHA1' });
}
