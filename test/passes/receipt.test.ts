import t from 'tap';
import {
  type Epoch,
  epoch,
  type ItemId,
  itemId,
  type KioskId,
  kioskId,
  type VisitNo,
  visitNo,
} from '../../src/kernel/ids.js';
import { type EpochMs, epochMs } from '../../src/kernel/time.js';
import { fromBase45, toBase45 } from '../../src/passes/base45.js';
import { protectedHeader, sign1, toCbor } from '../../src/passes/cose.js';
import { generateSigningKey } from '../../src/passes/keys.js';
import { issueReceipt, type Receipt, readReceipt } from '../../src/passes/receipt.js';
import { ringOf, sample } from './sample.js';

const key = generateSigningKey();
const receipt: Receipt = {
  kiosk: kioskId('jn-01'),
  item: itemId('30106000000017'),
  at: epochMs(1_772_323_200_000),
  trust: 'trusted',
  epoch: epoch('0f4e1c9b7a6d5e32'),
  visit: visitNo(4_711),
};

t.test('a receipt verifies with the content that the kiosk signed', async (t) => {
  for (const trust of ['trusted', 'floor'] as const) {
    const text = issueReceipt({ ...receipt, trust, at: epochMs(receipt.at + 999) }, key);
    t.same(readReceipt(text, ringOf(key)), { ok: true, value: { ...receipt, trust } });
    t.match(text, /^LNR1:[0-9A-Z $%*+./:-]+$/);
    t.ok(text.length <= 260, `${text.length} characters`);
  }
});

t.test('a receipt of an unknown kiosk, or a changed one, is refused', async (t) => {
  const text = issueReceipt(receipt, key);
  t.same(readReceipt(text, ringOf(generateSigningKey())), { ok: false, reason: 'receipt-forged' });
  const bytes = fromBase45(text.slice(5)) ?? Uint8Array.of();
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const changed = Uint8Array.from(bytes);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    if (readReceipt(`LNR1:${toBase45(changed)}`, ringOf(key)).ok) t.fail(`bit ${bit}`);
  }
  t.pass(`${bytes.length * 8} bits`);
});

t.test('a pass is no receipt, and no text makes a receipt', async (t) => {
  const { text, ring } = sample();
  for (const other of [
    text,
    text.replace('LN1:', 'LNR1:'),
    'LNR1:',
    '',
    'LNR1:%%%',
    'LNR1:'.padEnd(500, 'A'),
  ])
    t.same(readReceipt(other, ring).ok, false, other.slice(0, 20));
});

t.test('a signed message with other claims is no receipt', async (t) => {
  const good: readonly (readonly [number, unknown])[] = [
    [1, receipt.kiosk],
    [6, receipt.at / 1_000],
    [7, Uint8Array.from(Buffer.from(`${receipt.epoch}/${receipt.visit}`))],
    [-65_537, receipt.item],
    [-65_538, true],
  ];
  const read = (claims: Uint8Array) =>
    readReceipt(`LNR1:${toBase45(sign1(protectedHeader(key.kid), claims, key.privateKey))}`, ringOf(key));
  const having = (label: number, value: unknown) =>
    read(toCbor(new Map(good.map(([each, old]) => [each, each === label ? value : old]))));
  const id = (text: string) => Uint8Array.from(Buffer.from(text));
  t.same(having(1, receipt.kiosk), { ok: true, value: receipt });
  const wrong = {
    'a kiosk in capitals': having(1, 'JN-01'),
    'no whole second': having(6, 1.5),
    'a time after 2106': having(6, 2 ** 32),
    'a time before 1970': having(6, -1),
    'an id as text': having(7, `${receipt.epoch}/1`),
    'no epoch': having(7, id('/1')),
    'visit 0': having(7, id(`${receipt.epoch}/0`)),
    'a visit written twice as long': having(7, id(`${receipt.epoch}/01`)),
    'a short item': having(-65_537, '3010600000001'),
    'trust as a number': having(-65_538, 1),
    'no trust': read(toCbor(new Map(good.slice(0, -1)))),
    'one claim more': read(toCbor(new Map([...good, [9, 'r']]))),
    'no map': read(toCbor([1])),
  };
  for (const [name, answer] of Object.entries(wrong))
    t.same(answer, { ok: false, reason: 'receipt-unreadable' }, name);
});

t.test('a kiosk does not sign a receipt that cannot be read', async (t) => {
  const wrong: readonly [Partial<Receipt>, RegExp][] = [
    [{ kiosk: 'JN 01' as KioskId }, /named/],
    [{ item: '123' as ItemId }, /14 digits/],
    [{ at: -1 as EpochMs }, /between 1970/],
    [{ at: epochMs(5e12) }, /between 1970/],
    [{ visit: 0 as VisitNo }, /epoch and visit/],
    [{ epoch: 'A1' as Epoch }, /epoch and visit/],
  ];
  for (const [part, why] of wrong) t.throws(() => issueReceipt({ ...receipt, ...part }, key), why);
});
