import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import firmataIo from 'firmata-io';
import t from 'tap';
import { FirmataFilter } from '../../../firmware-bridge/board/filter.js';
import { encodeFrame } from '../../../firmware-bridge/board/wire.js';
import { limits } from '../../../src/kernel/limits.js';

const version = [0xf9, 2, 5];
const firmware = [0xf0, 0x79, 1, 0, 0x6c, 0, 0x65, 0, 0xf7];
const pin = [0, 1, 1, 1, 0x0b, 1, 0x7f];
const capabilities = [0xf0, 0x6c, ...pin, ...pin, 0x7f, ...pin, 0xf7];
const mapping = [0xf0, 0x6a, 0x7f, 0x7f, 0x7f, 0x7f, 0xf7];
const pinState = (number: number) => [0xf0, 0x6e, number, 1, 0, 0xf7];
const digital = [0x91, 0x7f, 0x01];
const hello = [version, firmware, capabilities, mapping];
const doors = [
  ...encodeFrame({
    session: 0x1234_5678,
    sequence: 0,
    message: { kind: 'doors', known: 1, open: 1, chattering: 0, lastTag: 7, lastLocker: 1, lastOpened: 1 },
  }),
];

/** Everything the filter made of the chunks. */
function filtered(...chunks: readonly (readonly number[])[]) {
  const filter = new FirmataFilter();
  const results = chunks.map((chunk) => filter.push(Uint8Array.from(chunk)));
  return {
    messages: results.flatMap(({ messages }) => messages.map((message) => [...message])),
    discardedBytes: results.reduce((sum, { discardedBytes }) => sum + discardedBytes, 0),
  };
}

t.test('lets whole messages through, wherever the chunks are cut', async (t) => {
  const all = [...hello, pinState(3), digital, doors];
  const stream = all.flat();
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length)), (places) => {
      const cuts = [0, ...places, stream.length].sort((a, b) => a - b);
      const chunks = cuts.map((from, at) => stream.slice(from, cuts[at + 1] ?? stream.length));
      const { messages, discardedBytes } = filtered(...chunks);
      t.same(messages, all);
      t.equal(discardedBytes, 0);
    }),
    { numRuns: 200 },
  );
});

t.test('counts noise between messages and keeps the messages', async (t) => {
  const noise = [0x00, 0x41, 0xff, 0xc0, 0x7f];
  const { messages, discardedBytes } = filtered(noise, version, noise, doors, noise);
  t.same(messages, [version, doors]);
  t.equal(discardedBytes, 3 * noise.length);
});

const discarded: Readonly<Record<string, readonly (readonly number[])[]>> = {
  'the echo of the firmware query': [...hello, [0xf0, 0x79, 0xf7]],
  'a pin that the board does not have': [...hello, pinState(4)],
  'a pin before the pins are known': [version, pinState(0)],
  'capabilities before the version': [capabilities],
  'capabilities cut short': [version, [0xf0, 0x6c, 0, 1, 1, 0xf7]],
  'capabilities of too many pins': [version, [0xf0, 0x6c, ...Array(129).fill(0x7f), 0xf7]],
  'a second description of the pins': [...hello, capabilities],
  'a mapping of more pins than there are': [version, capabilities, [...mapping.slice(0, -1), 0x7f, 0xf7]],
  'a second mapping': [...hello, mapping],
  'an unknown sysex': [...hello, [0xf0, 0x60, 1, 2, 0xf7]],
  'an empty sysex': [...hello, [0xf0, 0xf7]],
  'a version that is not Firmata’s': [[0xf9, 0x41, 0x42]],
  'a frame of ours with a wrong CRC': [...hello, doors.with(4, 0x01)],
};
for (const [what, messages] of Object.entries(discarded)) {
  t.test(`discards ${what}`, async (t) => {
    const bad = messages.at(-1) ?? [];
    const result = filtered(...messages);
    t.equal(result.discardedBytes, bad.length);
    t.same(result.messages, messages.slice(0, -1));
  });
}

t.test('gives up an unfinished message for the one that begins in it', async (t) => {
  const { messages, discardedBytes } = filtered(version, doors.slice(0, 9), doors, [0x91, 0x10], digital);
  t.same(messages, [version, doors, digital]);
  t.equal(discardedBytes, 9 + 2);
});

t.test('holds no more than one message of an endless one', async (t) => {
  const filter = new FirmataFilter();
  filter.push(Uint8Array.of(0xf0, 0x6c));
  const chunk = new Uint8Array(65_536);
  let sum = 0;
  for (let sent = 0; sent < 10_000_000; sent += chunk.length) sum += filter.push(chunk).discardedBytes;
  t.ok(sum >= 10_000_000 - limits.firmataSysexBytes);
});

t.test('accounts for every byte of any noise', async (t) => {
  fc.assert(
    fc.property(noise(), (bytes) => {
      const { messages, discardedBytes } = filtered(bytes);
      const passed = messages.reduce((sum, message) => sum + message.length, 0);
      const held = bytes.length - passed - discardedBytes;
      return held >= 0 && held <= limits.firmataSysexBytes;
    }),
    { numRuns: 2_000 },
  );
  t.pass();
});

t.test('keeps firmata-io alive through any noise', async (t) => {
  fc.assert(
    fc.property(fc.array(noise(), { maxLength: 8 }), fc.nat(hello.length), (chunks, known) => {
      const transport = Object.assign(new EventEmitter(), { write: () => undefined });
      const io = new firmataIo.Firmata(transport, { reportVersionTimeout: 1_000 });
      clearTimeout(io.reportVersionTimeoutId);
      const filter = new FirmataFilter();
      for (const chunk of [...hello.slice(0, known), ...chunks]) {
        for (const message of filter.push(Uint8Array.from(chunk)).messages) transport.emit('data', message);
      }
      return true;
    }),
    { numRuns: 3_000 },
  );
  t.pass();
});

/** Uniform noise, and noise that likes the bytes that mean something. */
function noise(): fc.Arbitrary<number[]> {
  const telling = fc.constantFrom(
    0xf0,
    0xf7,
    0xf9,
    0x79,
    0x6a,
    0x6c,
    0x6e,
    0x71,
    0x90,
    0xe0,
    0x7f,
    0x02,
    0x0b,
  );
  const byte = fc.oneof(telling, telling, fc.nat(255), fc.nat(127));
  const sysex = fc
    .array(fc.oneof(telling, fc.nat(127)), { maxLength: 40 })
    .map((body) => [0xf0, ...body, 0xf7]);
  return fc.oneof(
    fc.array(byte, { maxLength: 300 }),
    fc.array(sysex, { maxLength: 8 }).map((each) => each.flat()),
  );
}
