import t from 'tap';
import { parseIntelHex } from '../../../firmware-bridge/emulator/intel-hex.js';

const end = ':00000001FF';

t.test('data lands at its address, erased cells stay 0xFF', async (t) => {
  const image = parseIntelHex(`:0300020001020AEE\r\n${end}\r\n`, 8);
  t.same([...image], [0xff, 0xff, 1, 2, 10, 0xff, 0xff, 0xff]);
});

t.test('segment and linear records move the base beyond 64 KB', async (t) => {
  const segment = parseIntelHex(`:020000021000EC\n:01000000AA55\n${end}`, 0x1_0001);
  t.equal(segment[0x1_0000], 0xaa);
  const linear = parseIntelHex(`:020000040001F9\n:01000000AA55\n${end}`, 0x1_0001);
  t.equal(linear[0x1_0000], 0xaa);
});

t.test('a file that cannot be right is refused with its line', async (t) => {
  const refusals: [string, string][] = [
    [`:0100000001FF\n${end}`, 'line 1: wrong checksum'],
    [`:02000000AA54\n${end}`, 'line 1: wrong length'],
    [`0100000001FE\n${end}`, 'line 1: not a record'],
    [`:01000000AA55\n:01000800AA4D\n${end}`, 'line 2: outside the memory'],
    [`:01000000AA55\n:01000000AA55\n${end}`, 'line 2: written twice'],
    [`:00000009F7\n${end}`, 'line 1: unknown record'],
    [`${end}\n:01000000AA55`, 'line 2: data after the end record'],
    [':01000000AA55\n', 'no end record: the file is cut short'],
  ];
  for (const [text, message] of refusals) {
    t.throws(() => parseIntelHex(text, 8), {
      code: 'emulator.firmware',
      message: `emulator.firmware: ${message}`,
    });
  }
});
