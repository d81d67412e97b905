import fc from 'fast-check';
import t from 'tap';
import { encodeRequest, replyData, replyLength } from '../../../../firmware-bridge/reader/gm65/codec.js';
import { createReplySplitter } from '../../../../firmware-bridge/reader/gm65/splitter.js';
import { crc16 } from '../../../../src/kernel/crc.js';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

t.test('requests are the vendor’s bytes', async (t) => {
  t.equal(hex(encodeRequest({ kind: 'heartbeat' })), '7e000a01000000301a');
  t.equal(hex(encodeRequest({ kind: 'save' })), '7e000901000000dec8');
  t.equal(hex(encodeRequest({ kind: 'read', address: 0x2a, count: 2 })), '7e000701002a02d80f');
  t.equal(hex(encodeRequest({ kind: 'write', address: 0x2a, data: [0x39, 0x01] })), '7e000802002a3901a7ea');
});

t.test('replies are read with their CRC, or with the mark that none is meant', async (t) => {
  t.equal(replyLength(bytes('02 00 00 01')), 7);
  t.equal(replyLength(bytes('03 00 00 01')), 7);
  t.equal(replyLength(bytes('02 00 01 01')), null);
  t.same(replyData(bytes('02 00 00 01 00 33 31')), bytes('00'));
  t.same(replyData(bytes('02 00 00 01 00 ab cd')), bytes('00'));
  t.equal(replyData(bytes('02 00 00 01 00 33 32')), null);
});

t.test('a register that does not fit its bytes is a bug, not a request', async (t) => {
  t.throws(() => encodeRequest({ kind: 'write', address: 0x1_0000, data: [0] }));
  t.throws(() => encodeRequest({ kind: 'write', address: 0, data: [256] }));
});

const reply = (data: number[]) => {
  const body = [0, data.length, ...data];
  const crc = crc16(body);
  return [2, 0, ...body, crc >> 8, crc & 0xff];
};
const scan = fc.stringMatching(/^[A-Z0-9:]{0,30}$/).map((text) => [...Buffer.from(`${text}\r`)]);

t.test('scans and a reply on one line both come out whole, however they are cut up', async (t) => {
  const story = fc.record({
    before: scan,
    data: fc.array(fc.nat(255), { maxLength: 8 }),
    after: scan,
    cuts: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
  });
  fc.assert(
    fc.property(story, ({ before, data, after, cuts }) => {
      const splitter = createReplySplitter();
      splitter.await();
      const line = [...before, ...reply(data), ...after];
      const texts: number[] = [];
      const replies: Uint8Array[] = [];
      for (let at = 0, n = 0; at < line.length; n += 1) {
        const size = cuts[n % cuts.length] ?? 1;
        const out = splitter.push(Uint8Array.from(line.slice(at, at + size)));
        texts.push(...out.text);
        if (out.reply) replies.push(out.reply);
        at += size;
      }
      return (
        hex(Uint8Array.from(texts)) === hex(Uint8Array.from([...before, ...after])) &&
        replies.length === 1 &&
        hex(replies[0] ?? new Uint8Array()) === hex(Uint8Array.from(data))
      );
    }),
    { numRuns: 500 },
  );
  t.pass('500 lines');
});

t.test(
  'what only looks like a reply is given back: with a wrong CRC, unfinished, or when none is awaited',
  async (t) => {
    const splitter = createReplySplitter();
    const wrong = bytes('02 00 00 01 00 33 32');
    t.same(splitter.push(bytes('02 00 00 01 00 33 31')).reply, null, 'not awaited');
    splitter.await();
    t.same(splitter.push(wrong), { reply: null, text: wrong });
    t.same(splitter.push(bytes('02 00')), { reply: null, text: new Uint8Array() });
    t.same(splitter.giveUp(), bytes('02 00'));
  },
);
