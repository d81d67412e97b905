import t from 'tap';
import type { Scan } from '../firmware-bridge/reader/classify.js';
import { itemId, lockerNo } from '../src/kernel/ids.js';
import { inputOfScan } from '../src/scan-input.js';
import { at, ends, noon, sample, sampleClaims } from './passes/sample.js';

t.test('a pass is believed only with our signature, and while it is good', async (t) => {
  const { ring, text } = sample();
  const { patron, pass } = sampleClaims;
  t.same(inputOfScan({ kind: 'pass', text }, ring, noon), { kind: 'pass-shown', holder: { patron, pass } });
  const refused = (refusal: string) => ({ kind: 'scan-refused', refusal });
  t.same(inputOfScan({ kind: 'pass', text }, sample().ring, noon), refused('pass-forged'));
  t.same(inputOfScan({ kind: 'pass', text }, ring, at(ends + 1)), refused('pass-expired'));
});

t.test('an item and a door are taken as they are', async (t) => {
  const { ring } = sample();
  const [item, locker] = [itemId('30234000517861'), lockerNo(7)];
  t.same(inputOfScan({ kind: 'item', item }, ring, noon), { kind: 'item-shown', item });
  t.same(inputOfScan({ kind: 'locker', locker }, ring, noon), { kind: 'locker-chosen', locker });
});

t.test('every other code gets an answer of its own, and opens nothing', async (t) => {
  const { ring, text } = sample();
  const cases: readonly (readonly [Scan, string])[] = [
    [{ kind: 'card', card: '21234567890124' }, 'card-needs-counter'],
    [{ kind: 'title', isbn: '9787020002207' }, 'code-is-title'],
    [{ kind: 'staff', text: text.replace('LN1:', 'LNS1:') }, 'code-is-staff'],
    [{ kind: 'foreign', what: 'wechat-pay' }, 'code-is-payment'],
    [{ kind: 'foreign', what: 'alipay' }, 'code-is-payment'],
    [{ kind: 'foreign', what: 'unionpay' }, 'code-is-payment'],
    [{ kind: 'foreign', what: 'url' }, 'code-is-link'],
    [{ kind: 'foreign', what: 'unknown' }, 'code-foreign'],
  ];
  for (const [scan, refusal] of cases)
    t.same(inputOfScan(scan, ring, noon), { kind: 'scan-refused', refusal }, JSON.stringify(scan));
});
