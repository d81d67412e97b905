import { type CabinetBoards, createCabinetBoards } from '../../firmware-bridge/board/index.js';
import { createReader } from '../../firmware-bridge/reader/reader.js';
import { lockersOf } from '../../hardware/cabinet.js';
import type { Settings } from '../circulation/decide.js';
import { attemptDuration } from '../circulation/unlock.js';
import type { Config } from '../config/config.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import type { Clock } from '../kernel/time.js';
import { createScreen, type Screen } from '../screen/server.js';
import { inputOfBoard } from './board-input.js';
import { logBoardEvent, logReaderEvent } from './device-log.js';
import type { Documents } from './document-store.js';
import type { Kiosk } from './kiosk.js';
import { inputOfScan } from './scan-input.js';
import { inputOfIntent } from './screen-input.js';

/** The touch screen’s server. */
export function screenOf({ screen }: Config, kiosk: Kiosk, log: Log): Screen {
  return createScreen({
    port: screen.port,
    host: '127.0.0.1',
    log,
    onIntent: (intent) => kiosk.submit(inputOfIntent(intent)),
  });
}

/** The cabinet’s boards; what they report goes to the core. */
export function boardsOf(
  { boardPorts, cabinet }: Config,
  settings: Settings,
  kiosk: Kiosk,
  log: Log,
): CabinetBoards {
  return createCabinetBoards({
    cabinet,
    ports: boardPorts,
    // A lock waited for must still leave the resident time within her try.
    restWaitMs: Math.min(limits.lockRestWaitMs, attemptDuration(settings) / 2),
    log,
    onEvent(board, event) {
      const input = inputOfBoard(board, event, kiosk.state.ledger);
      if (input) kiosk.submit(input);
      logBoardEvent(board, event, log);
    },
  });
}

/** What a scan is judged by, and who is told of the reader. */
export interface ScanParts {
  /** The reader came or went. */
  changed(): void;
  readonly clock: Clock;
  readonly documents: Documents;
}

/** The barcode reader; what it reads goes to the core, judged. */
export function readerOf(config: Config, kiosk: Kiosk, log: Log, { clock, documents, changed }: ScanParts) {
  const cardOf = (card: string) => documents.cardOf(card);
  const contextNow = () => ({
    kiosk: config.kiosk,
    keyRing: documents.keyRing(),
    moment: clock.now(),
    cardOf,
  });
  let state: 'ready' | 'lost' = 'lost';
  const reader = createReader({
    path: config.reader.port,
    baudRate: config.reader.baudRate,
    readerKind: config.reader.kind,
    scansPerSecond: config.reader.scansPerSecond,
    kiosk: config.kiosk,
    lockers: lockersOf(config.cabinet),
    library: config.library,
    log,
    onEvent(event) {
      if (event.kind === 'scan') kiosk.submit(inputOfScan(event.scan, contextNow()));
      logReaderEvent(event, log);
      if (event.kind !== 'ready' && event.kind !== 'lost') return;
      state = event.kind;
      changed();
    },
  });
  return { start: () => reader.start(), close: () => reader.close(), state: () => state };
}
