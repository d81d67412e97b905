import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lockersOf } from '../../hardware/cabinet.js';
import type { Settings } from '../circulation/decide.js';
import { ledgerRules } from '../circulation/ledger-rules.js';
import { warmUpLending } from '../circulation/warm-up.js';
import type { Config } from '../config/config.js';
import { type Backups, createBackups } from '../journal/backups.js';
import type { Journal } from '../journal/journal.js';
import { openJournal } from '../journal/open.js';
import { openJournalOrWait } from '../journal/unavailable-journal.js';
import { assert } from '../kernel/assert.js';
import { Fault } from '../kernel/faults.js';
import type { Log } from '../kernel/log.js';
import { createClock } from '../machine/clock.js';
import { createLogTail } from '../machine/log-tail.js';
import { createVitalsReader } from '../machine/vitals.js';
import { loadOrMakeKioskKey } from '../passes/key-file.js';
import { createKeyRing, loadVerifyingKey } from '../passes/keys.js';
import { warmUpVerification } from '../passes/warm-up.js';
import { configuredDevices } from './devices.js';
import { wireKiosk } from './wire-kiosk.js';

/** A kiosk in service. */
export interface RunningKiosk {
  readonly screenUrl: string;
  /** The address in the QR code that the screen shows now. */
  invitation(): string;
  /** Switches the locks off and closes ports and journal. */
  close(): Promise<void>;
}

export interface KioskJournalOptions {
  readonly log?: Log;
  /** Whether old events are pruned only after a backup. */
  readonly awaitsBackup?: boolean;
  /** Whether a damaged or unwritable journal leaves the kiosk out of service until it is repaired; otherwise this throws. */
  readonly waitsForRepair?: boolean;
}

/**
 * Opens the journal in `dataFolder`, which is created where missing. Throws `journal.busy` when another kiosk process has
 * it open, and `config.invalid` when the folder cannot be created.
 */
export function openKioskJournal(dataFolder: string, options: KioskJournalOptions = {}): Journal {
  try {
    // Loans are private: only the kiosk's own user may read them.
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const why = existsSync(dataFolder) ? 'it is not a folder' : String(error);
    throw new Fault('config.invalid', `the data folder ${dataFolder} cannot be created: ${why}`, {
      cause: error,
    });
  }
  const open = options.waitsForRepair === true ? openJournalOrWait : openJournal;
  return open({
    file: join(dataFolder, 'journal.db'),
    ...ledgerRules,
    requiresBackup: options.awaitsBackup === true,
    onCorrected: ({ code, message }) => options.log?.warn({ code }, message),
  });
}

/**
 * Starts the kiosk that `config` describes, on an open journal. `restart` has to end the program so that the system starts
 * it again. Rejects with a Fault when the screen's port is taken; every other device is reconnected for ever.
 */
export async function startKiosk(
  config: Config,
  journal: Journal,
  fullLog: Log,
  restart: () => void,
): Promise<RunningKiosk> {
  const tail = createLogTail(fullLog, Date.now);
  const { log } = tail;
  const settings = settingsOf(config);
  const backups = backupsOf(config, journal, log);
  const wired = wireKiosk({
    config,
    settings,
    firstStock: config.firstStock,
    clock: createClock(() => journal.lastTrustedMs()),
    log,
    journal,
    key: loadOrMakeKioskKey(config.dataFolder),
    roots: createKeyRing(config.passKeys.map(loadVerifyingKey)),
    restart,
    ...configuredDevices(config, settings, log),
    monitoring: { config, tail, readVitals: createVitalsReader(config.dataFolder) },
    ...(backups && { backups }),
  });
  warmUp(settings);
  const { screen } = wired;
  assert(screen !== null, 'a kiosk in service has a screen');
  const { url } = await screen.start();
  wired.start();
  log.info({ kiosk: config.kiosk, position: journal.lastPosition(), screen: url }, 'kiosk started');
  return {
    screenUrl: url,
    invitation: () => screen.invitation(),
    async close() {
      await wired.close();
      log.info({}, 'kiosk stopped');
    },
  };
}

/** Runs the code of a visit once, so that the first visit after a start is not slower than later ones. */
function warmUp(settings: Settings): void {
  warmUpVerification();
  warmUpLending(settings);
}

function backupsOf({ backup }: Config, journal: Journal, log: Log): Backups | null {
  if (!backup) return null;
  const rulesModule = new URL('../circulation/ledger-rules.js', import.meta.url).href;
  const everyMs = backup.everyHours * 3_600_000;
  return createBackups({ journal, folder: backup.folder, everyMs, rulesModule, log });
}

function settingsOf({ cabinet, policy, waits }: Config): Settings {
  return { boards: new Map(cabinet.boards.map((board) => [board.board, lockersOf(board)])), policy, waits };
}
