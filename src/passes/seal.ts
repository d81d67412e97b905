import { isSignedBy, openSign1, protectedHeader, sign1 } from './cose.js';
import { findKey, type KeyRing, type SigningKey } from './keys.js';

/**
 * What one end of the link writes and reads its messages with: a COSE_Sign1 around their text, bound to their topic (as
 * external data, RFC 9052 section 4.3), so that a broker can neither write one nor pass one on in another place.
 */
export interface Seals {
  /** The text as a message for `topic`. */
  seal(topic: string, text: string): Uint8Array;
  /** The text of a message that came on `topic`; undefined where nobody who may speak there has sealed it. */
  open(topic: string, sealed: Uint8Array): Uint8Array | undefined;
}

/** Seals with the key that `signer` names at that moment, and opens what a key of `trustedOn(topic)` has sealed. */
export function createSeals(
  signer: (topic: string) => SigningKey,
  trustedOn: (topic: string) => KeyRing,
): Seals {
  return {
    seal(topic, text) {
      const { kid, privateKey } = signer(topic);
      return sign1(protectedHeader(kid), utf8(text), privateKey, utf8(topic));
    },
    open(topic, sealed) {
      const message = openSign1(sealed);
      const publicKey = message && findKey(trustedOn(topic), message.header);
      return publicKey && isSignedBy(message, publicKey, utf8(topic)) ? message.payload : undefined;
    },
  };
}

/** The text of a sealed message, whoever sealed it: for those who only look. Undefined where it is none. */
export function sealedText(sealed: Uint8Array): Uint8Array | undefined {
  return openSign1(sealed)?.payload;
}

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');
