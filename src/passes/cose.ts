import { type KeyObject, sign, verify } from 'node:crypto';
import { decode, encode, rfc8949EncodeOptions, Tagged } from 'cborg';

/** RFC 9052 names: the tag of a COSE_Sign1, header labels, the registered number of EdDSA. */
const SIGN1_TAG = 18;
const ALG = 1;
const KID = 4;
const EDDSA = -8;
const SIGNATURE_BYTES = 64;
const NOTHING = new Uint8Array(0);
/** The context of a COSE_Sign1 as CBOR text. */
const CONTEXT = Buffer.from('\x6aSignature1', 'latin1');

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

/** The parts of a COSE_Sign1, not yet verified. */
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
 * lengths, or a tag other than COSE_Sign1. The caller checks the order of keys.
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
 * Verifiers compare these bytes, so no algorithm is negotiated.
 */
export function protectedHeader(kid: string): Uint8Array {
  const header: [number, unknown][] = [
    [ALG, EDDSA],
    [KID, Uint8Array.from(Buffer.from(kid, 'hex'))],
  ];
  return toCbor(new Map(header));
}

/**
 * Signs `payload` with an Ed25519 key: the bytes of a tagged COSE_Sign1 (RFC 9052 section 4.2). `aad` is signed but not
 * sent: both sides know it.
 */
export function sign1(
  header: Uint8Array,
  payload: Uint8Array,
  privateKey: KeyObject,
  aad: Uint8Array = NOTHING,
): Uint8Array {
  const before = [Buffer.of(0xd2, 0x84), toCbor(header), Buffer.of(0xa0), byteStringHead(payload.length)];
  const signature = sign(null, toBeSigned(header, payload, aad), privateKey);
  return joined([...before, payload, byteStringHead(SIGNATURE_BYTES), signature]);
}

/** Decodes a tagged COSE_Sign1; undefined when the bytes are anything else. */
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

/** The bytes that are signed: the Sig_structure of RFC 9052 section 4.4. */
export function toBeSigned(header: Uint8Array, payload: Uint8Array, aad: Uint8Array = NOTHING): Uint8Array {
  const before = [Buffer.of(0x84), CONTEXT, toCbor(header), toCbor(aad)];
  return joined([...before, byteStringHead(payload.length), payload]);
}

/**
 * The head of a byte string (RFC 8949 section 3.1). Long ones are encoded here, into one buffer,
 * because the library would copy a backlog of thousands of batches five times.
 */
function byteStringHead(length: number): Uint8Array {
  if (length < 24) return Buffer.of(0x40 | length);
  const head = Buffer.alloc(5);
  if (length < 0x100) return head.fill(0x58, 0, 1).fill(length, 1, 2).subarray(0, 2);
  if (length < 0x10000) {
    head.writeUInt8(0x59);
    head.writeUInt16BE(length, 1);
    return head.subarray(0, 3);
  }
  head.writeUInt8(0x5a);
  head.writeUInt32BE(length, 1);
  return head;
}

const joined = (parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);
