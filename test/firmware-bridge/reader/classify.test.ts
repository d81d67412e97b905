import fc from 'fast-check';
import t from 'tap';
import { classify, lockerCode } from '../../../firmware-bridge/reader/classify.js';
import { kioskId, lockerNo } from '../../../src/kernel/ids.js';
import { PASS_PREFIX } from '../../../src/passes/pass.js';
import { RECEIPT_PREFIX } from '../../../src/passes/receipt.js';

const kiosk = kioskId('jn-01');
const lockers = Array.from({ length: 24 }, (_, n) => lockerNo(n + 1));
const library = { checkDigit: true, institutions: [] };
const scanOf = (text: string) => classify(text, { kiosk, lockers, library });
const unknown = { kind: 'foreign', what: 'unknown' } as const;

t.test('takes what begins like a pass for a pass, with or without an AIM identifier', async (t) => {
  const text = `${PASS_PREFIX}RRQ+D9 P60.`;
  for (const before of ['', ']Q1', ']Q3', ']d2', ']z0'])
    t.same(scanOf(before + text), { kind: 'pass', text }, before);
  t.same(scanOf(`ln1:AB`), unknown);
  t.same(scanOf(` ${text}`), unknown);
});

t.test('knows the codes on its own doors', async (t) => {
  t.equal(lockerCode(kiosk, lockerNo(7)), 'LNL:JN-01:07');
  for (const locker of lockers) t.same(scanOf(`]Q1${lockerCode(kiosk, locker)}`), { kind: 'locker', locker });
});

t.test('takes another kiosk’s door, a door it has not, a misspelt door for foreign', async (t) => {
  const wrong = [
    'LNL:JN-02:07',
    'LNL:jn-01:07',
    'LNL:JN-01:25',
    'LNL:JN-01:00',
    'LNL:JN-01:7',
    'LNL:JN-01:007',
    'LNL:',
  ];
  for (const code of wrong) t.same(scanOf(code), unknown, code);
});

// Check digits from published examples: JerseyCat's and Dynix's item numbers (protocol notes), NC Cardinal's is no item.
t.test('knows an item by its 14 digits, first digit and check digit', async (t) => {
  const item = '30234000517861';
  const spellings = [
    item,
    `]F0${item}`,
    `A${item}B`,
    `]F0a${item}b`,
    `t${item}N`,
    `]A0*${item}*`,
    `]C0${item}`,
    `]Q1${item}`,
  ];
  for (const text of spellings) t.same(scanOf(text), { kind: 'item', item }, text);
  t.same(scanOf('33191000105864'), { kind: 'item', item: '33191000105864' });
  t.same(scanOf('58198000943996'), unknown, 'neither item nor card');
});

t.test('an institution may have no check digit, and a street may have it the other way round', async (t) => {
  const [right, wrong] = ['30234000517861', '30234000517862'];
  const none = { checkDigit: true, institutions: [{ institution: '0234', checkDigit: false }] };
  t.same(classify(wrong, { kiosk, lockers, library: none }), { kind: 'item', item: wrong });
  t.same(classify('33191000105865', { kiosk, lockers, library: none }), unknown, 'others have theirs');
  // The Troup library's published example does not satisfy the rule.
  const troup = '35555000012349';
  t.same(scanOf(troup), unknown);
  const lax = { checkDigit: true, institutions: [{ institution: '5555', checkDigit: false }] };
  t.same(classify(troup, { kiosk, lockers, library: lax }), { kind: 'item', item: troup });
  const some = { checkDigit: false, institutions: [{ institution: '0234', checkDigit: true }] };
  t.same(classify(right, { kiosk, lockers, library: some }), { kind: 'item', item: right });
  t.same(classify(wrong, { kiosk, lockers, library: some }), unknown);
  t.same(classify('33191000105865', { kiosk, lockers, library: some }), {
    kind: 'item',
    item: '33191000105865',
  });
});

t.test('a staff code is neither a pass nor foreign', async (t) => {
  t.same(scanOf(']Q1LNS1:ABC'), { kind: 'staff', text: 'LNS1:ABC' });
});

t.test('knows a receipt by its beginning', async (t) => {
  for (const before of ['', ']Q1']) t.same(scanOf(`${before}${RECEIPT_PREFIX}AB C.`), { kind: 'receipt' });
  t.same(scanOf('lnr1:AB'), unknown);
});

t.test('knows a library card by its first digit', async (t) => {
  t.same(scanOf('21234567890124'), { kind: 'card', card: '21234567890124' });
  t.same(scanOf(']F0B21234567890124C'), { kind: 'card', card: '21234567890124' });
});

t.test(
  'does not take a misread number for an item: any one digit changed, any neighbours swapped',
  async (t) => {
    const item = '30234000517861';
    for (let place = 0; place < 14; place++) {
      for (const digit of '0123456789') {
        const text = item.slice(0, place) + digit + item.slice(place + 1);
        if (text !== item) t.equal(scanOf(text).kind, 'foreign', text);
      }
      const [here = '', next = ''] = item.slice(place, place + 2);
      const swapped = item.slice(0, place) + next + here + item.slice(place + 2);
      // The rule cannot see a swap of 0 and 9.
      if (here !== next && next !== '' && here + next !== '09')
        t.equal(scanOf(swapped).kind, 'foreign', swapped);
    }
    for (const text of [`${item}0`, item.slice(1), `A${item}`, `${item}B`, `X${item}X`])
      t.same(scanOf(text), unknown, text);
  },
);

t.test('does not take a trade code for an item', async (t) => {
  for (const before of [']I0', ']I1', ']E4', ']X0'])
    t.same(scanOf(`${before}30234000517861`), unknown, before);
});

t.test('knows a book’s ISBN as a title, with or without add-on', async (t) => {
  const title = { kind: 'title', isbn: '9787020002207' } as const;
  for (const text of [
    '9787020002207',
    ']E09787020002207',
    ']X09787020002207',
    ']E3978702000220712',
    ']E3978702000220751299',
  ]) {
    t.same(scanOf(text), title, text);
  }
  t.same(scanOf('9791032305690'), { kind: 'title', isbn: '9791032305690' });
  t.same(scanOf('9787020002208'), unknown, 'wrong check digit');
  t.same(scanOf('6901234567892'), unknown, 'another article');
});

t.test('tells payment codes and addresses from the rest, to answer kindly', async (t) => {
  const examples = {
    'wechat-pay': ['134567890123456789', '100000000000000000', ']Q1134567890123456789', 'wxp://f2f0abc'],
    alipay: ['284567890123456789', '301234567890123456'],
    unionpay: ['6212345678901234567'],
    url: ['https://u.wechat.com/EAbC', 'HTTP://QR.EXAMPLE', 'www.example.cn'],
  };
  for (const [what, codes] of Object.entries(examples))
    for (const code of codes) t.same(scanOf(code), { kind: 'foreign', what }, code);
  for (const code of [
    '',
    'WIFI:T:WPA;S:x;;',
    '164567890123456789',
    '你好',
    'a\u0000b',
    'LN1:\u00e9',
    ']Q',
    ']Q1',
  ]) {
    t.same(scanOf(code), unknown, JSON.stringify(code));
  }
});

t.test('says something about any text at all (5 000 random ones)', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.stringMatching(/^(\][A-Z]\d)?[0-9:]{0,24}$/),
  );
  const kinds = ['pass', 'staff', 'locker', 'item', 'card', 'title', 'foreign'];
  fc.assert(
    fc.property(text, (given) => kinds.includes(scanOf(given).kind)),
    { numRuns: 5_000 },
  );
});
