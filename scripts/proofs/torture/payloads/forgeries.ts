import { randomBytes } from 'node:crypto';
import { limits } from '../../../../src/kernel/limits.js';
import { openSign1, protectedHeader, sign1, toCbor } from '../../../../src/passes/cose.js';
import { generateSigningKey, type SigningKey } from '../../../../src/passes/keys.js';
import { createSeals } from '../../../../src/passes/seal.js';
import type { Random } from '../../support/random.js';

/** A message that would be believed, were it sealed by `signer` and sent as it is. */
export interface GenuineMessage {
  readonly topic: string;
  readonly text: string;
  readonly signer: SigningKey;
}

/** What a forger has. */
export interface ForgeryInputs {
  readonly target: GenuineMessage;
  /** Genuine messages that the attacker has received. */
  readonly captured: readonly GenuineMessage[];
  /** Enrolled keys that are not accepted on the target's topic. */
  readonly otherKeys: readonly SigningKey[];
  /** Signed by the right key, for another purpose: a pass, a receipt. */
  readonly otherSignatures: readonly Uint8Array[];
  readonly random: Random;
}

/** Seals a truth as its signer does. */
export const sealMessage = ({ topic, text, signer }: GenuineMessage): Uint8Array =>
  sealWith(signer, topic, text);

const sealWith = (key: SigningKey, topic: string, text: string) =>
  createSeals(
    () => key,
    () => new Map(),
  ).seal(topic, text);

const stranger = generateSigningKey();
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'utf8'));

/** Every kind of message that has to be rejected. */
export const forgeries = {
  'bits turned over': ({ target, random }) => {
    const bytes = Uint8Array.from(sealMessage(target));
    const places = new Set(
      Array.from({ length: random.between(1, 4) }, () => random.between(0, bytes.length - 1)),
    );
    for (const at of places) bytes[at] = (bytes[at] ?? 0) ^ random.between(1, 255);
    return bytes;
  },
  'cut short': ({ target, random }) => {
    const bytes = sealMessage(target);
    return bytes.subarray(0, random.between(0, bytes.length - 1));
  },
  'gone on': ({ target, random }) =>
    Uint8Array.from([...sealMessage(target), ...randomBytes(random.between(1, 40))]),
  noise: ({ random }) => Uint8Array.from(randomBytes(random.between(0, 400))),
  'not sealed': ({ target }) => bytesOf(target.text),
  'sealed by a stranger': ({ target }) => sealWith(stranger, target.topic, target.text),
  'sealed by a key for other topics': ({ target, otherKeys, random }) =>
    sealWith(random.pick(otherKeys), target.topic, target.text),
  'in another’s name': ({ target }) =>
    sign1(
      protectedHeader(target.signer.kid),
      bytesOf(target.text),
      stranger.privateKey,
      bytesOf(target.topic),
    ),
  'from another topic': ({ target, captured, random }) => {
    const others = captured.filter(({ topic }) => topic !== target.topic);
    return sealMessage(random.pick(others));
  },
  'for another kiosk': ({ target }) =>
    sealWith(target.signer, target.topic.replace('/jn-01/', '/jn-02/'), target.text),
  'for another street': ({ target }) =>
    sealWith(target.signer, target.topic.replace('/v1/', '/v1/x'), target.text),
  'under another’s signature': ({ target, captured, random }) => {
    const other = openSign1(sealMessage(random.pick(captured)));
    const header = protectedHeader(target.signer.kid);
    return rebuilt(header, new Map(), bytesOf(target.text), other?.signature);
  },
  'with the signature of nothing': ({ target, random }) =>
    rebuilt(
      protectedHeader(target.signer.kid),
      new Map(),
      bytesOf(target.text),
      Uint8Array.from(random.chance(0.5) ? new Uint8Array(64) : randomBytes(random.between(0, 80))),
    ),
  'by another algorithm': ({ target, random }) => {
    const kid = Uint8Array.from(Buffer.from(target.signer.kid, 'hex'));
    const header = toCbor(
      new Map<number, unknown>([
        [1, random.pick([-7, -35, 5, 0])],
        [4, kid],
      ]),
    );
    return sign1(header, bytesOf(target.text), target.signer.privateKey, bytesOf(target.topic));
  },
  'with a word beside the seal': ({ target }) => {
    const whole = openSign1(sealMessage(target));
    const beside = new Map([[4, Uint8Array.from(Buffer.from(target.signer.kid, 'hex'))]]);
    return rebuilt(whole?.header, beside, whole?.payload, whole?.signature);
  },
  'signed for another purpose': ({ otherSignatures, random }) => random.pick(otherSignatures),
  'without its topic in the seal': ({ target }) =>
    sign1(protectedHeader(target.signer.kid), bytesOf(target.text), target.signer.privateKey),
  'a thousand boxes in one another': ({ random }) =>
    Uint8Array.from(Buffer.alloc(random.between(1_000, 20_000), random.pick([0x81, 0xd2, 0xa1, 0x5b]))),
} as const satisfies Record<string, (loot: ForgeryInputs) => Uint8Array>;

export type Forgery = keyof typeof forgeries;

/** Too large to be made often. */
export function huge(random: Random): Uint8Array {
  const bytes = Buffer.alloc(limits.linkMessageBytes, random.pick(['[', '{"a":', '\u0000', '9']));
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

function rebuilt(
  header: Uint8Array | undefined,
  beside: ReadonlyMap<number, Uint8Array>,
  payload: Uint8Array | undefined,
  signature: Uint8Array | undefined,
): Uint8Array {
  const [tag] = sign1(new Uint8Array(0), new Uint8Array(0), stranger.privateKey);
  const rest = toCbor([header, beside, payload, signature]);
  return Uint8Array.from([tag ?? 0, ...rest]);
}

/** What came of a campaign. */
export interface AttackOutcome {
  /** Messages, by how they were made. */
  readonly sent: ReadonlyMap<string, number>;
  /** Errors that were thrown, in words; the first few, and how many there were. */
  readonly crashes: readonly string[];
  /** Messages that did something they must not, in words. */
  readonly believed: readonly string[];
  /** Locks that were released by them. */
  readonly unlocks: number;
  /** True messages afterwards, and how many of them were believed: the gate is not just shut. */
  readonly genuine: { readonly sent: number; readonly believed: number };
}

/** How many messages there were. */
export const total = (sent: AttackOutcome['sent']): number =>
  [...sent.values()].reduce((sum, n) => sum + n, 0);

/** Counts one more. */
export const count = (sent: Map<string, number>, how: string): void =>
  void sent.set(how, (sent.get(how) ?? 0) + 1);
