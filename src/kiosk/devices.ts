import { createCabinetBoards } from '../../firmware-bridge/board/index.js';
import { thisHost } from '../../firmware-bridge/port/index.js';
import { createReader } from '../../firmware-bridge/reader/reader.js';
import { lockersOf } from '../../hardware/cabinet.js';
import type { Settings } from '../circulation/decide.js';
import { attemptDuration } from '../circulation/unlock.js';
import type { Config } from '../config/config.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import { createScreen } from '../screen/server.js';
import type { KioskPorts } from './wire-kiosk.js';

/** The ports of the boards, the reader and the screen that the configuration names. */
export function configuredDevices(
  config: Config,
  settings: Settings,
  log: Log,
): Required<Pick<KioskPorts, 'boards' | 'reader' | 'screen'>> {
  return {
    boards: (onEvent) =>
      createCabinetBoards({
        cabinet: config.cabinet,
        ports: config.boardPorts,
        // Waiting for a lock must leave the resident time to open the door within the same attempt.
        restWaitMs: Math.min(limits.lockRestWaitMs, attemptDuration(settings) / 2),
        host: thisHost,
        log,
        onEvent,
      }),
    reader: (onEvent) =>
      createReader({
        path: config.reader.port,
        baudRate: config.reader.baudRate,
        readerKind: config.reader.kind,
        scansPerSecond: config.reader.scansPerSecond,
        kiosk: config.kiosk,
        lockers: lockersOf(config.cabinet),
        library: config.library,
        host: thisHost,
        log,
        onEvent,
      }),
    screen: {
      config,
      create: (onIntent) => createScreen({ port: config.screen.port, host: '127.0.0.1', log, onIntent }),
    },
  };
}
