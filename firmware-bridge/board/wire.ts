import { assert } from '../../src/kernel/assert.js';
import { crc16 } from '../../src/kernel/crc.js';
import { limits } from '../../src/kernel/limits.js';
import { ok, type Result, refused } from '../../src/kernel/result.js';

/** The version of the lock guard messages that this host speaks. */
export const protocolVersion = 2;

/** The messages of the wire (../README.md): command, then each field with its width in bytes, in wire order. */
const layouts = {
  hello: { command: 0x01, fields: { protocol: 1, hostNonce: 2 } },
  welcome: {
    command: 0x02,
    fields: {
      protocol: 1,
      hostNonce: 2,
      major: 1,
      minor: 1,
      bootId: 2,
      resetCause: 1,
      lockersMax: 1,
      settingsCrc: 2,
    },
  },
  settings: {
    command: 0x03,
    fields: {
      lockers: 1,
      pulseMaxMs: 2,
      restMs: 2,
      hostSilenceMs: 2,
      debounceMs: 1,
      locksOnMax: 1,
      flags: 1,
    },
  },
  locker: { command: 0x04, fields: { locker: 1, lockPin: 1, doorPin: 1, itemPin: 1, flags: 1 } },
  apply: { command: 0x05, fields: { settingsCrc: 2 } },
  answer: { command: 0x06, fields: { command: 1, result: 1, detail: 2 } },
  pulse: { command: 0x07, fields: { locker: 1, pulseMs: 2, tag: 2 } },
  pulsed: { command: 0x08, fields: { locker: 1, measuredMs: 2, ended: 1 } },
  heartbeat: { command: 0x09, fields: {} },
  status: {
    command: 0x0a,
    fields: {
      bootId: 2,
      uptimeS: 4,
      resetCause: 1,
      locksOn: 1,
      badFrames: 2,
      ignoredWrites: 2,
      guardTrips: 2,
      rxOverruns: 2,
      freeRam: 2,
      loopMaxUs: 2,
    },
  },
  doors: {
    command: 0x0b,
    fields: { known: 4, open: 4, chattering: 4, lastTag: 2, lastLocker: 1, lastOpened: 1 },
  },
  queryDoors: { command: 0x0c, fields: {} },
  items: { command: 0x0d, fields: { known: 4, present: 4 } },
} as const satisfies Record<string, Layout>;

interface Layout {
  readonly command: number;
  readonly fields: Readonly<Record<string, 1 | 2 | 4>>;
}

export type MessageKind = keyof typeof layouts;
/** One message of a kind; every field is an unsigned number of the width the wire gives it. */
export type MessageOf<Kind extends MessageKind> = { readonly kind: Kind } & {
  readonly [Field in keyof (typeof layouts)[Kind]['fields']]: number;
};
export type Message = { [Kind in MessageKind]: MessageOf<Kind> }[MessageKind];

/** A message with the session it belongs to and the number that pairs it with its answer. */
export interface Frame {
  readonly session: number;
  readonly sequence: number;
  readonly message: Message;
}

/** Why bytes are not a frame of ours. */
export type FrameFault =
  | 'no-frame'
  | 'too-long'
  | 'odd-body'
  | 'bad-pair'
  | 'unknown-command'
  | 'length'
  | 'crc';

const START = 0xf0;
const END = 0xf7;
const ENVELOPE = { session: 4, sequence: 1 } as const;
const CRC_BYTES = 2;

const kindsByCommand = new Map<number, MessageKind>(
  (Object.keys(layouts) as MessageKind[]).map((kind) => [layouts[kind].command, kind]),
);

/** The command byte of a kind of message, as ANSWER names it. */
export const commandOf = (kind: MessageKind): number => layouts[kind].command;
/** Whether `command` is in the range that the wire gives to our messages (others are Firmata's). */
export const isOurCommand = (command: number): boolean => command >= 0x01 && command <= 0x0f;

/** The frame's bytes from F0 to F7. Throws (a bug) when a field does not fit its width. */
export function encodeFrame({ session, sequence, message }: Frame): Uint8Array {
  const { command, fields } = layouts[message.kind];
  const body: number[] = [];
  pushFields(body, ENVELOPE, { session, sequence });
  pushFields(body, fields, message);
  pushNumber(body, crc16([command, ...body]), CRC_BYTES);
  return Uint8Array.of(START, command, ...body.flatMap((byte) => [byte & 0x7f, byte >> 7]), END);
}

/** Reads one complete frame, F0 to F7; refuses everything that the wire calls invalid. */
export function decodeFrame(bytes: Uint8Array): Result<Frame, FrameFault> {
  if (bytes.length < 3 || bytes[0] !== START || bytes[bytes.length - 1] !== END) return refused('no-frame');
  if (bytes.length > limits.boardFrameBytes) return refused('too-long');
  const pairs = bytes.subarray(2, -1);
  if (pairs.length % 2 !== 0) return refused('odd-body');
  if (pairs.some((byte, at) => byte > (at % 2 === 0 ? 0x7f : 1))) return refused('bad-pair');
  const command = bytes[1] ?? 0;
  const kind = kindsByCommand.get(command);
  if (!kind) return refused('unknown-command');
  const body = unpair(pairs);
  const crcAt = body.length - CRC_BYTES;
  if (crcAt !== width(ENVELOPE) + width(layouts[kind].fields)) return refused('length');
  const view = new DataView(body.buffer);
  if (crc16([command, ...body.subarray(0, crcAt)]) !== view.getUint16(crcAt, true)) return refused('crc');
  return ok(readFrame(kind, view));
}

/**
 * The checksum by which host and board know that they mean the same settings:
 * over the fields of SETTINGS, then of each LOCKER in locker order.
 */
export function settingsCrcOf(
  settings: MessageOf<'settings'>,
  lockers: readonly MessageOf<'locker'>[],
): number {
  const inOrder = [...lockers].sort((a, b) => a.locker - b.locker);
  const bytes: number[] = [];
  pushFields(bytes, layouts.settings.fields, settings);
  for (const locker of inOrder) pushFields(bytes, layouts.locker.fields, locker);
  return crc16(bytes);
}

type Widths = Readonly<Record<string, number>>;

const width = (fields: Widths): number => Object.values(fields).reduce((sum, bytes) => sum + bytes, 0);

function pushFields(into: number[], fields: Widths, values: object): void {
  const byName = values as Readonly<Record<string, number>>;
  for (const [name, bytes] of Object.entries(fields)) {
    const value = byName[name] ?? -1;
    assert(Number.isInteger(value) && value >= 0 && value < 2 ** (8 * bytes), `${name} fits ${bytes} bytes`);
    pushNumber(into, value, bytes);
  }
}

function pushNumber(into: number[], value: number, bytes: number): void {
  for (let at = 0; at < bytes; at += 1) into.push((value >>> (8 * at)) & 0xff);
}

function unpair(pairs: Uint8Array): Uint8Array {
  const body = new Uint8Array(pairs.length / 2);
  for (let at = 0; at < body.length; at += 1) {
    body[at] = (pairs[2 * at] ?? 0) | ((pairs[2 * at + 1] ?? 0) << 7);
  }
  return body;
}

function readFrame(kind: MessageKind, view: DataView): Frame {
  let at = 0;
  const read = (fields: Widths) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, bytes]) => {
        const value = readNumber(view, at, bytes);
        at += bytes;
        return [name, value];
      }),
    );
  const { session = 0, sequence = 0 } = read(ENVELOPE);
  // The table above is where both the types and these fields come from.
  const message = { kind, ...read(layouts[kind].fields) } as Message;
  return { session, sequence, message };
}

function readNumber(view: DataView, at: number, bytes: number): number {
  if (bytes === 1) return view.getUint8(at);
  return bytes === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
}

/** Why the board refuses (ANSWER, ../README.md), by number from 1. */
const reasons = [
  'locker-unknown',
  'too-many-locks-on',
  'pulse-length-zero',
  'not-configured',
  'settings-impossible',
  'settings-differ',
  'lock-resting',
] as const;

/** The word for an ANSWER's result; `result` is not 0. */
export function reasonOf(result: number): string {
  return reasons[result - 1] ?? `reason-${result}`;
}
