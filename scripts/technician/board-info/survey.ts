import {
  type BoardEvent,
  createLockerBoard,
  inspectMega,
  type MegaInspection,
  type Readiness,
} from '../../../firmware-bridge/board/index.js';
import type { Host } from '../../../firmware-bridge/port/index.js';
import type { BoardDescription } from '../../../hardware/cabinet.js';
import { Fault } from '../../../src/kernel/faults.js';
import type { BoardId } from '../../../src/kernel/ids.js';
import { limits } from '../../../src/kernel/limits.js';
import { silentLog } from '../../../src/kernel/log.js';
import type { Cancel } from '../../../src/kernel/wait.js';

/** Who was found on a board's port. */
export type Survey = { readonly board: BoardId; readonly path: string } & (
  | { readonly kind: 'mega-2560'; readonly inspection: MegaInspection }
  | { readonly kind: 'kerong'; readonly readiness: Readiness }
  /** Nobody, or somebody else, or the port could not be had. */
  | { readonly kind: 'fault'; readonly fault: Fault }
);

const nothing = () => undefined;

/** Asks who is on the port of one board; a Kerong board is only asked for its status. No lock is moved. */
export async function surveyBoard(description: BoardDescription, path: string, host: Host): Promise<Survey> {
  const { board, kind } = description;
  try {
    if (kind === 'kerong') {
      return { board, path, kind, readiness: await readinessOf(description, path, host) };
    }
    return { board, path, kind, inspection: await inspectMega({ description, path, log: silentLog, host }) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { board, path, kind: 'fault', fault: error };
  }
}

/** Brings a board up once, to learn what it says then. */
async function readinessOf(description: BoardDescription, path: string, host: Host): Promise<Readiness> {
  let cancel: Cancel | undefined;
  let hear: (event: BoardEvent) => void = nothing;
  const board = createLockerBoard({
    description,
    path,
    host,
    log: silentLog,
    onEvent: (event) => hear(event),
  });
  try {
    return await new Promise((resolve, reject) => {
      const silent = new Fault('board.silent', `${path} is open but nothing there answers`);
      cancel = host.timers.wait(limits.boardReadyMs, () => reject(silent));
      hear = (event) => {
        if (event.kind === 'ready') resolve(event);
        if (event.kind === 'lost') reject(event.fault);
      };
      board.start();
    });
  } finally {
    cancel?.();
    await board.close();
  }
}
