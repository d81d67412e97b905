/**
 * The vendor's two protocols as the board sees them, the dangerous requests included. Written from the vendor's paper, not
 * from the driver's codec: the two are to find each other's mistakes.
 */
export type KerongDialect = 'cu48' | 'cu16';

/** What a request asks of this board. */
export interface Order {
  readonly kind: 'status' | 'unlock';
  /** The locks to open, from 1. */
  readonly locks: readonly number[];
  /** It goes to all boards or to all locks. */
  readonly everyone: boolean;
}

const start = 0x02;
const end = 0x03;
const locks = { cu48: 48, cu16: 16 } as const;
const requestBytes = { cu48: 6, cu16: 5 } as const;

export const requestBytesOf = (dialect: KerongDialect): number => requestBytes[dialect];

/** The order in these bytes; null when they are no request, or one for another board. */
export function readOrder(dialect: KerongDialect, me: number, bytes: readonly number[]): Order | null {
  const sum = bytes.slice(0, -1).reduce((total, byte) => total + byte, 0) % 256;
  if (bytes[0] !== start || bytes.at(-2) !== end || bytes.at(-1) !== sum) return null;
  return dialect === 'cu48' ? readCu48(me, bytes) : readCu16(me, bytes);
}

function readCu48(me: number, [, address = 0, lock = 0, command]: readonly number[]): Order | null {
  const allBoards = address === 0x0a;
  const allLocks = lock === 0x30;
  if ((address !== me && !allBoards) || lock > 0x30) return null;
  if (command === 0x50) return { kind: 'status', locks: [], everyone: false };
  if (command !== 0x51) return null;
  return { kind: 'unlock', locks: allLocks ? every('cu48') : [lock + 1], everyone: allBoards || allLocks };
}

function readCu16(me: number, [, place = 0, command]: readonly number[]): Order | null {
  const board = Math.floor(place / 16);
  if (board !== me && !(board === 15 && command === 0x33)) return null;
  if (command === 0x30) return { kind: 'status', locks: [], everyone: false };
  if (command === 0x31) return { kind: 'unlock', locks: [(place % 16) + 1], everyone: false };
  return command === 0x33 ? { kind: 'unlock', locks: every('cu16'), everyone: true } : null;
}

/** The answer to a status request. */
export function statusFrame(
  dialect: KerongDialect,
  address: number,
  hookBit: (lock: number) => boolean,
): number[] {
  const hooks = Array.from({ length: locks[dialect] / 8 }, (_, byte) =>
    [0, 1, 2, 3, 4, 5, 6, 7].reduce((bits, bit) => bits + (hookBit(8 * byte + bit + 1) ? 2 ** bit : 0), 0),
  );
  const noInfrared = [0, 0];
  const body =
    dialect === 'cu48'
      ? [start, address, 0x00, 0x65, ...hooks, end]
      : [start, address * 16, 0x35, ...hooks, ...noInfrared, end];
  return [...body, body.reduce((total, byte) => total + byte, 0) % 256];
}

const every = (dialect: KerongDialect): readonly number[] =>
  Array.from({ length: locks[dialect] }, (_, index) => index + 1);
