import t from 'tap';
import { itemId, kioskId, passId, patronId, staffId } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { epochMs } from '../../src/kernel/time.js';
import { fromBase45, toBase45 } from '../../src/passes/base45.js';
import { encodeClaims, type PassClaims } from '../../src/passes/claims.js';
import { protectedHeader, sign1, toCbor } from '../../src/passes/cose.js';
import { issuePass, verifyPass } from '../../src/passes/pass.js';
import { at, begins, here, sample } from './sample.js';

const { key, ring } = sample();
const times = { validFrom: begins, validUntil: epochMs(begins + limits.grantLifeMs) };
const pass = passId('fedcba9876543210');
const patron = patronId('0123456789abcdef');
const staff = staffId('00aa11bb22cc33dd');
const item = itemId('30106000000017');
const soon = at(begins + 1_000);
const read = (text: string, kiosk = here) => verifyPass(text, ring, soon, kiosk);
const no = (reason: string) => ({ ok: false, reason });

const kinds: Readonly<Record<string, PassClaims>> = {
  'a child': { kind: 'resident', age: 'child', patron, pass, ...times },
  'one loan': { kind: 'grant', age: 'adult', patron, pass, kiosk: here, item: null, ...times },
  'one book': { kind: 'grant', age: 'adult', patron, pass, kiosk: here, item, ...times },
  'a child’s book': { kind: 'grant', age: 'child', patron, pass, kiosk: here, item, ...times },
  staff: { kind: 'staff', staff, pass, kiosk: null, ...times },
  'staff of one kiosk': { kind: 'staff', staff, pass, kiosk: here, ...times },
};

t.test('every kind of pass decodes to the claims it was issued with', async (t) => {
  for (const [name, claims] of Object.entries(kinds)) {
    const text = issuePass(claims, key);
    t.same(read(text), { ok: true, value: claims }, name);
    t.ok(text.length <= 260, `${name}: ${text.length} characters`);
  }
});

t.test('readers accept the longest possible pass', async (t) => {
  const kiosk = kioskId('a'.repeat(31));
  const text = issuePass({ kind: 'grant', age: 'child', patron, pass, kiosk, item, ...times }, key);
  t.equal(text.length, 274);
  t.ok(text.length <= limits.passLengthChars);
  t.ok(read(text, kiosk).ok);
});

t.test('a pass for one kiosk is refused at every other', async (t) => {
  for (const [name, claims] of Object.entries(kinds)) {
    const isBound = claims.kind !== 'resident' && claims.kiosk !== null;
    const answer = read(issuePass(claims, key), kioskId('jn-02'));
    t.same(answer, isBound ? no('pass-elsewhere') : { ok: true, value: claims }, name);
  }
});

t.test('no pass is accepted as another kind', async (t) => {
  for (const [name, claims] of Object.entries(kinds)) {
    const text = issuePass(claims, key);
    const [mine, other] = claims.kind === 'staff' ? ['LNS1:', 'LN1:'] : ['LN1:', 'LNS1:'];
    t.ok(text.startsWith(mine), name);
    t.same(read(text.replace(mine, other)), no('pass-unreadable'), name);
  }
});

t.test('a pass for one loan that is valid for more than a day is refused', async (t) => {
  const validUntil = epochMs(times.validUntil + 1_000);
  const long: PassClaims = {
    kind: 'grant',
    age: 'adult',
    patron,
    pass,
    kiosk: here,
    item,
    validFrom: begins,
    validUntil,
  };
  t.throws(() => issuePass(long, key), /a day at most/);
  const signed = sign1(protectedHeader(key.kid), encodeClaims(long), key.privateKey);
  t.same(read(`LN1:${toBase45(signed)}`), no('pass-unreadable'));
});

t.test('a pass with an extra, missing or out-of-range claim is refused', async (t) => {
  const good: [number, unknown][] = [
    [2, patron],
    [3, here],
    [4, times.validUntil / 1_000],
    [5, begins / 1_000],
    [7, Uint8Array.from(Buffer.from(pass, 'hex'))],
    [9, 'g'],
    [-65_537, item],
  ];
  const signed = (entries: [number, unknown][]) =>
    `LN1:${toBase45(sign1(protectedHeader(key.kid), toCbor(new Map(entries)), key.privateKey))}`;
  const having = (label: number, value: unknown) =>
    good.map(([each, old]): [number, unknown] => [each, each === label ? value : old]);
  t.ok(read(signed(good)).ok);
  const wrong = {
    'no kiosk': good.filter(([label]) => label !== 3),
    'a resident with a kiosk': having(9, 'r').filter(([label]) => label !== -65_537),
    'a resident with an item': having(9, 'r').filter(([label]) => label !== 3),
    'staff with an item': having(9, 's'),
    'a scope nobody knows': having(9, 'x'),
    'a kiosk in capitals': having(3, 'JN-01'),
    'a short item': having(-65_537, '3010600000001'),
    'an item as a number': having(-65_537, 30_106_000_000_017),
    'one claim more': [...good, [-65_538, 1] as [number, unknown]],
  };
  for (const [name, entries] of Object.entries(wrong))
    t.same(read(signed(entries)), no('pass-unreadable'), name);
});

t.test('flipping one bit never gives another valid pass', async (t) => {
  const { staff: ofStaff, 'one book': ofBook } = kinds;
  for (const claims of [ofStaff, ofBook]) {
    if (!claims) throw new Error('both kinds are above');
    const [prefix, body] = issuePass(claims, key).split(/(?<=^LNS?1:)/);
    const bytes = Uint8Array.from(fromBase45(body ?? '') ?? []);
    t.ok(read(`${prefix}${toBase45(bytes)}`).ok, 'the pass itself is good');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Uint8Array.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      if (read(`${prefix}${toBase45(flipped)}`).ok) t.fail(`${claims.kind}: bit ${bit}`);
    }
    t.pass(`${claims.kind}: ${bytes.length * 8} bits`);
  }
});
