import { randomBytes } from 'node:crypto';
import { limits } from '../../../../src/kernel/limits.js';
import { openSign1, protectedHeader, sign1, toCbor } from '../../../../src/passes/cose.js';
import { generateSigningKey, type SigningKey } from '../../../../src/passes/keys.js';
import { createSeals } from '../../../../src/passes/seal.js';
import type { Random } from '../../support/random.js';

/** A message that would be believed, were it sealed by `signer` and sent as it is. */
export interface Truth {
  readonly topic: string;
  readonly text: string;
  readonly signer: SigningKey;
}

/** What a forger has. */
export interface Loot {
  /** What he would like to be believed. */
  readonly wish: Truth;
  /** True messages, as he has heard them. */
  readonly overheard: readonly Truth[];
  /** Keys that are real but have no say on the topic of the wish. */
  readonly otherKeys: readonly SigningKey[];
  /** Signed by the right key, for another purpose: a pass, a receipt. */
  readonly signedElsewise: readonly Uint8Array[];
  readonly random: Random;
}

/** Seals a truth as its signer does. */
export const sealed = ({ topic, text, signer }: Truth): Uint8Array => sealBy(signer, topic, text);

const sealBy = (key: SigningKey, topic: string, text: string) =>
  createSeals(
    () => key,
    () => new Map(),
  ).seal(topic, text);

const stranger = generateSigningKey();
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'utf8'));

/** Every way of making a message that nobody may believe. */
export const ways = {
  'bits turned over': ({ wish, random }) => {
    const bytes = Uint8Array.from(sealed(wish));
    const places = new Set(
      Array.from({ length: random.between(1, 4) }, () => random.between(0, bytes.length - 1)),
    );
    for (const at of places) bytes[at] = (bytes[at] ?? 0) ^ random.between(1, 255);
    return bytes;
  },
  'cut short': ({ wish, random }) => {
    const bytes = sealed(wish);
    return bytes.subarray(0, random.between(0, bytes.length - 1));
  },
  'gone on': ({ wish, random }) => Uint8Array.from([...sealed(wish), ...randomBytes(random.between(1, 40))]),
  noise: ({ random }) => Uint8Array.from(randomBytes(random.between(0, 400))),
  'not sealed': ({ wish }) => bytesOf(wish.text),
  'sealed by a stranger': ({ wish }) => sealBy(stranger, wish.topic, wish.text),
  'sealed by one who has no say here': ({ wish, otherKeys, random }) =>
    sealBy(random.pick(otherKeys), wish.topic, wish.text),
  'in another’s name': ({ wish }) =>
    sign1(protectedHeader(wish.signer.kid), bytesOf(wish.text), stranger.privateKey, bytesOf(wish.topic)),
  'from another topic': ({ wish, overheard, random }) => {
    const others = overheard.filter(({ topic }) => topic !== wish.topic);
    return sealed(random.pick(others));
  },
  'for another kiosk': ({ wish }) => sealBy(wish.signer, wish.topic.replace('/jn-01/', '/jn-02/'), wish.text),
  'for another street': ({ wish }) => sealBy(wish.signer, wish.topic.replace('/v1/', '/v1/x'), wish.text),
  'under another’s signature': ({ wish, overheard, random }) => {
    const other = openSign1(sealed(random.pick(overheard)));
    const header = protectedHeader(wish.signer.kid);
    return rebuilt(header, new Map(), bytesOf(wish.text), other?.signature);
  },
  'with the signature of nothing': ({ wish, random }) =>
    rebuilt(
      protectedHeader(wish.signer.kid),
      new Map(),
      bytesOf(wish.text),
      Uint8Array.from(random.chance(0.5) ? new Uint8Array(64) : randomBytes(random.between(0, 80))),
    ),
  'by another algorithm': ({ wish, random }) => {
    const kid = Uint8Array.from(Buffer.from(wish.signer.kid, 'hex'));
    const header = toCbor(
      new Map<number, unknown>([
        [1, random.pick([-7, -35, 5, 0])],
        [4, kid],
      ]),
    );
    return sign1(header, bytesOf(wish.text), wish.signer.privateKey, bytesOf(wish.topic));
  },
  'with a word beside the seal': ({ wish }) => {
    const whole = openSign1(sealed(wish));
    const beside = new Map([[4, Uint8Array.from(Buffer.from(wish.signer.kid, 'hex'))]]);
    return rebuilt(whole?.header, beside, whole?.payload, whole?.signature);
  },
  'signed for another purpose': ({ signedElsewise, random }) => random.pick(signedElsewise),
  'without its topic in the seal': ({ wish }) =>
    sign1(protectedHeader(wish.signer.kid), bytesOf(wish.text), wish.signer.privateKey),
  'a thousand boxes in one another': ({ random }) =>
    Uint8Array.from(Buffer.alloc(random.between(1_000, 20_000), random.pick([0x81, 0xd2, 0xa1, 0x5b]))),
} as const satisfies Record<string, (loot: Loot) => Uint8Array>;

export type Way = keyof typeof ways;

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
