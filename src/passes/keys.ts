import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  KeyObject,
} from 'node:crypto';
import { Fault } from '../kernel/faults.js';
import { protectedHeader } from './cose.js';

/** The catalogue's half of a key: signs passes. `kid` is its id, see `keyId`. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** The kiosk's half of a key: checks passes. */
export interface VerifyingKey {
  readonly kid: string;
  readonly publicKey: KeyObject;
}

/** The keys a kiosk trusts, found by the exact protected header (hex) of what they sign. */
export type KeyRing = ReadonlyMap<string, KeyObject>;

/** A key as it is kept in a file: PEM text (PKCS #8 or SPKI) or a JSON Web Key (RFC 8037). */
export type KeyText = string | JsonWebKey;

/** A new signing key, from the system's random numbers. */
export function generateSigningKey(): SigningKey {
  return withKeyId(generateKeyPairSync('ed25519').privateKey);
}

/** Reads an Ed25519 private key; throws `pass.key-unusable` for anything else. The text stays out of the message. */
export function loadSigningKey(text: KeyText): SigningKey {
  return withKeyId(loadKey('private', text, createPrivateKey));
}

/** Reads an Ed25519 public key; throws `pass.key-unusable` for anything else, also for a private key. */
export function loadVerifyingKey(text: KeyText): VerifyingKey {
  const isPrivate = typeof text === 'string' ? text.includes('PRIVATE KEY') : text.d !== undefined;
  if (isPrivate) throw unusable('a private key does not belong on a kiosk');
  const publicKey = loadKey('public', text, createPublicKey);
  return { kid: keyId(publicKey), publicKey };
}

/** The public half of a signing key, for kiosks. */
export function verifyingKeyOf(key: SigningKey): VerifyingKey {
  return { kid: key.kid, publicKey: createPublicKey(key.privateKey) };
}

/** The PEM text of a signing key (PKCS #8), a secret. */
export function signingKeyPem(key: SigningKey): string {
  return String(key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

/** The PEM text of a verifying key (SPKI). */
export function verifyingKeyPem(key: VerifyingKey): string {
  return String(key.publicKey.export({ type: 'spki', format: 'pem' }));
}

/**
 * A key's id: the first 4 bytes of the SHA-256 of its 32 public bytes, as 8 hex digits. It finds a key and proves
 * nothing. Throws `pass.key-unusable` when the key is not an Ed25519 public key.
 */
export function keyId(publicKey: KeyObject): string {
  if (publicKey.type !== 'public') throw unusable('a private key does not belong on a kiosk');
  if (publicKey.asymmetricKeyType !== 'ed25519')
    throw unusable(`a key is ${publicKey.asymmetricKeyType}, not Ed25519`);
  const { x } = publicKey.export({ format: 'jwk' });
  const bytes = Buffer.from(String(x), 'base64url');
  return createHash('sha256').update(bytes).digest('hex').slice(0, 8);
}

/**
 * The ring of trusted keys, each parsed; build it once. Keys may be text, as in a configuration.
 * Throws `pass.key-unusable` when a key is not an Ed25519 public key, does not match its id, or occurs twice.
 */
export function createKeyRing(
  keys: readonly { readonly kid: string; readonly publicKey: KeyObject | KeyText }[],
): KeyRing {
  const ring = new Map<string, KeyObject>();
  for (const { kid, publicKey: given } of keys) {
    const publicKey = given instanceof KeyObject ? given : loadVerifyingKey(given).publicKey;
    const trueKid = keyId(publicKey);
    if (kid !== trueKid) throw unusable(`the key given as ${kid} is ${trueKid}`);
    const header = headerText(protectedHeader(kid));
    if (ring.has(header)) throw unusable(`key ${kid} is there twice`);
    ring.set(header, publicKey);
  }
  return ring;
}

/** The key of the ring that this protected header names. */
export function findKey(ring: KeyRing, header: Uint8Array): KeyObject | undefined {
  return ring.get(headerText(header));
}

function headerText(header: Uint8Array): string {
  return Buffer.from(header.buffer, header.byteOffset, header.byteLength).toString('hex');
}

function withKeyId(privateKey: KeyObject): SigningKey {
  return { kid: keyId(createPublicKey(privateKey)), privateKey };
}

type Load = (key: string | { key: JsonWebKey; format: 'jwk' }) => KeyObject;

function loadKey(half: 'private' | 'public', text: KeyText, load: Load): KeyObject {
  try {
    return load(typeof text === 'string' ? text : { key: text, format: 'jwk' });
  } catch (error) {
    throw unusable(`the ${half} key is neither PEM nor JWK`, { cause: error });
  }
}

function unusable(why: string, options?: ErrorOptions): Fault {
  return new Fault('pass.key-unusable', why, options);
}
