import t from 'tap';
import { epoch, itemId, kioskId, visitNo } from '../../src/kernel/ids.js';
import { epochMs } from '../../src/kernel/time.js';
import { fromBase45, toBase45 } from '../../src/passes/base45.js';
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

t.test('a receipt proves what the kiosk stated', async (t) => {
  for (const trust of ['trusted', 'floor'] as const) {
    const text = issueReceipt({ ...receipt, trust, at: epochMs(receipt.at + 999) }, key);
    t.same(readReceipt(text, ringOf(key)), { ok: true, value: { ...receipt, trust } });
    t.match(text, /^LNR1:[0-9A-Z $%*+./:-]+$/);
    t.ok(text.length <= 260, `${text.length} characters`);
  }
});

t.test('a receipt of nobody’s kiosk, or a changed one, proves nothing', async (t) => {
  const text = issueReceipt(receipt, key);
  t.same(readReceipt(text, ringOf(generateSigningKey())), { ok: false, reason: 'receipt-forged' });
  const bytes = fromBase45(text.slice(5)) ?? Uint8Array.of();
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Uint8Array.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    if (readReceipt(`LNR1:${toBase45(changed)}`, ringOf(key)).ok) t.fail(`byte ${at}`);
  }
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
