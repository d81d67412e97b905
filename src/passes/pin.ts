import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { assert } from '../kernel/assert.js';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/**
 * RFC 7914. 16 MB and 50 ms on a PC, a few times that on a Raspberry Pi 4: trying PINs on a leaked
 * list of hashes is slow. The largest cost below takes 32 MB, a little more than Node allows by itself.
 */
const COST = { N: 16_384, r: 8, p: 1, maxmem: 64 * 1_048_576 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const PIN = /^\d{4,8}$/;
/** Salt and hash in base64url; the cost is stored so that it can grow, within the memory of a kiosk. */
const STORED = /^scrypt\$(1024|16384|32768)\$8\$1\$([\w-]{22})\$([\w-]{43})$/;

/** Whether `pin` has the form of a PIN: 4 to 8 digits. */
export const isPinText = (pin: string): boolean => PIN.test(pin);

/** Whether `stored` is a hash this release can compare. */
export const isPinHash = (stored: string): boolean => STORED.test(stored);

/** The text to store for a PIN; `N` is 1024 only in tests. */
export async function hashPin(pin: string, N: 1_024 | 16_384 | 32_768 = COST.N): Promise<string> {
  assert(isPinText(pin), 'a PIN is 4 to 8 digits');
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(pin, salt, HASH_BYTES, { ...COST, N });
  return `scrypt$${N}$${COST.r}$${COST.p}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

/** Whether `pin` matches the hash `stored`; false also for a text that is no hash. Does not block the loop. */
export async function isPin(pin: string, stored: string): Promise<boolean> {
  const [, cost, salt, hash] = STORED.exec(stored) ?? [];
  if (cost === undefined || salt === undefined || hash === undefined || !isPinText(pin)) return false;
  const derived = await derive(pin, Buffer.from(salt, 'base64url'), HASH_BYTES, {
    ...COST,
    N: Number(cost),
  });
  return timingSafeEqual(derived, Buffer.from(hash, 'base64url'));
}
