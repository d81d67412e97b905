import { isSignedBy, openSign1, protectedHeader, sign1 } from './cose.js';
import { findKey, type KeyRing, type SigningKey } from './keys.js';

/**
 * Seals and opens the messages of one side of the link: a COSE_Sign1 around the text, bound to the topic (as
 * external data, RFC 9052 section 4.3), so that a broker can neither write one nor move one to another topic.
 */
export interface Seals {
  /** Seals the text for `topic`. */
  seal(topic: string, text: string): Uint8Array;
  /** The text of a message received on `topic`; undefined unless an accepted key has sealed it. */
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

/** The text of a sealed message, not verified: for display only. Undefined for any other message. */
export function sealedText(sealed: Uint8Array): Uint8Array | undefined {
  return openSign1(sealed)?.payload;
}

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');
