import { type KeyObject, sign, verify } from 'node:crypto';
import { decode, encode, rfc8949EncodeOptions, Tagged } from 'cborg';

/** RFC 9052 names: the tag of a COSE_Sign1, header labels, the registered number of EdDSA. */
const SIGN1_TAG = 18;
const ALG = 1;
const KID = 4;
const EDDSA = -8;
const SIGNATURE_BYTES = 64;
const NOTHING = new Uint8Array(0);

const strictDecoding = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowNaN: false,
  allowInfinity: false,
  allowBigInt: false,
  rejectDuplicateMapKeys: true,
  useMaps: true,
  tags: Tagged.preserve(SIGN1_TAG),
};

/** A COSE_Sign1 taken apart; nothing of it is verified yet. */
export interface Sign1 {
  readonly header: Uint8Array;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/** Deterministic CBOR (RFC 8949 section 4.2): the same value always gives the same bytes. Maps as `Map`. */
export function toCbor(value: unknown): Uint8Array {
  return encode(value, rfc8949EncodeOptions);
}

/**
 * The value of CBOR bytes, maps as `Map`; undefined for trailing bytes, duplicate keys, indefinite or overlong
 * lengths, or a tag other than COSE_Sign1. The order of keys is the caller's to check.
 */
export function fromCbor(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, strictDecoding);
  } catch {
    return undefined;
  }
}

/**
 * The protected header of everything signed with key `kid` (hex): EdDSA and the key's id, nothing else.
 * Verifiers compare these bytes, so neither algorithm nor anything else can be negotiated.
 */
export function protectedHeader(kid: string): Uint8Array {
  const header: [number, unknown][] = [
    [ALG, EDDSA],
    [KID, Uint8Array.from(Buffer.from(kid, 'hex'))],
  ];
  return toCbor(new Map(header));
}

/**
 * Signs `payload` with an Ed25519 key: the bytes of a tagged COSE_Sign1 (RFC 9052 section 4.2). `aad` is signed too and not
 * sent: both ends know it.
 */
export function sign1(
  header: Uint8Array,
  payload: Uint8Array,
  privateKey: KeyObject,
  aad: Uint8Array = NOTHING,
): Uint8Array {
  const signature = Uint8Array.from(sign(null, toBeSigned(header, payload, aad), privateKey));
  return toCbor(new Tagged(SIGN1_TAG, [header, new Map(), payload, signature]));
}

/** Takes a tagged COSE_Sign1 apart; undefined when the bytes are anything else. */
export function openSign1(bytes: Uint8Array): Sign1 | undefined {
  const message = fromCbor(bytes);
  if (!(message instanceof Tagged) || !Array.isArray(message.value) || message.value.length !== 4)
    return undefined;
  const [header, unprotected, payload, signature] = message.value as unknown[];
  if (!(unprotected instanceof Map) || unprotected.size > 0) return undefined;
  if (!(header instanceof Uint8Array) || !(payload instanceof Uint8Array)) return undefined;
  if (!(signature instanceof Uint8Array) || signature.length !== SIGNATURE_BYTES) return undefined;
  return { header, payload, signature };
}

/** Whether `publicKey` (Ed25519) signed this message together with `aad`. */
export function isSignedBy(message: Sign1, publicKey: KeyObject, aad: Uint8Array = NOTHING): boolean {
  return verify(null, toBeSigned(message.header, message.payload, aad), publicKey, message.signature);
}

/** What is really signed: the Sig_structure of RFC 9052 section 4.4. */
export function toBeSigned(header: Uint8Array, payload: Uint8Array, aad: Uint8Array = NOTHING): Uint8Array {
  return toCbor(['Signature1', header, aad, payload]);
}
