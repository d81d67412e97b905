import type { KerongBoard } from '../../../hardware/cabinet.js';
import { assert } from '../../../src/kernel/assert.js';
import { ok, type Result, refused } from '../../../src/kernel/result.js';

/** What the address switches of a board can say. The vendor's 10 (0A), which means every board, is not among them. */
export const addresses = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
const first16 = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16] as const;
// biome-ignore format: one line of sixteen for each sixteen locks
const beyond16 = [
  17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32,
  33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48,
] as const;

export type Dialect = KerongBoard['dialect'];
export type Address = (typeof addresses)[number];
/** A lock as it is printed on the board, from 1. There is no value for "all locks". */
export type Lock = (typeof first16)[number] | (typeof beyond16)[number];

/** All that this driver ever asks of a board. */
export type Request =
  | { readonly kind: 'status'; readonly address: Address }
  | { readonly kind: 'unlock'; readonly address: Address; readonly lock: Lock };

/** The answer to a status request. */
export interface Status {
  /** What the address switches of the answering board say. */
  readonly address: number;
  /** The status bit of each lock as it came over the wire; index 0 is lock 1. */
  readonly hookBits: readonly boolean[];
}

/** Why bytes are not the status of a dialect. */
export type StatusFault = 'length' | 'marks' | 'sum' | 'command';

interface Form {
  readonly locks: readonly Lock[];
  readonly replyBytes: number;
  readonly replyCommandAt: number;
  readonly replyCommand: number;
  readonly hooksAt: number;
  request(request: Request): readonly number[];
  addressOf(byte: number): number;
}

const START = 0x02;
const END = 0x03;

/** The vendor's numbers, without those for all locks or all boards. */
const forms: Readonly<Record<Dialect, Form>> = {
  cu48: {
    locks: [...first16, ...beyond16],
    replyBytes: 12,
    replyCommandAt: 3,
    replyCommand: 0x65,
    hooksAt: 4,
    request: (request) => [
      request.address,
      request.kind === 'unlock' ? request.lock - 1 : 0,
      request.kind === 'unlock' ? 0x51 : 0x50,
    ],
    addressOf: (byte) => byte,
  },
  cu16: {
    locks: first16,
    replyBytes: 9,
    replyCommandAt: 2,
    replyCommand: 0x35,
    hooksAt: 3,
    request: (request) => [
      (request.address << 4) | (request.kind === 'unlock' ? request.lock - 1 : 0),
      request.kind === 'unlock' ? 0x31 : 0x30,
    ],
    addressOf: (byte) => byte >> 4,
  },
};

export const dialects = Object.keys(forms) as readonly Dialect[];

/** The locks a board of that dialect has. */
export const locksOf = (dialect: Dialect): readonly Lock[] => forms[dialect].locks;

/** How long a status of that dialect is. */
export const statusBytesOf = (dialect: Dialect): number => forms[dialect].replyBytes;

/** A request as bytes: 02, what and whom, 03, the low byte of the sum of all before it. */
export function encodeRequest(dialect: Dialect, request: Request): Uint8Array {
  const { locks, request: fieldsOf } = forms[dialect];
  assert(addresses.includes(request.address), `a request goes to one board, not to ${request.address}`);
  if (request.kind === 'unlock') {
    assert(
      locks.includes(request.lock),
      `an unlock is for one lock of a ${dialect}, not for ${request.lock}`,
    );
  }
  const body = [START, ...fieldsOf(request), END];
  return Uint8Array.from([...body, sumOf(body)]);
}

/** Takes the bytes of one status apart; refuses everything else, also with a single byte changed. */
export function decodeStatus(dialect: Dialect, bytes: Uint8Array): Result<Status, StatusFault> {
  const { locks, replyBytes, replyCommand, replyCommandAt, hooksAt, addressOf } = forms[dialect];
  if (bytes.length !== replyBytes) return refused('length');
  const body = bytes.subarray(0, -1);
  if (body[0] !== START || body.at(-1) !== END) return refused('marks');
  if (bytes.at(-1) !== sumOf(body)) return refused('sum');
  if (body[replyCommandAt] !== replyCommand) return refused('command');
  const bitAt = (index: number) => (((body[hooksAt + (index >> 3)] ?? 0) >> (index & 7)) & 1) === 1;
  return ok({ address: addressOf(body[1] ?? 0), hookBits: locks.map((lock) => bitAt(lock - 1)) });
}

const sumOf = (bytes: Iterable<number>): number => [...bytes].reduce((sum, byte) => sum + byte, 0) & 0xff;
