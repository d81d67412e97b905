import type { BoardEvent, CabinetBoards } from '../../firmware-bridge/board/index.js';
import type { Reader, ReaderEvent } from '../../firmware-bridge/reader/reader.js';
import { decide, initialState, type Settings } from '../circulation/decide.js';
import type { Input } from '../circulation/input.js';
import type { Config } from '../config/config.js';
import type { Backups } from '../journal/backups.js';
import type { Journal } from '../journal/journal.js';
import { startRecovery } from '../journal/recovery.js';
import type { BoardId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import type { Clock } from '../kernel/time.js';
import { type Cancel, realWait, repeat, type Wait } from '../kernel/wait.js';
import { type Link, type LinkOptions, newSession } from '../link/link.js';
import type { KeyRing, SigningKey } from '../passes/keys.js';
import type { Seals } from '../passes/seal.js';
import { inputOfBoard } from './board-input.js';
import { createCatalogueLink, createKioskSeals } from './catalogue-link.js';
import { logBoardEvent, logReaderEvent } from './device-log.js';
import { createDocumentStore, type DocumentStore } from './document-store.js';
import { createPinCheck, type PinCheck, performEffect } from './effects.js';
import { Kiosk, type KioskParts } from './kiosk.js';
import { createKioskMonitoring, type KioskMonitoring, type MonitoringPort } from './kiosk-monitoring.js';
import { createKioskScreen, type KioskScreen, type ScreenPort } from './kiosk-screen.js';
import { createReceiptWriter } from './receipts.js';
import { inputOfScan } from './scan-input.js';

/** The ports of a kiosk: everything outside its core that it is wired to. */
export interface KioskPorts {
  readonly config: Pick<Config, 'kiosk' | 'street' | 'link'>;
  readonly settings: Settings;
  /** The items in the lockers when the kiosk is put into service; used only while the journal is empty. */
  readonly firstStock?: Config['firstStock'];
  readonly clock: Clock;
  readonly log: Log;
  /** Open; closed with the kiosk. */
  readonly journal: Journal;
  /** The kiosk’s own key. */
  readonly key: SigningKey;
  /** The catalogues’ configured keys. */
  readonly roots: KeyRing;
  /** Ends the program so that the system starts it again. */
  restart(): void;
  /** Makes the boards of the cabinet. */
  boards(onEvent: (board: BoardId, event: BoardEvent) => void): CabinetBoards;
  /** Makes the reader; without it the kiosk has none. */
  reader?(onEvent: (event: ReaderEvent) => void): Reader;
  /** Without it the kiosk has no screen. */
  readonly screen?: ScreenPort;
  /** Without it the kiosk publishes no health and answers no requests. */
  readonly monitoring?: MonitoringPort;
  readonly backups?: Pick<Backups, 'start' | 'close'>;
  /** Overrides the machine’s timers. */
  readonly wait?: Wait;
  /** Overrides the connection to the broker. */
  readonly connect?: LinkOptions['connect'];
  /** Overrides the documents stored in the journal. */
  readonly documents?: DocumentStore;
  /** Overrides the seals that `key`, `roots` and the documents make. */
  readonly seals?: Seals;
  /** Overrides the comparison with the PINs of the documents. */
  readonly checkPin?: PinCheck;
  /** Overrides `limits.calendarEveryMs`. */
  readonly calendarEveryMs?: number;
  /** Wraps the shell's parts, for proofs that observe them or make them fail. */
  decorate?(parts: KioskParts): KioskParts;
}

/** A kiosk with all its parts, before and after its start. */
export interface WiredKiosk {
  readonly kiosk: Kiosk;
  readonly link: Link;
  readonly documents: DocumentStore;
  /** Null without a screen. The caller starts it, because only its start can fail. */
  readonly screen: KioskScreen | null;
  /** Starts the core, then the devices. To be called once. */
  start(): void;
  /** Stops the core, then all devices together, locks off; closes the journal last. */
  close(): Promise<void>;
}

/**
 * Wires one kiosk: the only place where core, journal, boards, reader, screen, link and monitoring are connected. Every
 * part uses only parts made before it; inputs wait in the kiosk’s queue until `start` has connected the effects.
 */
export function wireKiosk(ports: KioskPorts): WiredKiosk {
  const { config, settings, journal, clock, log, wait = realWait, key, roots, restart } = ports;
  recordFirstStock(ports);
  const kiosk = new Kiosk(initialState(settings, journal.load()));
  const submit = (input: Input) => kiosk.submit(input);
  const documents = ports.documents ?? createDocumentStore(journal, settings.policy, roots);
  const session = newSession();
  const receiptOf = createReceiptWriter(config.kiosk, key, journal);
  const screen = ports.screen
    ? createKioskScreen(ports.screen, { kiosk, documents, receiptOf, clock, wait })
    : null;
  const monitoring = ports.monitoring
    ? createKioskMonitoring(ports.monitoring, {
        ...{ kiosk, journal, documents, session, clock, log, wait },
        pages: () => screen?.pages() ?? 0,
        identify: () => screen?.identify(),
      })
    : null;
  const link = wireLink(ports, { documents, session, submit, screen, monitoring });
  const boards = ports.boards(createBoardHandler(ports, kiosk));
  const reader = ports.reader?.(createReaderHandler(ports, kiosk, documents, monitoring));
  const checkPin = ports.checkPin ?? createPinCheck(documents);
  const parts: KioskParts = {
    ...{ clock, log, wait, decide },
    append: (moment, events) => journal.append(moment, events),
    perform: (effect) => performEffect(effect, { boards, checkPin, link, submit, restart, log }),
    onStep(_state, _moment, journalGrew) {
      if (journalGrew) link.journalGrew();
      screen?.show();
      monitoring?.stateChanged();
    },
  };
  const backups = ports.backups;
  let periodicTasks: readonly Cancel[] = [];
  return {
    kiosk,
    link,
    documents,
    screen,
    start() {
      monitoring?.start(link);
      kiosk.start(ports.decorate?.(parts) ?? parts);
      submitInitialInputs(journal, documents, submit, log);
      link.start();
      boards.start();
      reader?.start();
      backups?.start();
      periodicTasks = startPeriodicTasks(ports, documents, submit);
    },
    async close() {
      for (const cancel of periodicTasks) cancel();
      monitoring?.close();
      kiosk.close();
      await Promise.all([reader, boards, link, screen, backups].map((device) => device?.close()));
      journal.close();
    },
  };
}

/** Records the configured first stock of a new kiosk; once the journal has events, the configuration is outdated. */
function recordFirstStock({ firstStock = [], journal, clock }: KioskPorts): void {
  if (firstStock.length === 0 || journal.failure() !== null) return;
  if (journal.lastPosition() > 0 || journal.load().lockers.size > 0) return;
  journal.append(
    clock.now(),
    firstStock.map(({ locker, item }) => ({ type: 'item-stocked', locker, item })),
  );
}

/** The parts of a kiosk that the link serves. */
interface LinkedParts {
  readonly documents: DocumentStore;
  readonly session: string;
  submit(input: Input): void;
  readonly screen: KioskScreen | null;
  readonly monitoring: KioskMonitoring | null;
}

function wireLink(ports: KioskPorts, { documents, session, submit, screen, monitoring }: LinkedParts): Link {
  const { config, journal, clock, log, wait = realWait, key, roots } = ports;
  return createCatalogueLink({
    config,
    journal,
    documents,
    session,
    clock,
    log,
    wait,
    submit,
    ...(ports.connect && { connect: ports.connect }),
    ...(monitoring?.listen && { listen: monitoring.listen }),
    seals: ports.seals ?? createKioskSeals(config, key, roots, documents),
    onDocument: () => screen?.show(),
    onOnline(online) {
      screen?.show();
      if (online) monitoring?.publishAll();
    },
    onRequest: (name, payload) => monitoring?.onRequest(name, payload) ?? null,
  });
}

/** Hands what a board reports to the core. */
function createBoardHandler({ log }: KioskPorts, kiosk: Kiosk): (board: BoardId, event: BoardEvent) => void {
  return (board, event) => {
    const input = inputOfBoard(board, event, kiosk.state.ledger);
    if (input) kiosk.submit(input);
    logBoardEvent(board, event, log);
  };
}

/** Makes the handler of reader events: submits scans, checked against the present documents, and logs. */
function createReaderHandler(
  { config, clock, log }: KioskPorts,
  kiosk: Kiosk,
  documents: DocumentStore,
  monitoring: KioskMonitoring | null,
): (event: ReaderEvent) => void {
  const cardOf = (card: string) => documents.cardOf(card);
  return (event) => {
    if (event.kind === 'scan') {
      const context = { kiosk: config.kiosk, keyRing: documents.keyRing(), moment: clock.now(), cardOf };
      kiosk.submit(inputOfScan(event.scan, context));
    }
    logReaderEvent(event, log);
    if (event.kind === 'ready' || event.kind === 'lost') monitoring?.readerChanged(event.kind);
  };
}

/** Submits what the core has to know before anything else: an unwritable journal, and the catalogue’s documents. */
function submitInitialInputs(
  journal: Journal,
  documents: DocumentStore,
  submit: (input: Input) => void,
  log: Log,
): void {
  const fault = journal.failure();
  if (fault) {
    log.error({ code: fault.code }, fault.message);
    submit({ kind: 'journal-failed' });
  }
  for (const input of documents.inputsFrom()) submit(input);
}

/** Starts the periodic tasks: reopening a failed journal, and ending holds by the calendar. */
function startPeriodicTasks(
  { journal, log, wait = realWait, calendarEveryMs = limits.calendarEveryMs }: KioskPorts,
  documents: DocumentStore,
  submit: (input: Input) => void,
): readonly Cancel[] {
  const stopRecovery = startRecovery({
    journal,
    log,
    wait,
    onRecovered(ledger) {
      submit({ kind: 'journal-recovered', ledger });
      // Decisions on documents received while the journal was unwritable had no effect.
      for (const input of documents.inputsFrom()) submit(input);
    },
  });
  return [stopRecovery, repeat(wait, calendarEveryMs, () => submit({ kind: 'time-passed' }))];
}
