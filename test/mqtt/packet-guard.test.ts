import fc from 'fast-check';
import t from 'tap';
import { createPacketGuard } from '../../src/mqtt/packet-guard.js';

const most = 20_000;

/** A packet of some kind with so many bytes after its header. */
function packet(bodyBytes: number): Buffer {
  const header = [0x30];
  let rest = bodyBytes;
  do {
    header.push((rest % 128) + (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([Buffer.from(header), Buffer.alloc(Math.min(bodyBytes, most), 0xff)]);
}

/** The same bytes in pieces of these lengths, over and over. */
function cut(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, n = 0; at < bytes.length; n += 1) {
    const length = lengths[n % lengths.length] ?? 1;
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

const bodies = fc.array(fc.integer({ min: 0, max: most }), { maxLength: 5 });
const cuts = fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 4 });

t.test('packets within the bound pass, however they are split', async (t) => {
  fc.assert(
    fc.property(bodies, cuts, (lengths, pieces) => {
      const guard = createPacketGuard(most);
      return cut(Buffer.concat(lengths.map(packet)), pieces).every((piece) => guard(piece));
    }),
    { numRuns: 50 },
  );
  t.pass();
});

t.test('a longer packet is detected by its header', async (t) => {
  const tooMany = fc.integer({ min: most + 1, max: 268_435_455 });
  fc.assert(
    fc.property(bodies, tooMany, cuts, (lengths, long, pieces) => {
      const guard = createPacketGuard(most);
      const before = Buffer.concat(lengths.map(packet));
      const header = packet(long).subarray(0, 5);
      return cut(before, pieces).every((piece) => guard(piece)) && !guard(header);
    }),
    { numRuns: 50 },
  );
  const guard = createPacketGuard(most);
  t.notOk(
    [0x30, 0xff, 0xff, 0xff, 0x7f].every((byte) => guard(Uint8Array.of(byte))),
    'byte by byte',
  );
});
