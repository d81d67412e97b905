import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { z } from 'zod';
import {
  commandOf,
  decodeFrame,
  encodeFrame,
  type Frame,
  type MessageKind,
  type MessageOf,
  settingsCrcOf,
} from '../../../firmware-bridge/board/wire.js';
import { limits } from '../../../src/kernel/limits.js';
import { packageRoot } from '../../../src/kernel/package-root.js';

const vectorsSchema = z.object({
  valid: z.array(
    z.object({
      name: z.string(),
      command: z.number(),
      session: z.number(),
      sequence: z.number(),
      fields: z.record(z.string(), z.number()),
      hex: z.string(),
    }),
  ),
  invalid: z.array(z.object({ name: z.string(), hex: z.string(), why: z.string() })),
});
const vectorsText = readFileSync(new URL('firmware-bridge/wire-vectors.json', packageRoot), 'utf8');
const vectors = vectorsSchema.parse(JSON.parse(vectorsText));

/** The README's name of each message. */
const kindNamed: Readonly<Record<string, MessageKind>> = {
  HELLO: 'hello',
  WELCOME: 'welcome',
  SETTINGS: 'settings',
  LOCKER: 'locker',
  APPLY: 'apply',
  ANSWER: 'answer',
  PULSE: 'pulse',
  PULSED: 'pulsed',
  HEARTBEAT: 'heartbeat',
  STATUS: 'status',
  DOORS: 'doors',
  QUERY_DOORS: 'queryDoors',
  ITEMS: 'items',
};

const bytesOf = (hex: string) => Uint8Array.from(hex.split(' '), (pair) => Number.parseInt(pair, 16));

function frameOf({ name, session, sequence, fields }: (typeof vectors.valid)[number]): Frame {
  return { session, sequence, message: { kind: kindNamed[name], ...fields } as Frame['message'] };
}

t.test('has a vector for every message', async (t) => {
  t.same(new Set(vectors.valid.map(({ name }) => name)), new Set(Object.keys(kindNamed)));
});

for (const vector of vectors.valid) {
  t.test(`writes and reads ${vector.name} ${vector.sequence} as the vectors say`, async (t) => {
    const frame = frameOf(vector);
    t.equal(commandOf(frame.message.kind), vector.command);
    t.same(encodeFrame(frame), bytesOf(vector.hex));
    t.same(decodeFrame(bytesOf(vector.hex)), { ok: true, value: frame });
  });
}

for (const { name, hex, why } of vectors.invalid) {
  t.test(`refuses ${name}: ${why}`, async (t) => {
    t.equal(decodeFrame(bytesOf(hex)).ok, false);
  });
}

t.test('computes the settings checksum of the vectors, in locker order', async (t) => {
  const messages = vectors.valid.map((vector) => frameOf(vector).message);
  const ofKind = <Kind extends MessageKind>(kind: Kind) =>
    messages.filter((message): message is MessageOf<Kind> & typeof message => message.kind === kind);
  const [settings] = ofKind('settings');
  const [apply] = ofKind('apply');
  if (!settings || !apply) throw new Error('no settings in the vectors');
  t.equal(settingsCrcOf(settings, ofKind('locker')), apply.settingsCrc);
  t.equal(settingsCrcOf(settings, ofKind('locker').reverse()), apply.settingsCrc);
});

t.test('notices any single flipped bit', async (t) => {
  for (const { hex, name } of vectors.valid) {
    const frame = bytesOf(hex);
    for (let bit = 0; bit < frame.length * 8; bit += 1) {
      const flipped = frame.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      if (decodeFrame(flipped).ok) t.fail(`${name}, bit ${bit}`);
    }
  }
});

t.test('takes any bytes without throwing, and nothing longer than a frame', async (t) => {
  const framed = fc.uint8Array({ maxLength: 80 }).map((body) => Uint8Array.of(0xf0, ...body, 0xf7));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), framed), (bytes) => {
      const result = decodeFrame(bytes);
      return !result.ok || bytes.length <= limits.boardFrameBytes;
    }),
    { numRuns: 5_000 },
  );
  t.pass();
});

t.test('will not write a field that does not fit', async (t) => {
  const tooLate = { kind: 'pulse', locker: 1, pulseMs: 70_000, tag: 0 } as const;
  t.throws(() => encodeFrame({ session: 0, sequence: 0, message: tooLate }), /pulseMs fits 2 bytes/);
});
