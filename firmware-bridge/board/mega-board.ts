import type { MegaBoard } from '../../hardware/cabinet.js';
import { limits } from '../../src/kernel/limits.js';
import { BoardConnection } from './connection.js';
import type { LockerBoard, LockerBoardOptions } from './driver/locker-board.js';
import { superviseBoard } from './driver/supervised-board.js';
import { warmUpPulse } from './session.js';

/** The speed of the wire. */
export const megaBaudRate = 57_600;

/** A Mega 2560 with our firmware, through all its unplugs and resets. */
export function createMegaBoard(options: LockerBoardOptions<MegaBoard>): LockerBoard {
  const { description, restWaitMs = limits.lockRestWaitMs, log, host } = options;
  let knownBootId: number | undefined;
  return superviseBoard({
    ...options,
    baudRate: megaBaudRate,
    connect: (port, onEvent) =>
      new BoardConnection({
        port,
        description,
        timers: host.timers,
        log,
        restWaitMs,
        knownBootId,
        onEvent: (event) => {
          if (event.kind === 'ready') {
            knownBootId = event.bootId;
            warmUpPulse();
          }
          onEvent(event);
        },
      }),
  });
}
