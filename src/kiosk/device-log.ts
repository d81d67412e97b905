import type { BoardEvent } from '../../firmware-bridge/board/index.js';
import type { ReaderEvent } from '../../firmware-bridge/reader/reader.js';
import { unreachable } from '../kernel/assert.js';
import { faultCatalogue } from '../kernel/faults.js';
import type { BoardId } from '../kernel/ids.js';
import type { Log } from '../kernel/log.js';

/** Logs a board event. Doors only at debug level: the journal records them. */
export function logBoardEvent(board: BoardId, event: BoardEvent, log: Log): void {
  switch (event.kind) {
    case 'ready':
      log.info({ board, firmware: event.firmware, bootId: event.bootId }, 'board ready');
      log.debug({ board, doors: Object.fromEntries(event.doors) }, 'door states');
      return;
    case 'lost': {
      const { code, message } = event.fault;
      log.warn({ board, code, remedy: faultCatalogue[code].remedy }, message);
      return;
    }
    case 'pulse':
      log.info({ locker: event.locker, ...event.outcome }, 'lock pulse');
      return;
    case 'noise':
      log.warn({ board, code: 'board.noise', discardedBytes: event.discardedBytes }, 'board noise');
      return;
    case 'door':
      log.debug({ locker: event.locker, door: event.door }, 'door');
      return;
    case 'item':
      log.debug({ locker: event.locker, item: event.item }, 'item sensor');
      return;
    case 'chatter':
      log.warn({ board, locker: event.locker, chatters: event.chatters }, 'switch chatter');
      return;
    default:
      unreachable(event);
  }
}

/** Logs a reader event, never the scanned text. */
export function logReaderEvent(event: ReaderEvent, log: Log): void {
  switch (event.kind) {
    case 'scan':
      log.debug({ kind: event.scan.kind, bytes: event.bytes }, 'scan');
      return;
    case 'ready':
      log.info({}, 'reader ready');
      return;
    case 'lost':
      log.warn({ code: event.fault.code }, event.fault.message);
      return;
    case 'noise':
      log.warn({ code: 'reader.noise', discardedBytes: event.discardedBytes }, 'reader noise');
      return;
    case 'settings':
      if (event.outcome.kind === 'configured')
        log.info({ repaired: event.outcome.repaired.length }, 'reader configured');
      else log.warn({ code: 'reader.unconfigured', why: event.outcome.why }, 'reader not configured');
      return;
    case 'flood':
      log.warn({ code: 'reader.flood', droppedScans: event.droppedScans }, 'scans dropped');
      return;
    default:
      unreachable(event);
  }
}
