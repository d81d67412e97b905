import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { z } from 'zod';
import { packageRoot } from '../../../src/kernel/package-root.js';

const firmware = fileURLToPath(new URL('firmware-bridge/firmware/', packageRoot));
const program = fileURLToPath(new URL('test/firmware-bridge/firmware/codec.cpp', packageRoot));
const sources = ['parser.cpp', 'frame.cpp'].map((name) => join(firmware, name));
const codec = join(t.testdir(), 'codec');
const strict = ['-std=c++17', '-O1', '-g', '-Wall', '-Wextra', '-Werror'];
// Finds what leaves an array; the address sanitizer would find more but does not run on every kernel.
const sanitizers = ['-fsanitize=undefined,bounds-strict', '-fno-sanitize-recover=all'];
execFileSync('g++', [...strict, ...sanitizers, '-I', firmware, '-o', codec, program, ...sources]);

const vectorsSchema = z.object({
  valid: z.array(
    z.object({
      name: z.string(),
      from: z.enum(['host', 'board']),
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
type Vector = (typeof vectors.valid)[number];

/** Fields wider than a byte, from the README's table. */
const widths: Readonly<Record<string, number>> = {
  hostNonce: 2,
  bootId: 2,
  settingsCrc: 2,
  pulseMaxMs: 2,
  hostSilenceMs: 2,
  detail: 2,
  pulseMs: 2,
  tag: 2,
  measuredMs: 2,
  uptimeS: 4,
  badFrames: 2,
  ignoredWrites: 2,
  rxOverruns: 2,
  freeRam: 2,
  guardTrips: 2,
  loopMaxUs: 2,
  restMs: 2,
  chattering: 4,
  present: 4,
  known: 4,
  open: 4,
  lastTag: 2,
};

/** The bytes of all fields, little-endian, as hex. */
function fieldBytes(fields: Vector['fields']): string {
  return Object.entries(fields)
    .map(([name, value]) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(BigInt(value));
      return bytes.toString('hex', 0, widths[name] ?? 1).toUpperCase();
    })
    .join('');
}

/** What the codec says to some lines, one list per line. */
function run(...lines: string[]): string[][] {
  const output = execFileSync(codec, { input: `${lines.join('\n')}\n`, encoding: 'utf8' });
  const answers = output.split('.\n').slice(0, -1);
  return answers.map((answer) =>
    answer
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  );
}

const frameLine = ({ command, session, sequence, fields }: Vector) =>
  `frame ${command} ${session} ${sequence} ${fieldBytes(fields)}`.trim();

const hosts = vectors.valid.filter(({ from }) => from === 'host');
const [heartbeat] = hosts.filter(({ name }) => name === 'HEARTBEAT');
if (!heartbeat) throw new Error('no HEARTBEAT among the vectors');

t.test('reads every frame of the host as the vectors say', async (t) => {
  for (const vector of hosts) t.same(run(`read ${vector.hex}`), [[frameLine(vector)]], vector.name);
});

t.test('writes every frame of the board as the vectors say', async (t) => {
  for (const { name, from, command, session, sequence, fields, hex } of vectors.valid) {
    if (from === 'board')
      t.same(run(`write ${command} ${session} ${sequence} ${fieldBytes(fields)}`), [[hex]], name);
  }
});

t.test('drops and counts every invalid frame once, and reads the next one', async (t) => {
  for (const { name, hex, why } of vectors.invalid) {
    const found = run(`read ${hex} ${heartbeat.hex}`)[0] ?? [];
    const dropped = found.filter((line) => line === 'refused' || line === 'damaged');
    t.equal(dropped.length, 1, `${name}: ${why}`);
    t.equal(found.at(-1), frameLine(heartbeat), name);
    t.notOk(found.slice(0, -1).some((line) => line.startsWith('frame')));
  }
});

t.test('refuses the board’s own messages', async (t) => {
  for (const { name, from, hex } of vectors.valid) {
    if (from === 'board') t.same(run(`read ${hex}`), [['refused']], name);
  }
});

t.test('notices any single flipped bit in any frame of the host', async (t) => {
  for (const { name, hex } of hosts) {
    const frame = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    // F0, F7 and the command stay: other commands are Firmata's business.
    const flips = Array.from({ length: (frame.length - 3) * 8 }, (_, bit) => {
      const flipped = Buffer.from(frame);
      const at = 2 + (bit >> 3);
      flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (bit & 7)), at);
      return `read ${flipped.toString('hex')}`;
    });
    const found = run(...flips).flat();
    t.notOk(
      found.some((line) => line.startsWith('frame')),
      name,
    );
  }
});

t.test('a new F0 starts a new frame; silence in a frame ends it, a pause does not', async (t) => {
  const [head, tail] = [heartbeat.hex.slice(0, 20), heartbeat.hex.slice(20)];
  t.same(run(`read ${head} ${heartbeat.hex}`), [['damaged', frameLine(heartbeat)]]);
  t.same(run(`read ${head}`, 'gap 19', `read ${tail}`), [[], [], [frameLine(heartbeat)]]);
  t.same(run(`read ${head}`, 'gap 20', `read ${tail}`), [[], ['damaged'], ['message F7']]);
});

t.test('cuts Firmata’s short messages out of whatever surrounds them', async (t) => {
  t.same(run('read 11 22 F4 16 01 33 90 7F FF D3 01 F9'), [
    ['message F41601', 'message FF', 'message D301', 'message F9'],
  ]);
  t.same(run('read F0 6B F7 F0 79 FF F7'), [['firmata 6B', 'damaged', 'message FF', 'message F7']]);
});

t.test('two million random bytes do no harm and make no frame', async (t) => {
  for (const seed of [1, 2]) {
    const [[said = ''] = []] = run(`fuzz ${seed} 1000000`);
    t.match(said, /^frames 0 damaged \d{4,}$/, said);
  }
});
