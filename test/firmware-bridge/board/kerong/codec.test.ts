import fc from 'fast-check';
import t from 'tap';
import {
  type Address,
  addresses,
  type Dialect,
  decodeStatus,
  dialects,
  encodeRequest,
  type Lock,
  locksOf,
  type Request,
  statusBytesOf,
} from '../../../../firmware-bridge/board/kerong/codec.js';
import { opensAll } from '../../../support/kerong-frames.js';

const bytesOf = (hex: string) => Uint8Array.from(hex.split(' '), (pair) => Number.parseInt(pair, 16));
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

const requests: readonly [Dialect, Request, string][] = [
  ['cu48', { kind: 'status', address: 0 }, '02 00 00 50 03 55'],
  ['cu48', { kind: 'unlock', address: 0, lock: 1 }, '02 00 00 51 03 56'],
  ['cu48', { kind: 'unlock', address: 9, lock: 48 }, '02 09 2f 51 03 8e'],
  ['cu16', { kind: 'status', address: 0 }, '02 00 30 03 35'],
  ['cu16', { kind: 'unlock', address: 0, lock: 1 }, '02 00 31 03 36'],
  ['cu16', { kind: 'unlock', address: 9, lock: 16 }, '02 9f 31 03 d5'],
];

for (const [dialect, request, hex] of requests) {
  t.test(`${dialect} ${JSON.stringify(request)} is ${hex}`, async (t) => {
    t.equal(hexOf(encodeRequest(dialect, request)), hexOf(bytesOf(hex)));
  });
}

const statuses: readonly [Dialect, string, number, readonly number[]][] = [
  ['cu48', '02 00 00 65 07 00 00 00 00 c0 03 31', 0, [1, 2, 3, 47, 48]],
  ['cu48', '02 01 00 65 00 00 80 00 00 00 03 eb', 1, [24]],
  ['cu16', '02 00 35 01 80 00 00 03 bb', 0, [1, 16]],
  ['cu16', '02 3c 35 00 00 ff ff 03 74', 3, []],
];

for (const [dialect, hex, address, locks] of statuses) {
  t.test(`${dialect} ${hex} is the status of board ${address}`, async (t) => {
    const status = decodeStatus(dialect, bytesOf(hex));
    if (!status.ok) throw new Error(status.reason);
    t.equal(status.value.address, address);
    const set = locksOf(dialect).filter((lock) => status.value.hookBits[lock - 1]);
    t.same(set, locks);
    t.equal(status.value.hookBits.length, locksOf(dialect).length);
  });

  t.test(`${dialect} ${hex} with any one byte changed, lost or added is no status`, async (t) => {
    const bytes = bytesOf(hex);
    const isRead = (changed: Uint8Array) => dialects.some((each) => decodeStatus(each, changed).ok);
    let tried = 0;
    const read: string[] = [];
    for (let at = 0; at < bytes.length; at += 1) {
      for (let delta = 1; delta < 256; delta += 1) {
        const changed = bytes.slice();
        changed[at] = ((bytes[at] ?? 0) + delta) & 0xff;
        tried += 1;
        if (isRead(changed)) read.push(hexOf(changed));
      }
      const lost = bytes.filter((_, index) => index !== at);
      const added = Uint8Array.from([...bytes.slice(0, at), 0x02, ...bytes.slice(at)]);
      for (const changed of [lost, added]) if (isRead(changed)) read.push(hexOf(changed));
    }
    t.equal(tried, 255 * bytes.length);
    t.same(read, []);
  });
}

t.test('noise is no status', async () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...dialects),
      fc.array(fc.integer({ min: 4, max: 255 }), { maxLength: 20 }),
      (dialect, noise) => !decodeStatus(dialect, Uint8Array.from(noise)).ok,
    ),
  );
});

t.test('no request there is, alone or after any other, opens all locks', async (t) => {
  for (const dialect of dialects) {
    const kinds: Request[] = addresses.flatMap((address) => [
      { kind: 'status' as const, address },
      ...locksOf(dialect).map((lock) => ({ kind: 'unlock' as const, address, lock })),
    ]);
    const frames = kinds.map((request) => encodeRequest(dialect, request));
    t.equal(new Set(frames.map(hexOf)).size, 10 * (1 + locksOf(dialect).length), 'each is another');
    const opening = frames.flatMap((first) =>
      frames.filter((second) => opensAll(Uint8Array.from([...first, ...second]))),
    );
    t.same(opening.map(hexOf), [], dialect);
  }
});

t.test('what the types rule out, the encoder refuses too', async (t) => {
  const allBoards = 10 as number as Address;
  const allLocks = 49 as number as Lock;
  for (const dialect of dialects) {
    t.throws(() => encodeRequest(dialect, { kind: 'status', address: allBoards }), {
      name: 'AssertionError',
    });
    t.throws(() => encodeRequest(dialect, { kind: 'unlock', address: allBoards, lock: 1 }));
    t.throws(() => encodeRequest(dialect, { kind: 'unlock', address: 0, lock: allLocks }));
    t.throws(() => encodeRequest(dialect, { kind: 'unlock', address: 0, lock: 0 as number as Lock }));
  }
  t.throws(() => encodeRequest('cu16', { kind: 'unlock', address: 0, lock: 17 }), 'the next board’s lock 1');
});

t.test('the sieve for requests that open all locks knows the vendor’s own', async (t) => {
  for (const hex of [
    '02 00 30 51 03 86',
    '02 0a 30 51 03 90',
    '02 0a 00 51 03 60',
    '02 00 33 03 38',
    '02 f0 33 03 28',
  ])
    t.ok(opensAll(bytesOf(`55 ${hex} 02`)), hex);
  t.notOk(opensAll(bytesOf('02 00 2f 51 03 85')));
});

t.test('a status is as long as the vendor says', async (t) => {
  t.equal(statusBytesOf('cu48'), 12);
  t.equal(statusBytesOf('cu16'), 9);
});
