import { decode, encode } from 'base45';

/** Bytes as base45 text (RFC 9285): three characters of QR's alphanumeric alphabet for two bytes. */
export function toBase45(bytes: Uint8Array): string {
  return encode(bytes);
}

/**
 * The bytes of a base45 text, or undefined when it is not the one RFC 9285 text of any bytes.
 * The package decodes whatever it is given; writing the result again is what finds foreign characters,
 * overflowing triples and impossible lengths.
 */
export function fromBase45(text: string): Uint8Array | undefined {
  const bytes = decode(text);
  return encode(bytes) === text ? bytes : undefined;
}
