import { assert } from '../../../src/kernel/assert.js';
import { crc16 } from '../../../src/kernel/crc.js';

/**
 * What a module of the GM65 family is asked on its serial line. `address` is a register; registers are bytes and follow one
 * another. A saved register survives power-off.
 */
export type Gm65Request =
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'read'; readonly address: number; readonly count: number }
  | { readonly kind: 'write'; readonly address: number; readonly data: readonly number[] }
  | { readonly kind: 'save' };

const HEAD = [0x7e, 0x00];
const READ = 0x07;
const WRITE = 0x08;
const SAVE = 0x09;
const HEARTBEAT = 0x0a;

/** Begins every reply; the first byte differs for the heartbeat. */
export const replyHeads = [0x02, 0x03] as const;
/** Head, 00, 00 and the count of data bytes. */
export const replyHeadBytes = 4;
const crcBytes = 2;
/** In place of a CRC: "do not check". */
const unchecked = 0xabcd;

/** The request's bytes. Throws (a bug) when a number does not fit. */
export function encodeRequest(request: Gm65Request): Uint8Array {
  const body = bodyOf(request);
  const crc = crc16(body);
  return Uint8Array.of(...HEAD, ...body, crc >> 8, crc & 0xff);
}

function bodyOf(request: Gm65Request): number[] {
  switch (request.kind) {
    case 'heartbeat':
      return [HEARTBEAT, 1, 0, 0, 0];
    case 'save':
      return [SAVE, 1, 0, 0, 0];
    case 'read':
      return [READ, 1, ...addressBytes(request.address), byteOf(request.count)];
    case 'write':
      return [
        WRITE,
        byteOf(request.data.length),
        ...addressBytes(request.address),
        ...request.data.map(byteOf),
      ];
  }
}

function addressBytes(address: number): number[] {
  assert(Number.isInteger(address) && address >= 0 && address <= 0xffff, 'a register address has 16 bits');
  return [address >> 8, address & 0xff];
}

function byteOf(value: number): number {
  assert(Number.isInteger(value) && value >= 0 && value <= 0xff, 'a register has 8 bits');
  return value;
}

/** How long the whole reply is whose first four bytes these are; null when they begin none. */
export function replyLength(head: Uint8Array): number | null {
  const [first, second, third, count = 0] = head;
  const isHead = replyHeads.some((each) => each === first) && second === 0 && third === 0;
  return isHead ? replyHeadBytes + count + crcBytes : null;
}

/** The data of a whole reply, or null when its CRC is wrong. */
export function replyData(reply: Uint8Array): Uint8Array | null {
  const crcAt = reply.length - crcBytes;
  const told = ((reply[crcAt] ?? 0) << 8) | (reply[crcAt + 1] ?? 0);
  const isRight = told === unchecked || told === crc16(reply.subarray(2, crcAt));
  return isRight ? reply.slice(replyHeadBytes, crcAt) : null;
}
