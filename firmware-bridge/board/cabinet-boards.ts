import { type BoardDescription, type Cabinet, lockersOf } from '../../hardware/cabinet.js';
import { assert } from '../../src/kernel/assert.js';
import type { BoardId, LockerNo } from '../../src/kernel/ids.js';
import type { Log } from '../../src/kernel/log.js';
import type { Host } from '../port/index.js';
import type { BoardEvent, LockerBoard, LockerBoardOptions, PulseStrength } from './driver/locker-board.js';
import { createKerongBoard } from './kerong/kerong-board.js';
import { createMegaBoard } from './mega-board.js';

/** The driver for the kind of board that is described. */
export function createLockerBoard(options: LockerBoardOptions): LockerBoard {
  const { description } = options;
  if (description.kind === 'mega-2560') return createMegaBoard({ ...options, description });
  return createKerongBoard({ ...options, description });
}

export interface CabinetBoardsOptions {
  readonly cabinet: Cabinet;
  /** A device path or `tcp://host:port` for each board of the cabinet. */
  readonly ports: ReadonlyMap<BoardId, string>;
  /** As in `LockerBoardOptions`. */
  readonly restWaitMs?: number;
  /** The computer that the ports belong to. */
  readonly host: Host;
  readonly log: Log;
  onEvent(board: BoardId, event: BoardEvent): void;
}

/** All boards of a cabinet; each connects, fails and recovers on its own. */
export interface CabinetBoards {
  /** To be called once. */
  start(): void;
  /** As `LockerBoard.unlock`, on the board that the locker hangs on. */
  unlock(locker: LockerNo, tag: number, strength: PulseStrength): void;
  /** All locks off, all ports closed. */
  close(): Promise<void>;
}

/** Puts the boards of a cabinet together. */
export function createCabinetBoards(options: CabinetBoardsOptions): CabinetBoards {
  const { cabinet, ports, onEvent } = options;
  const create = (description: BoardDescription): LockerBoard => {
    const path = ports.get(description.board);
    assert(path !== undefined, `board ${description.board} has a port`);
    return createLockerBoard({
      ...options,
      description,
      path,
      onEvent: (event) => onEvent(description.board, event),
    });
  };
  const boards = cabinet.boards.map((description) => ({ description, board: create(description) }));
  const boardOf = new Map(
    boards.flatMap(({ description, board }) => lockersOf(description).map((locker) => [locker, board])),
  );
  return {
    start() {
      for (const { board } of boards) board.start();
    },
    unlock(locker, tag, strength) {
      const board = boardOf.get(locker);
      assert(board !== undefined, `locker ${locker} is on a board`);
      board.unlock(locker, tag, strength);
    },
    async close() {
      await Promise.all(boards.map(({ board }) => board.close()));
    },
  };
}
