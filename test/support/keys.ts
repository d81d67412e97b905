import { topicsOf } from '../../src/contract/topics.js';
import type { KioskId } from '../../src/kernel/ids.js';
import {
  createKeyRing,
  generateSigningKey,
  type SigningKey,
  verifyingKeyOf,
  verifyingKeyPem,
} from '../../src/passes/keys.js';
import { createSeals, type Seals } from '../../src/passes/seal.js';

/** The key of every kiosk that a test plays. */
export const kioskKey = generateSigningKey();
/** The key of a catalogue that a test plays. */
export const catalogueKey = generateSigningKey();

/** The public half of a key, as it is given to others. */
export const publicPem = (key: SigningKey) => verifyingKeyPem(verifyingKeyOf(key));

const ringOf = (key: SigningKey) => createKeyRing([verifyingKeyOf(key)]);

/** The seals of the kiosk towards the catalogue that a test plays, and of that catalogue towards the kiosk. */
export const kioskSeals: Seals = createSeals(
  () => kioskKey,
  () => ringOf(catalogueKey),
);
export const catalogueSeals: Seals = createSeals(
  () => catalogueKey,
  () => ringOf(kioskKey),
);

/** Whether the catalogue says something sealed on `topic`. */
export function isCatalogueTopic(street: string, kiosk: KioskId, topic: string): boolean {
  const { journalAck, command, documents } = topicsOf(street, kiosk);
  return [journalAck, command, ...Object.values(documents)].includes(topic);
}
