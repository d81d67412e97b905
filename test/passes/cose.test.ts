import t from 'tap';
import { fromCbor, openSign1, protectedHeader, sign1, toBeSigned, toCbor } from '../../src/passes/cose.js';
import { generateSigningKey } from '../../src/passes/keys.js';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex');

t.test('signs the structure of RFC 8152 appendix C.2.1', async (t) => {
  const signed = toBeSigned(bytes('a10126'), new TextEncoder().encode('This is the content.'));
  t.equal(hex(signed), '846a5369676e61747572653143a101264054546869732069732074686520636f6e74656e742e');
});

t.test('writes and reads the claims of RFC 8392 appendix A.1', async (t) => {
  const claims = new Map<number, unknown>([
    [1, 'coap://as.example.com'],
    [2, 'erikw'],
    [3, 'coap://light.example.com'],
    [4, 1_444_064_944],
    [5, 1_443_944_944],
    [6, 1_443_944_944],
    [7, bytes('0b71')],
  ]);
  const cbor = bytes(
    'a70175636f61703a2f2f61732e6578616d706c652e636f6d02656572696b77037818636f61703a2f2f6c696768742e' +
      '6578616d706c652e636f6d041a5612aeb0051a5610d9f0061a5610d9f007420b71',
  );
  t.equal(hex(toCbor(claims)), hex(cbor));
  t.same(fromCbor(cbor), claims);
});

t.test('reads nothing but the one strict form of CBOR', async (t) => {
  const wrong = {
    nothing: '',
    'a key twice': 'a2 02 01 02 02',
    'a trailing byte': '01 00',
    'a length longer than it need be': '58 01 00',
    'a number longer than it need be': '18 01',
    'an indefinite array': '9f 01 ff',
    'an indefinite map': 'bf 01 02 ff',
    'an indefinite byte string': '5f 41 00 ff',
    'a stray break': 'ff',
    'an undefined value': '81 f7',
    'a value that is no number (NaN)': '81 f9 7e 00',
    'a number past 2^53': '1b 00 20 00 00 00 00 00 00',
    'a text cut short': '62 61',
    'an array that claims 2^53 entries': '9b 00 1f ff ff ff ff ff ff 01',
    'a map that claims 2^32 entries': 'ba ff ff ff ff 01 02',
    'a date (tag 0)': 'c0 60',
    'a big number (tag 2)': 'c2 41 01',
    'arrays within arrays, without end': '81'.repeat(260),
  };
  for (const [what, text] of Object.entries(wrong)) t.equal(fromCbor(bytes(text)), undefined, what);
});

t.test('takes only a tagged COSE_Sign1 apart', async (t) => {
  const { kid, privateKey } = generateSigningKey();
  const good = sign1(protectedHeader(kid), bytes('a0'), privateKey);
  t.ok(openSign1(good));
  const header = '49 a2012704 44 00000000';
  const wrong = {
    'without its tag': hex(good.subarray(1)),
    'another tag (COSE_Mac0)': `d1${hex(good.subarray(1))}`,
    'tagged twice': `d2${hex(good)}`,
    'three parts': `d2 83 ${header} a0 41 a0`,
    'five parts': `d2 85 ${header} a0 41 a0 58 40 ${'00'.repeat(64)} 00`,
    'an unprotected header that says something': `d2 84 ${header} a1 01 27 41 a0 58 40 ${'00'.repeat(64)}`,
    'an array for a header': `d2 84 80 a0 41 a0 58 40 ${'00'.repeat(64)}`,
    'a detached payload': `d2 84 ${header} a0 f6 58 40 ${'00'.repeat(64)}`,
    'a signature too short': `d2 84 ${header} a0 41 a0 58 3f ${'00'.repeat(63)}`,
    'a signature too long': `d2 84 ${header} a0 41 a0 58 41 ${'00'.repeat(65)}`,
    'a text for a payload': `d2 84 ${header} a0 61 61 58 40 ${'00'.repeat(64)}`,
  };
  for (const [what, text] of Object.entries(wrong)) t.equal(openSign1(bytes(text)), undefined, what);
});
