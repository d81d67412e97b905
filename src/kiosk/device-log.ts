import type { BoardEvent } from '../../firmware-bridge/board/index.js';
import type { ReaderEvent } from '../../firmware-bridge/reader/reader.js';
import { unreachable } from '../kernel/assert.js';
import { faultCatalogue } from '../kernel/faults.js';
import type { BoardId } from '../kernel/ids.js';
import type { Log } from '../kernel/log.js';

/** Writes what the board reports; doors are the journal's business. */
export function logBoardEvent(board: BoardId, event: BoardEvent, log: Log): void {
  switch (event.kind) {
    case 'ready':
      log.info({ board, firmware: event.firmware, bootId: event.bootId }, 'board ready');
      log.debug({ board, doors: Object.fromEntries(event.doors) }, 'doors');
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
      log.warn({ board, code: 'board.noise', discardedBytes: event.discardedBytes }, 'noise from the board');
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

/** Writes what the reader reports; never what it read. */
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
      log.warn({ code: 'reader.noise', discardedBytes: event.discardedBytes }, 'noise from the reader');
      return;
    case 'settings':
      if (event.outcome.kind === 'configured')
        log.info({ repaired: event.outcome.repaired.length }, 'reader settings are right');
      else log.warn({ code: 'reader.unconfigured', why: event.outcome.why }, 'reader settings are not known');
      return;
    case 'flood':
      log.warn({ code: 'reader.flood', droppedScans: event.droppedScans }, 'too many scans');
      return;
    default:
      unreachable(event);
  }
}
