import fc from 'fast-check';
import t from 'tap';
import { fromBase45, toBase45 } from '../../src/passes/base45.js';

const ascii = (text: string) => new TextEncoder().encode(text);

const rfcVectors = [
  ['AB', 'BB8'],
  ['Hello!!', '%69 VD92EX0'],
  ['base-45', 'UJCLQE7W581'],
  ['ietf!', 'QED8WEX0'],
] as const;

t.test('agrees with the examples of RFC 9285', async (t) => {
  for (const [plain, coded] of rfcVectors) {
    t.equal(toBase45(ascii(plain)), coded);
    t.same([...(fromBase45(coded) ?? [])], [...ascii(plain)]);
  }
});

t.test('refuses text that is not base45', async (t) => {
  const wrong = {
    'a triple over 65535 (RFC 9285 section 6)': 'GGW',
    'a larger triple': ':::',
    'a pair over 255': '::',
    'one character left over': 'BB8B',
    'a single character': '0',
    'lower case': 'bb8',
    'a character outside the alphabet': 'BB_',
    'a character far outside the alphabet': 'BB\u{1f512}',
    'a character whose low byte is in the alphabet': 'BB\u0138',
    'a line end': 'BB8\n',
  };
  for (const [what, text] of Object.entries(wrong)) t.equal(fromBase45(text), undefined, what);
});

t.test('encoding and decoding returns the same bytes (1 000 random ones)', async () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(bytes, (b) => Buffer.from(fromBase45(toBase45(b)) ?? [1]).equals(b)),
    { numRuns: 1_000 },
  );
});

t.test('accepts one text per bytes (10 000 random texts)', async () => {
  const text = fc.string({
    maxLength: 12,
    unit: fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'),
  });
  const isFaithful = (given: string) => {
    const bytes = fromBase45(given);
    return bytes === undefined || toBase45(bytes) === given;
  };
  fc.assert(fc.property(text, isFaithful), { numRuns: 10_000 });
});
