import { Secret, TOTP } from 'otpauth';
import type { EpochMs } from '../kernel/time.js';

/** What one kiosk and the catalogue share, so that a code on its screen proves that somebody stands before it. */
export interface PresenceSecret {
  /** Base32 (RFC 4648). */
  readonly secret: string;
  /** How long one code is shown, in seconds. */
  readonly periodS: number;
  readonly digits: number;
}

/** Codes of the period before and of the one after are good too: people take their time, and clocks differ a little. */
const windowSteps = 1;

/** The code of the moment: RFC 6238 with HMAC-SHA-1. */
export function presenceCode(presence: PresenceSecret, at: EpochMs): string {
  return totpOf(presence).generate({ timestamp: at });
}

/** Counts the periods since 1970; the code changes with it. */
export function presenceStep({ periodS }: Pick<PresenceSecret, 'periodS'>, at: EpochMs): number {
  return TOTP.counter({ period: periodS, timestamp: at });
}

/** The period in which `code` was the one to show, among those that are good at `at`; null for a code that is none of them. */
export function stepOfCode(presence: PresenceSecret, code: string, at: EpochMs): number | null {
  // The library throws at characters of more than one byte.
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
