import { readFileSync } from 'node:fs';
import QRCode from 'qrcode';
import t from 'tap';
import { epoch, itemId, staffId, visitNo } from '../../src/kernel/ids.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { days, epochMs } from '../../src/kernel/time.js';
import { fromBase45 } from '../../src/passes/base45.js';
import { encodeClaims, type PassClaims } from '../../src/passes/claims.js';
import { openSign1, protectedHeader, toBeSigned } from '../../src/passes/cose.js';
import { loadSigningKey } from '../../src/passes/keys.js';
import { issuePass, verifyPass } from '../../src/passes/pass.js';
import { isPin } from '../../src/passes/pin.js';
import { issueReceipt, type Receipt, readReceipt } from '../../src/passes/receipt.js';
import { createSeals } from '../../src/passes/seal.js';
import { at, begins, here, noon, ringOf, sampleClaims } from './sample.js';

const readme = readFileSync(new URL('src/passes/README.md', packageRoot), 'utf8');
const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex');
const key = loadSigningKey(JSON.parse(/```json\n(.*?)```/s.exec(readme)?.[1] ?? ''));
const ring = ringOf(key);
const item = itemId('30106000000017');

function example(name: string): string {
  const line = readme.split('\n').find((text) => text.startsWith(`${name} `) && !text.includes(' = '));
  return line?.slice(name.length).trimStart() ?? `no line ${name} in the example`;
}

t.test('the example in the README holds, step by step', async (t) => {
  const text = example('text');
  const header = protectedHeader(key.kid);
  const claims = encodeClaims(sampleClaims);
  t.match(readme, `\`kid\` ${key.kid}`);
  t.equal(hex(header), example('protected'));
  t.equal(hex(claims), example('claims'));
  t.equal(hex(toBeSigned(header, claims)), example('signed'));
  t.equal(hex(openSign1(fromBase45(text.slice(4)) ?? Uint8Array.of())?.signature), example('signature'));
  t.equal(issuePass(sampleClaims, key), text);
  t.ok(verifyPass(text, ring, noon, here).ok);
});

t.test('so do the examples of the other kinds of pass', async (t) => {
  const { patron, pass, validFrom, validUntil } = sampleClaims;
  const week = { pass, validFrom, validUntil };
  const day = { pass, validFrom, validUntil: epochMs(begins + days(1)) };
  const staff = staffId('00aa11bb22cc33dd');
  const kinds: Readonly<Record<string, PassClaims>> = {
    child: { ...sampleClaims, age: 'child' },
    loan: { kind: 'grant', age: 'adult', patron, kiosk: here, item: null, ...day },
    book: { kind: 'grant', age: 'child', patron, kiosk: here, item, ...day },
    staff: { kind: 'staff', staff, kiosk: null, ...week },
    'staff-here': { kind: 'staff', staff, kiosk: here, ...week },
  };
  for (const [name, claims] of Object.entries(kinds)) {
    t.equal(hex(encodeClaims(claims)), example(`${name}-claims`), name);
    t.equal(issuePass(claims, key), example(`${name}-text`), name);
    t.same(verifyPass(example(`${name}-text`), ring, at(begins), here), { ok: true, value: claims });
  }
});

t.test('so does that of a sealed message, on its own topic only', async (t) => {
  const seals = createSeals(
    () => key,
    () => ring,
  );
  const [topic, text] = [example('sealed-topic'), example('sealed-text')];
  const message = Buffer.from(example('sealed-message'), 'hex');
  t.equal(hex(seals.seal(topic, text)), example('sealed-message'));
  t.equal(String(Buffer.from(seals.open(topic, message) ?? [])), text);
  for (const other of ['', topic.replace('jn-01', 'jn-02'), topic.replace('/ack', '')])
    t.equal(seals.open(other, message), undefined, other);
  for (let at = 0; at < message.length; at += 1) {
    const changed = Buffer.from(message);
    changed[at] = (changed[at] ?? 0) ^ 1;
    if (seals.open(topic, changed) !== undefined) t.fail(`byte ${at} may be changed`);
  }
});

t.test('so do those of the receipt and the PIN', async (t) => {
  const receipt: Receipt = {
    kiosk: here,
    item,
    at: begins,
    trust: 'trusted',
    epoch: epoch('0f4e1c9b7a6d5e32'),
    visit: visitNo(4_711),
  };
  t.equal(issueReceipt(receipt, key), example('receipt-text'));
  t.same(readReceipt(example('receipt-text'), ring), { ok: true, value: receipt });
  t.equal(await isPin('246813', example('pin-hash')), true);
});

t.test('the codes are as small as it says', async (t) => {
  const codes = {
    'a resident': 'text',
    'one loan of any': 'loan-text',
    'one loan of one': 'book-text',
    'a staff pass for the': 'staff-text',
    'a staff pass for `jn': 'staff-here-text',
    'a receipt': 'receipt-text',
  };
  for (const [name, line] of Object.entries(codes)) {
    const text = example(line);
    const versions = (['L', 'M'] as const).map(
      (errorCorrectionLevel) => QRCode.create(text, { errorCorrectionLevel }).version,
    );
    const row = readme.split('\n').find((each) => each.startsWith(`| ${name}`)) ?? name;
    const [, , characters, qr] = row.split('|').map((cell) => cell.trim());
    t.strictSame([characters, qr], [String(text.length), versions.join(', ')], name);
    t.notMatch(text, / $/, 'no reader can lose a blank at the end');
  }
});
