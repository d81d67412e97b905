import fc from 'fast-check';
import t from 'tap';
import { createFramer } from '../../../firmware-bridge/reader/framer.js';
import { limits } from '../../../src/kernel/limits.js';

const MAX = 64;
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** All frames and all discarded bytes of some chunks, silence at the end. */
function read(chunks: readonly Uint8Array[], maxBytes = MAX): { frames: string[]; discardedBytes: number } {
  const framer = createFramer(maxBytes);
  const results = chunks.map((chunk) => framer.push(chunk));
  const atEnd = framer.silence();
  return {
    frames: results.flatMap(({ frames }) => frames),
    discardedBytes: results.reduce((sum, result) => sum + result.discardedBytes, atEnd),
  };
}

t.test('ends a scan at CR, LF, CR LF, TAB or ETX, whatever the reader is set to', async (t) => {
  for (const end of ['\r', '\n', '\r\n', '\t', '\x03']) {
    t.same(
      read([bytesOf(`LN1:AB C${end}`)]),
      { frames: ['LN1:AB C'], discardedBytes: 0 },
      JSON.stringify(end),
    );
  }
  t.same(read([bytesOf('\x0230001\x03\x0230002\x03')]), { frames: ['30001', '30002'], discardedBytes: 0 });
});

t.test('gives the scan with the very byte that ends it', async (t) => {
  const framer = createFramer(MAX);
  t.same(framer.push(bytesOf('30001')).frames, []);
  t.ok(framer.isUnfinished);
  t.same(framer.push(bytesOf('\r')).frames, ['30001']);
  t.notOk(framer.isUnfinished);
});

t.test('does not care where chunks begin and end', async (t) => {
  const stream = bytesOf('LN1:AB\r\n\x02card\x03no\x00ise\rurl\t很好\n');
  const whole = read([stream]);
  t.same(whole, { frames: ['LN1:AB', 'card', 'url', '很好'], discardedBytes: 6 });
  for (let first = 0; first <= stream.length; first++) {
    for (let second = first; second <= stream.length; second++) {
      const chunks = [stream.subarray(0, first), stream.subarray(first, second), stream.subarray(second)];
      t.same(read(chunks), whole, `cut at ${first} and ${second}`);
    }
  }
  t.same(read([...stream].map((byte) => Uint8Array.of(byte))), whole, 'byte by byte');
});

t.test('drops and counts what silence leaves unfinished', async (t) => {
  const framer = createFramer(MAX);
  framer.push(bytesOf('3000'));
  t.equal(framer.silence(), 4);
  t.equal(framer.silence(), 0);
  t.same(framer.push(bytesOf('card\r')), { frames: ['card'], discardedBytes: 0 });
});

t.test('drops what came before an STX', async (t) => {
  t.same(read([bytesOf('3000\x02card\x03')]), { frames: ['card'], discardedBytes: 4 });
  t.same(read([bytesOf('30\x0000\x02card\x03')]), { frames: ['card'], discardedBytes: 5 });
});

t.test('drops a scan with a control character or with bytes that are no text', async (t) => {
  for (const noise of ['a\x00b', '\x1d3000', 'a\x7fb', '\x1b[A']) {
    const discardedBytes = noise.length;
    t.same(read([bytesOf(`${noise}\rcard\r`)]), { frames: ['card'], discardedBytes }, JSON.stringify(noise));
  }
  t.same(read([Uint8Array.of(0x33, 0xff, 0xfe, 0x0d)]), { frames: [], discardedBytes: 3 });
});

t.test('takes a scan of the longest length, not one byte more', async (t) => {
  const longest = 'A'.repeat(limits.scanLengthBytes);
  t.same(read([bytesOf(`${longest}\r`)], limits.scanLengthBytes), { frames: [longest], discardedBytes: 0 });
  t.same(read([bytesOf(`${longest}A\rcard\r`)], limits.scanLengthBytes), {
    frames: ['card'],
    discardedBytes: limits.scanLengthBytes + 1,
  });
});

t.test('reports noise without end as it comes, and keeps none of it', async (t) => {
  const framer = createFramer(MAX);
  const chunk = new Uint8Array(4_096).fill(0x41);
  globalThis.gc?.();
  const before = process.memoryUsage();
  let discarded = 0;
  for (let n = 0; n < 256; n++) discarded += framer.push(chunk).discardedBytes;
  const grown = process.memoryUsage().arrayBuffers - before.arrayBuffers;
  t.equal(discarded, 256 * 4_096, 'one megabyte without an end');
  t.ok(grown < 65_536, `${grown} bytes of buffers more`);
  t.same(framer.push(bytesOf('\rcard\r')), { frames: ['card'], discardedBytes: 0 });
});

t.test('accounts for every byte and outlives any noise (2 000 random streams)', async () => {
  const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(2, 3, 9, 10, 13, 0x30, 0x41));
  const chunk = fc.array(byte, { maxLength: 80 }).map((values) => Uint8Array.from(values));
  const SEPARATORS = [2, 3, 9, 10, 13];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const isText = (frame: string) =>
    frame.length > 0 && bytesOf(frame).every((byte) => byte >= 0x20 && byte !== 0x7f);
  const isSound = (chunks: Uint8Array[]) => {
    const { frames, discardedBytes } = read(chunks);
    const lengths = frames.map((frame) => bytesOf(frame).length);
    const separators = chunks
      .flatMap((bytes) => [...bytes])
      .filter((byte) => SEPARATORS.includes(byte)).length;
    const given = sum(chunks.map(({ length }) => length));
    const isAccountedFor = sum(lengths) + discardedBytes + separators === given;
    return isAccountedFor && frames.every(isText) && lengths.every((length) => length <= MAX);
  };
  fc.assert(fc.property(fc.array(chunk, { maxLength: 8 }), isSound), { numRuns: 2_000 });
});

t.test('finds every good scan again after noise (1 000 random streams)', async () => {
  const noise = fc.uint8Array({ maxLength: 100 });
  const scans = fc.array(fc.stringMatching(/^[0-9A-Z:]{1,60}$/), { minLength: 1, maxLength: 4 });
  const isFound = (garbage: Uint8Array, texts: string[]) => {
    const { frames } = read([garbage, bytesOf(`\r${texts.join('\r\n')}\r\n`)]);
    return JSON.stringify(frames.slice(-texts.length)) === JSON.stringify(texts);
  };
  fc.assert(fc.property(noise, scans, isFound), { numRuns: 1_000 });
});
