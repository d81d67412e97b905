import { readFileSync } from 'node:fs';
import t from 'tap';
import type { Outcome } from '../../src/circulation/state.js';
import { epoch, itemId, kioskId, visitNo } from '../../src/kernel/ids.js';
import { epochMs } from '../../src/kernel/time.js';
import { createReceiptWriter } from '../../src/kiosk/receipts.js';
import { loadOrMakeKioskKey } from '../../src/passes/key-file.js';
import { createKeyRing, generateSigningKey, loadSigningKey, verifyingKeyOf } from '../../src/passes/keys.js';
import { readReceipt } from '../../src/passes/receipt.js';

const kiosk = kioskId('jn-01');
const item = itemId('30106000000017');
const at = epochMs(1_772_323_200_000);
const returned = (visit: number): Outcome => ({
  kind: 'returned',
  item,
  visit: visitNo(visit),
  at,
  trust: 'trusted',
  damage: null,
});

t.test('a return has a receipt signed with the kiosk’s own key, the same after a restart', async (t) => {
  const folder = t.testdir();
  const journal = { epoch: epoch('0f4e1c9b7a6d5e32') };
  const receiptOf = createReceiptWriter(kiosk, loadOrMakeKioskKey(folder), journal);
  const text = receiptOf(returned(7)) ?? '';
  t.equal(receiptOf(returned(7)), text, 'the same as often as it is shown');
  t.not(receiptOf(returned(8)), text);
  t.equal(createReceiptWriter(kiosk, loadOrMakeKioskKey(folder), journal)(returned(7)), text);
  const key = loadSigningKey(readFileSync(`${folder}/kiosk-key.pem`, 'utf8'));
  const ring = createKeyRing([verifyingKeyOf(key)]);
  const value = { kiosk, item, at, trust: 'trusted', ...journal, visit: 7 };
  t.same(readReceipt(text, ring), { ok: true, value });
});

t.test('nothing else has a receipt', async (t) => {
  const receiptOf = createReceiptWriter(kiosk, generateSigningKey(), { epoch: epoch('0f4e1c9b7a6d5e32') });
  t.equal(receiptOf({ kind: 'timed-out' }), null);
  t.equal(receiptOf({ kind: 'undone', item }), null);
});
