import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** RFC 7914. 16 MB and some 100 ms on a Raspberry Pi 4: a list of hashes that leaks is slow to try PINs on. */
const COST = { N: 16_384, r: 8, p: 1 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const PIN = /^\d{4,8}$/;
/** Salt and hash in base64url; the cost is written down so that it may grow, within what a kiosk can bear. */
const STORED = /^scrypt\$(1024|16384|32768)\$8\$1\$([\w-]{22})\$([\w-]{43})$/;

/** Whether `pin` is what a PIN looks like: 4 to 8 digits. */
export const isPinText = (pin: string): boolean => PIN.test(pin);

/** Whether `stored` is a hash this release can compare. */
export const isPinHash = (stored: string): boolean => STORED.test(stored);

/** The text to store for a PIN; `N` is lower only in tests. */
export async function hashPin(pin: string, N: number = COST.N): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(pin, salt, HASH_BYTES, { ...COST, N });
  return `scrypt$${N}$${COST.r}$${COST.p}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

/** Whether `pin` is the one behind `stored`; false also for a text that is no such hash. Does not block the loop. */
export async function isPin(pin: string, stored: string): Promise<boolean> {
  const [, cost, salt, hash] = STORED.exec(stored) ?? [];
  if (cost === undefined || salt === undefined || hash === undefined || !isPinText(pin)) return false;
  const options = { ...COST, N: Number(cost), maxmem: 64 * 1_048_576 };
  const derived = await derive(pin, Buffer.from(salt, 'base64url'), HASH_BYTES, options);
  return timingSafeEqual(derived, Buffer.from(hash, 'base64url'));
}
