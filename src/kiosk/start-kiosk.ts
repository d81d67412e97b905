import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lockersOf } from '../../hardware/cabinet.js';
import { initialState, type Settings } from '../circulation/decide.js';
import { ledgerRules } from '../circulation/ledger-rules.js';
import { warmUpLending } from '../circulation/warm-up.js';
import type { Config } from '../config/config.js';
import { type Backups, createBackups } from '../journal/backups.js';
import type { Journal } from '../journal/journal.js';
import { openJournal } from '../journal/open.js';
import { startRecovery } from '../journal/recovery.js';
import { openJournalOrWait } from '../journal/unavailable-journal.js';
import { Fault, type FaultCode } from '../kernel/faults.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import type { Clock } from '../kernel/time.js';
import type { Link } from '../link/link.js';
import { createClock } from '../machine/clock.js';
import { createLogTail, type LogTail } from '../machine/log-tail.js';
import { createVitalsReader } from '../machine/vitals.js';
import { createFacts } from '../monitoring/health-inputs.js';
import { createMonitoring, type Monitoring } from '../monitoring/monitoring.js';
import { createRequests } from '../monitoring/requests.js';
import { loadOrMakeKioskKey } from '../passes/key-file.js';
import { createKeyRing, loadVerifyingKey } from '../passes/keys.js';
import { warmUpVerification } from '../passes/warm-up.js';
import type { Screen } from '../screen/server.js';
import { createCatalogueLink } from './catalogue-link.js';
import { boardsOf, readerOf, screenOf } from './devices.js';
import { createDocuments, type Documents } from './document-store.js';
import { performEffect } from './effects.js';
import { Kiosk } from './kiosk.js';
import { createReceipts } from './receipts.js';
import { createShowing, type Showing } from './screen-updates.js';

/** A kiosk in service. */
export interface RunningKiosk {
  readonly screenUrl: string;
  /** The address behind the code that the screen shows now. */
  invitation(): string;
  /** Locks off, ports closed, journal closed. */
  close(): Promise<void>;
}

export interface KioskJournalOptions {
  readonly log?: Log;
  /** Whether old events wait for a backup before they are put away. */
  readonly awaitsBackup?: boolean;
  /** Whether a journal that is damaged or cannot be written is waited for, out of order; otherwise it is refused. */
  readonly waitsForRepair?: boolean;
}

/**
 * Opens the journal in `dataFolder`, made where missing; throws `journal.busy` when another kiosk process has it, and
 * `config.invalid` when the folder cannot be made.
 */
export function openKioskJournal(dataFolder: string, options: KioskJournalOptions = {}): Journal {
  try {
    // Who borrowed what is nobody's business but the kiosk's.
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const why = existsSync(dataFolder) ? 'it is no folder' : String(error);
    throw new Fault('config.invalid', `the data folder ${dataFolder} cannot be made: ${why}`, {
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
 * Wires one kiosk together: reader, board, screen and link around the core, on an open journal.
 * `restart` is to end the program so that it is started anew.
 * Rejects with a Fault when the screen's port is taken; everything else is waited for and reconnected for ever.
 */
export async function startKiosk(
  config: Config,
  journal: Journal,
  fullLog: Log,
  restart: () => void,
): Promise<RunningKiosk> {
  const tail = createLogTail(fullLog, Date.now);
  const { log } = tail;
  const clock = createClock(journal.lastTrustedMs());
  const roots = createKeyRing(config.passKeys.map(loadVerifyingKey));
  const key = loadOrMakeKioskKey(config.dataFolder);
  stockOnce(config, journal, clock);
  const documents = createDocuments(journal, config.policy, roots);
  const settings = settingsOf(config);

  const kiosk: Kiosk = new Kiosk(initialState(settings, journal.load()), {
    clock,
    log,
    append: (moment, events) => journal.append(moment, events),
    perform: (effect) => performEffect(effect, { boards, documents, link, kiosk, restart, log }),
    onStep(_state, _moment, grew) {
      if (grew) link.journalGrew();
      show();
      monitoring.changed();
    },
  });
  const receiptOf = createReceipts(config.kiosk, key, journal);
  const screen = screenOf(config, kiosk, log);
  const { show, ...showing } = createShowing({ config, screen, documents, clock, receiptOf, kiosk });
  const link: Link = createCatalogueLink({
    ...{ config, journal, documents, key, roots, kiosk, clock, log },
    show,
    onOnline: () => monitoring.online(),
    onHomeAssistant: () => monitoring.introduce(),
    onRequest: (name, payload) => requests(name, payload),
  });
  const boards = boardsOf(config, settings, kiosk, log);
  const reader = readerOf(config, kiosk, log, { clock, documents, changed: () => monitoring.changed() });
  const { identify } = showing;
  const watched = { kiosk, clock, link, journal, documents, reader, tail, screen, identify };
  const { monitoring, requests } = farViewOf(config, log, watched);

  rehearse(settings);
  const { url } = await screen.start();
  tellFailure(journal, kiosk, log);
  tellKept(documents, kiosk);
  monitoring.start();
  link.start();
  boards.start();
  reader.start();
  const house = keepHouse(config, { journal, kiosk, documents, showing, log });
  log.info({ kiosk: config.kiosk, position: journal.lastPosition(), screen: url }, 'kiosk started');
  return {
    screenUrl: url,
    invitation: showing.invitation,
    close: () => closeAll([monitoring, kiosk], [reader, boards, link, screen, house], journal, log),
  };
}

/** Whoever decides first, then the devices together, the journal last. */
async function closeAll(
  first: readonly { close(): void }[],
  then: readonly { close(): Promise<void> }[],
  journal: Journal,
  log: Log,
): Promise<void> {
  for (const each of first) each.close();
  await Promise.all(then.map((each) => each.close()));
  journal.close();
  log.info({}, 'kiosk stopped');
}

/** The first visit after a start is to be as fast as any other. */
function rehearse(settings: Settings): void {
  warmUpVerification();
  warmUpLending(settings);
}

interface HouseParts {
  readonly journal: Journal;
  readonly kiosk: Kiosk;
  readonly documents: Documents;
  readonly showing: Pick<Showing, 'start' | 'close'>;
  readonly log: Log;
}

/** What goes on by itself, whoever is here or not. */
function keepHouse(config: Config, { journal, kiosk, documents, showing, log }: HouseParts) {
  showing.start();
  const stopWatch = watchOf(journal, kiosk, documents, log);
  const backups = backupsOf(config, journal, log);
  backups?.start();
  // Holds end by the calendar.
  const minutes = setInterval(() => kiosk.submit({ kind: 'time-passed' }), limits.calendarEveryMs).unref();
  return {
    async close() {
      showing.close();
      clearInterval(minutes);
      stopWatch();
      await backups?.close();
    },
  };
}

interface FarView {
  readonly monitoring: Monitoring;
  readonly requests: ReturnType<typeof createRequests>;
}

interface MonitoredParts {
  readonly tail: LogTail;
  readonly screen: Screen;
  identify(): void;
  readonly kiosk: Kiosk;
  readonly clock: Clock;
  readonly link: Link;
  readonly journal: Journal;
  readonly documents: Documents;
  readonly reader: ReturnType<typeof readerOf>;
}

/** What those who are not there see of the kiosk, and may ask. */
function farViewOf(config: Config, log: Log, parts: MonitoredParts): FarView {
  const { link, reader, journal, tail, screen, identify } = parts;
  const machine = createVitalsReader(config.dataFolder);
  const facts = createFacts({ ...parts, session: link.session, machine, reader: reader.state });
  const requests = createRequests({
    ...{ config, link, log, tail, facts, identify },
    pages: () => screen.pages,
    probeJournal: () => probe(journal),
  });
  return { monitoring: createMonitoring({ config, log, link, facts }), requests };
}

/** Writes something of no importance durably, where all else is written. */
function probe(journal: Journal): FaultCode | null {
  try {
    journal.saveDocument('self-test', 1, {});
    return null;
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}

function backupsOf({ backup }: Config, journal: Journal, log: Log): Backups | null {
  if (!backup) return null;
  const rulesModule = new URL('../circulation/ledger-rules.js', import.meta.url).href;
  const everyMs = backup.everyHours * 3_600_000;
  return createBackups({ journal, folder: backup.folder, everyMs, rulesModule, log });
}

function settingsOf({ cabinet, policy, waits }: Config): Settings {
  const { visitIdleMs, doorOpenMs, doorCloseMs, doorRemindMs, farewellMs } = waits;
  return {
    boards: new Map(cabinet.boards.map((board) => [board.board, lockersOf(board)])),
    policy,
    waits: {
      visitIdle: visitIdleMs,
      doorOpen: doorOpenMs,
      doorClose: doorCloseMs,
      doorRemind: doorRemindMs,
      farewell: farewellMs,
    },
  };
}

/** Puts the first stock of a new kiosk on record; a journal that has begun knows better than the configuration. */
function stockOnce({ firstStock }: Config, journal: Journal, clock: Clock): void {
  const isNew = journal.lastPosition() === 0 && journal.load().lockers.size === 0;
  if (!isNew || firstStock.length === 0 || journal.failure() !== null) return;
  journal.append(
    clock.now(),
    firstStock.map(({ locker, item }) => ({ type: 'item-stocked', locker, item })),
  );
}

/** A journal that is waited for: the kiosk is out of order from the beginning. */
function tellFailure(journal: Journal, kiosk: Kiosk, log: Log): void {
  const fault = journal.failure();
  if (!fault) return;
  log.error({ code: fault.code }, fault.message);
  kiosk.submit({ kind: 'journal-failed' });
}

/** What the catalogue told while the journal could not be written is told again. */
function watchOf(journal: Journal, kiosk: Kiosk, documents: Documents, log: Log): () => void {
  return startRecovery({
    journal,
    log,
    onRecovered(ledger) {
      kiosk.submit({ kind: 'journal-recovered', ledger });
      tellKept(documents, kiosk);
    },
  });
}

/** Tells the core all that the catalogue has told. */
function tellKept(documents: Documents, kiosk: Kiosk): void {
  for (const input of documents.news()) kiosk.submit(input);
}
