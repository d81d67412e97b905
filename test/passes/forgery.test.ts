import { sign } from 'node:crypto';
import { Tagged } from 'cborg';
import fc from 'fast-check';
import t from 'tap';
import { limits } from '../../src/kernel/limits.js';
import { fromBase45, toBase45 } from '../../src/passes/base45.js';
import { encodeClaims } from '../../src/passes/claims.js';
import { openSign1, protectedHeader, sign1, toBeSigned, toCbor } from '../../src/passes/cose.js';
import { generateSigningKey } from '../../src/passes/keys.js';
import { issuePass, PASS_PREFIX, verifyPass } from '../../src/passes/pass.js';
import { here, noon, ringOf, sample, sampleClaims } from './sample.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const { key, ring, text } = sample();
const body = text.slice(PASS_PREFIX.length);
const bytes = Uint8Array.from(fromBase45(body) ?? []);
const header = protectedHeader(key.kid);

const asText = (message: Uint8Array) => PASS_PREFIX + toBase45(message);
const reasonOf = (candidate: string, keys = ring) => {
  const result = verifyPass(candidate, keys, noon, here);
  return result.ok ? 'accepted' : result.reason;
};
const isRefused = (candidate: string) => reasonOf(candidate) !== 'accepted';
const hex = (digits: string) => Uint8Array.from(Buffer.from(digits, 'hex'));

t.equal(reasonOf(text), 'accepted', 'the pass that all forgeries start from is good');

t.test('refuses every flip of one bit of the signed message', async (t) => {
  const accepted: number[] = [];
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const forged = Uint8Array.from(bytes);
    forged[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    if (!isRefused(asText(forged))) accepted.push(bit);
  }
  t.same(accepted, [], `${bytes.length * 8} flips`);
});

t.test('refuses every other character at every place', async (t) => {
  const accepted: string[] = [];
  let tries = 0;
  for (let place = 0; place < text.length; place++) {
    for (const character of `${ALPHABET}abc\u0138\u0000\n`) {
      if (character === text[place]) continue;
      tries++;
      const forged = text.slice(0, place) + character + text.slice(place + 1);
      if (!isRefused(forged)) accepted.push(`${place}: ${character}`);
    }
  }
  t.same(accepted, [], `${tries} changed texts`);
});

t.test('refuses every truncation, every lengthening by one, every two characters swapped', async (t) => {
  const candidates: string[] = [];
  for (let place = 0; place < text.length; place++) {
    candidates.push(text.slice(0, place), text.slice(place + 1));
    const swapped =
      text.slice(0, place) +
      text
        .slice(place, place + 2)
        .split('')
        .reverse()
        .join('') +
      text.slice(place + 2);
    if (swapped !== text) candidates.push(swapped);
  }
  for (const character of ALPHABET)
    candidates.push(text + character, text + character + character, character + text);
  t.same(
    candidates.filter((candidate) => !isRefused(candidate)),
    [],
    `${candidates.length} texts`,
  );
});

t.test('refuses a pass signed with a key the kiosk does not know', async (t) => {
  t.equal(reasonOf(issuePass(sampleClaims, generateSigningKey())), 'pass-forged');
  t.equal(reasonOf(text, ringOf(generateSigningKey())), 'pass-forged');
  t.equal(reasonOf(text, ringOf()), 'pass-forged');
});

t.test('refuses a foreign key under a known key’s id', async (t) => {
  const { privateKey } = generateSigningKey();
  t.equal(reasonOf(issuePass(sampleClaims, { kid: key.kid, privateKey })), 'pass-forged');
});

t.test('refuses a signature made over other claims', async (t) => {
  const message = openSign1(bytes);
  const other = encodeClaims({
    ...sampleClaims,
    patron: sampleClaims.pass as unknown as typeof sampleClaims.patron,
  });
  const forged = toCbor(new Tagged(18, [header, new Map(), other, message?.signature]));
  t.equal(reasonOf(asText(forged)), 'pass-forged');
});

t.test('does not negotiate: any other protected header is refused, though rightly signed', async (t) => {
  const headers = {
    'another algorithm (ES256)': hex(`a2012604 44${key.kid}`.replaceAll(' ', '')),
    'no algorithm': hex(`a10444${key.kid}`),
    'no key id': hex('a10127'),
    'a further parameter': hex(`a3012703000444${key.kid}`),
    'keys in another order': hex(`a20444${key.kid}0127`),
    'an empty header': hex(''),
  };
  for (const [what, wrong] of Object.entries(headers)) {
    t.equal(reasonOf(asText(sign1(wrong, encodeClaims(sampleClaims), key.privateKey))), 'pass-forged', what);
  }
});

t.test('refuses claims it does not understand, though rightly signed', async (t) => {
  const claims: [number, unknown][] = [
    [2, sampleClaims.patron],
    [4, sampleClaims.validUntil / 1_000],
    [5, sampleClaims.validFrom / 1_000],
    [7, hex(sampleClaims.pass)],
    [9, 'r'],
  ];
  const signed = (entries: readonly (readonly [number, unknown])[]) =>
    asText(sign1(header, toCbor(new Map(entries)), key.privateKey));
  const having = (label: number, value: unknown) =>
    signed(claims.map(([key, given]) => [key, key === label ? value : given] as const));
  t.equal(reasonOf(signed(claims)), 'accepted');
  const wrong = {
    'another scope': having(9, 'admin'),
    'a patron that is no pseudonym': having(2, 'Zhang San 13800000000'),
    'a patron in upper case': having(2, 'ABCDEF0123456789'),
    'a pass id of 7 bytes': having(7, hex('fedcba98765432')),
    'a pass id as text': having(7, sampleClaims.pass),
    'an end that is no whole second': having(4, 1_772_928_000.5),
    'an end before the beginning': having(4, 1),
    'an end after 2106': having(4, 2 ** 32),
    'no end': signed(claims.filter(([label]) => label !== 4)),
    'a further claim': signed([...claims, [10, 'x']]),
    'a claim in place of another': signed([...claims.slice(1), [10, 'x']]),
    'no map': asText(sign1(header, toCbor([1, 2]), key.privateKey)),
    nothing: asText(sign1(header, hex(''), key.privateKey)),
    'keys in another order': asText(
      sign1(
        header,
        hex(`a5096172${Buffer.from(encodeClaims(sampleClaims)).toString('hex').slice(2, -6)}`),
        key.privateKey,
      ),
    ),
  };
  for (const [what, candidate] of Object.entries(wrong))
    t.equal(reasonOf(candidate), 'pass-unreadable', what);
});

t.test('refuses the twin of a signature (S + L), which would be a second text of one pass', async (t) => {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const message = Buffer.from(toBeSigned(header, encodeClaims(sampleClaims)));
  const signature = sign(null, message, key.privateKey);
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + order;
  const twin = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse();
  const forged = Uint8Array.from(bytes);
  forged.set(twin, bytes.length - 32);
  t.equal(reasonOf(asText(forged)), 'pass-forged');
});

t.test('refuses other prefixes and other people’s codes', async (t) => {
  const foreign = [
    '',
    'LN1',
    'LN1:',
    `LN2:${body}`,
    `ln1:${body}`,
    `HC1:${body}`,
    body,
    ` ${text}`,
    `]Q1${text}`,
  ];
  foreign.push('https://u.wechat.com/EAbCdEf', '130123456789012345', '9787020002207', text + text);
  for (const candidate of foreign) t.equal(reasonOf(candidate), 'pass-unreadable', candidate.slice(0, 20));
});

t.test('does not begin to decode a text that is too long', async (t) => {
  const long = PASS_PREFIX + 'A'.repeat(10_000_000);
  const before = performance.now();
  for (let n = 0; n < 1_000; n++) reasonOf(long);
  t.ok(performance.now() - before < 500, 'a thousand of them in no time');
  t.equal(reasonOf(PASS_PREFIX + 'A'.repeat(limits.passLengthChars)), 'pass-unreadable');
});

t.test('refuses random garbage, whatever layer it reaches (10 000 each)', async () => {
  const numRuns = 10_000;
  const letters = fc.string({ unit: fc.constantFrom(...ALPHABET), maxLength: 250 });
  const anything = fc.string({ unit: 'binary', maxLength: 250 });
  const message = fc.uint8Array({ maxLength: 150 });
  const signature = fc.uint8Array({ minLength: 64, maxLength: 64 });
  const parts = fc.tuple(fc.constantFrom(header, hex('')), fc.uint8Array({ maxLength: 60 }), signature);
  fc.assert(
    fc.property(letters, (noise) => isRefused(PASS_PREFIX + noise)),
    { numRuns },
  );
  fc.assert(
    fc.property(anything, (noise) => isRefused(noise) && isRefused(PASS_PREFIX + noise)),
    { numRuns },
  );
  fc.assert(
    fc.property(message, (noise) => isRefused(asText(noise))),
    { numRuns },
  );
  fc.assert(
    fc.property(parts, ([head, payload, noise]) =>
      isRefused(asText(toCbor(new Tagged(18, [head, new Map(), payload, noise])))),
    ),
    { numRuns },
  );
});
