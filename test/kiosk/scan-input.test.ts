import t from 'tap';
import type { Scan } from '../../firmware-bridge/reader/classify.js';
import { itemId, kioskId, lockerNo, passId, patronId, staffId } from '../../src/kernel/ids.js';
import { days } from '../../src/kernel/time.js';
import { inputOfScan, type ScanContext } from '../../src/kiosk/scan-input.js';
import { issuePass } from '../../src/passes/pass.js';
import { at, begins, ends, here, noon, sample, sampleClaims } from '../passes/sample.js';

const owner = { patron: patronId('a1a1a1a1a1a1a1a1'), age: 'child' } as const;
const card = '21234567890124';
const pass = passId('fedcba9876543210');

function shown(scan: Scan, change: Partial<ScanContext> = {}) {
  const cardOf = (number: string) => (number === card ? owner : null);
  return inputOfScan(scan, { kiosk: here, keyRing: sample().ring, moment: noon, cardOf, ...change });
}

const refused = (refusal: string) => ({ kind: 'scan-refused', refusal });

t.test('a pass is accepted only with a valid signature, and while it is valid', async (t) => {
  const { ring: keyRing, text } = sample();
  const { patron, pass } = sampleClaims;
  const holder = { patron, age: 'adult', pass, grant: null };
  t.same(shown({ kind: 'pass', text }, { keyRing }), { kind: 'pass-shown', holder });
  t.same(shown({ kind: 'pass', text }), refused('pass-forged'));
  t.same(shown({ kind: 'pass', text }, { keyRing, moment: at(ends + 1) }), refused('pass-expired'));
});

t.test('a single-use pass names its item, and is valid at its kiosk only', async (t) => {
  const { key, ring: keyRing } = sample();
  const item = itemId('30234000517861');
  const validUntil = at(begins + days(2)).calendarMs;
  const times = { validFrom: at(validUntil - days(1)).calendarMs, validUntil };
  const { patron } = sampleClaims;
  const text = issuePass({ kind: 'grant', age: 'child', patron, pass, kiosk: here, item, ...times }, key);
  const holder = {
    patron,
    age: 'child',
    pass,
    grant: { until: validUntil, item, spent: false, command: null },
  };
  t.same(shown({ kind: 'pass', text }, { keyRing }), { kind: 'pass-shown', holder });
  t.same(shown({ kind: 'pass', text }, { keyRing, kiosk: kioskId('jn-02') }), refused('pass-elsewhere'));
});

t.test('a staff pass starts a staff visit', async (t) => {
  const { key, ring: keyRing } = sample();
  const staff = staffId('0123456789abcdef');
  const times = { validFrom: begins, validUntil: ends };
  const text = issuePass({ kind: 'staff', staff, pass, kiosk: null, ...times }, key);
  t.same(shown({ kind: 'staff', text }, { keyRing }), { kind: 'staff-shown', staff });
  const asResident = text.replace('LNS1:', 'LN1:');
  t.same(shown({ kind: 'pass', text: asResident }, { keyRing }), refused('pass-unreadable'));
});

t.test('a card is looked up; an unknown one reaches the core without an owner', async (t) => {
  t.same(shown({ kind: 'card', card }), { kind: 'card-shown', owner });
  t.same(shown({ kind: 'card', card: '29999999999999' }), { kind: 'card-shown', owner: null });
});

t.test('an item and a locker code are passed on unchanged', async (t) => {
  const [item, locker] = [itemId('30234000517861'), lockerNo(7)];
  t.same(shown({ kind: 'item', item }), { kind: 'item-shown', item });
  t.same(shown({ kind: 'locker', locker }), { kind: 'locker-chosen', locker });
});

t.test('every other code is refused with its own reason', async (t) => {
  const cases: readonly (readonly [Scan, string])[] = [
    [{ kind: 'title', isbn: '9787020002207' }, 'code-is-title'],
    [{ kind: 'receipt' }, 'code-is-receipt'],
    [{ kind: 'foreign', what: 'wechat-pay' }, 'code-is-payment'],
    [{ kind: 'foreign', what: 'alipay' }, 'code-is-payment'],
    [{ kind: 'foreign', what: 'unionpay' }, 'code-is-payment'],
    [{ kind: 'foreign', what: 'url' }, 'code-is-link'],
    [{ kind: 'foreign', what: 'unknown' }, 'code-foreign'],
  ];
  for (const [scan, refusal] of cases) t.same(shown(scan), refused(refusal), JSON.stringify(scan));
});
