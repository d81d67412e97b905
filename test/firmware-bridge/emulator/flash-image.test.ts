import t from 'tap';
import { mega } from '../../../firmware-bridge/emulator/atmega2560.js';
import { flashImage } from '../../../firmware-bridge/emulator/machine.js';

const end = ':00000001FF';

t.test('data lands at its address, erased cells stay 0xFF', async (t) => {
  const image = flashImage(`:0300020001020AEE\r\n${end}\r\n`);
  t.equal(image.length, mega.flashBytes);
  t.same([...image.subarray(0, 8)], [0xff, 0xff, 1, 2, 10, 0xff, 0xff, 0xff]);
});

t.test('segment and linear records move the base beyond 64 KB', async (t) => {
  t.equal(flashImage(`:020000021000EC\n:01000000AA55\n${end}`)[0x1_0000], 0xaa);
  t.equal(flashImage(`:020000040001F9\n:01000000AA55\n${end}`)[0x1_0000], 0xaa);
});

t.test('a file that cannot be right is refused with what is wrong', async (t) => {
  const refusals: [string, RegExp][] = [
    [`:0100000001FF\n${end}`, /Checksum failed at record 1/],
    [`:02000000AA54\n${end}`, /length at record 1/],
    [`0100000001FE\n${end}`, /Malformed/],
    [`:01000000AA55\nnoise\n${end}`, /Malformed/],
    [`:020000040004F6\n:01000000AA55\n${end}`, /outside the memory/],
    [`:01000000AA55\n:01000000AA55\n${end}`, /Duplicated data at record 2/],
    [`:00000009F7\n${end}`, /Invalid record type 0x09 at record 1/],
    [`${end}\n:01000000AA55`, /data after an EOF record/],
    [':01000000AA55\n', /No EOF record/],
    ['', /Malformed|No EOF/],
  ];
  for (const [text, message] of refusals) {
    t.throws(() => flashImage(text), { code: 'emulator.firmware', message }, text);
  }
});
