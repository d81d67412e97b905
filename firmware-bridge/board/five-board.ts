import type { Firmata } from 'firmata-io';
import five from 'johnny-five';
import { stopReceivingFrames } from './sysex.js';

/** What johnny-five's own typings leave out. */
interface FiveInternals {
  /** Every board ever made; a module-level list. */
  readonly cache: unknown[];
  /** Makes `this` a component of `options.board`: sets `board`, `io` and `id`, and registers it there. */
  readonly Component: (this: object, options: object, uses: object) => void;
}

/** A johnny-five board; the shape our own components are made on. */
export type FiveBoard = five.Board;

const internals = five.Board as unknown as FiveInternals;

/**
 * A johnny-five board on `io`, without the REPL and the SIGINT handler that would end the process on their own.
 * `onError` gets what johnny-five has to say when the board does not become ready in `timeoutMs`.
 */
export function createFiveBoard(io: Firmata, timeoutMs: number, onError: (text: string) => void): FiveBoard {
  const options = { io, repl: false, sigint: false, debug: false, timeout: timeoutMs };
  const board = new five.Board(options);
  // Also emitted with johnny-five's log events, which are no Error.
  board.on('error', (error: { message: string }) => onError(error.message));
  return board;
}

/** Makes `component` a johnny-five component of `board`; pins stay the firmware's business. */
export function becomeComponent(component: object, board: FiveBoard, id: string): void {
  internals.Component.call(component, { board, id }, { normalizePin: false, requestPin: false });
}

/**
 * Takes a board out of johnny-five's and firmata-io's hands: timers, listeners, the list of all boards.
 * Without this each reconnect would keep its board for good.
 */
export function releaseFiveBoard(board: FiveBoard, io: Firmata): void {
  const { timer, register } = board as unknown as { timer: NodeJS.Timeout | null; register: unknown[] };
  if (timer) clearTimeout(timer);
  clearTimeout(io.reportVersionTimeoutId);
  stopReceivingFrames(io);
  register.length = 0;
  const at = internals.cache.indexOf(board);
  if (at >= 0) internals.cache.splice(at, 1);
  io.removeAllListeners();
  (board as unknown as NodeJS.EventEmitter).removeAllListeners();
  // An `error` of a board nobody looks at any more must not end the process.
  board.on('error', () => undefined);
}
