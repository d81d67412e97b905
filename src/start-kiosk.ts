import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type BoardEvent, createLockerBoard } from '../firmware-bridge/board/index.js';
import { createReader, type ReaderEvent } from '../firmware-bridge/reader/reader.js';
import { initialState } from './circulation/decide.js';
import type { Input } from './circulation/input.js';
import { applyEvent, changesOf, lockerOf } from './circulation/ledger.js';
import type { State, Waits } from './circulation/state.js';
import { createClock } from './clock.js';
import type { Config } from './config/config.js';
import { type Journal, openJournal } from './journal/journal.js';
import { unreachable } from './kernel/assert.js';
import type { Log } from './kernel/log.js';
import type { Clock, Moment } from './kernel/time.js';
import { createKiosk, type Kiosk } from './kiosk.js';
import { createLink } from './link/link.js';
import { createKeyRing, loadVerifyingKey } from './passes/keys.js';
import { rehearseVerification } from './passes/rehearsal.js';
import { inputOf } from './scan-input.js';
import { createScreen } from './screen/server.js';
import { viewOf } from './screen/view.js';
import { createShelfTitles } from './shelf-titles.js';

/** A kiosk in service. */
export interface RunningKiosk {
  readonly screenUrl: string;
  /** Locks off, journal closed, ports closed; each part within `limits.stopMs`. */
  close(): Promise<void>;
}

/** Opens the journal in `dataFolder`, made where missing; throws `journal.busy` when another kiosk process has it. */
export function openKioskJournal(dataFolder: string): Journal {
  mkdirSync(dataFolder, { recursive: true });
  return openJournal({ file: join(dataFolder, 'journal.db'), changesOf, applyEvent });
}

/**
 * Wires one kiosk together: reader, board, screen and link around the core, on an open journal.
 * Rejects with a Fault when the screen's port is taken; everything else is waited for and reconnected for ever.
 */
export async function startKiosk(config: Config, journal: Journal, log: Log): Promise<RunningKiosk> {
  const clock = createClock(journal.lastTrustedMs());
  stockOnce(config, journal, clock);
  const keyRing = createKeyRing(config.passKeys.map(loadVerifyingKey));
  const titles = createShelfTitles(journal);
  const lockers = config.cabinet.lockers.map(({ locker }) => locker);

  const kiosk = createKiosk(
    initialState({ lockers, policy: config.policy, waits: waitsOf(config.waits) }, journal.load()),
    {
      clock,
      log,
      append: (moment, events) => journal.append(moment, events),
      perform: (effect) => board.unlock(effect.locker, effect.visit & 0xffff),
      onStep(state, moment, grew) {
        if (grew) link.journalGrew();
        show(state, moment);
      },
    },
  );
  const show = (state: State, moment: Moment) =>
    screen.show(
      viewOf(state, {
        kiosk: { id: config.kiosk, name: config.name },
        titleOf: titles.titleOf,
        online: link.online,
        moment,
      }),
    );
  const showAgain = () => show(kiosk.state, clock.now());

  const screen = createScreen({
    port: config.screen.port,
    host: '127.0.0.1',
    kiosk: config.kiosk,
    wechatUrl: config.screen.wechatUrl,
    log,
    onIntent: (intent) =>
      kiosk.submit(
        intent.kind === 'cancel' ? { kind: 'cancelled' } : { kind: 'locker-chosen', locker: intent.locker },
      ),
  });
  const link = createLink({
    url: config.link.brokerUrl,
    street: config.street,
    kiosk: config.kiosk,
    journal,
    log,
    onHoldings(holdings) {
      titles.keep(holdings);
      showAgain();
    },
    onOnline: showAgain,
  });
  const board = createLockerBoard({
    path: config.board.port,
    cabinet: config.cabinet,
    log,
    onEvent(event) {
      const input = inputOfBoard(event, kiosk, log);
      if (input) kiosk.submit(input);
    },
  });
  const reader = createReader({
    path: config.reader.port,
    baudRate: config.reader.baudRate,
    kiosk: config.kiosk,
    lockers,
    log,
    onEvent(event) {
      if (event.kind === 'scan') kiosk.submit(inputOf(event.scan, keyRing, clock.now()));
      else reportReader(event, log);
    },
  });

  rehearseVerification();
  const { url } = await screen.start();
  showAgain();
  link.start();
  board.start();
  reader.start();
  log.info({ kiosk: config.kiosk, position: journal.lastPosition(), screen: url }, 'kiosk started');

  return {
    screenUrl: url,
    async close() {
      kiosk.close();
      await Promise.all([reader.close(), board.close(), link.close(), screen.close()]);
      journal.close();
      log.info({}, 'kiosk stopped');
    },
  };
}

function waitsOf({ visitIdleMs, doorOpenMs, doorCloseMs, farewellMs }: Config['waits']): Waits {
  return { visitIdle: visitIdleMs, doorOpen: doorOpenMs, doorClose: doorCloseMs, farewell: farewellMs };
}

/** Puts the first stock of a new kiosk on record; a journal that has begun knows better than the configuration. */
function stockOnce(config: Config, journal: Journal, clock: Clock): void {
  if (journal.lastPosition() > 0 || config.firstStock.length === 0) return;
  journal.append(
    clock.now(),
    config.firstStock.map(({ locker, item }) => ({ type: 'item-stocked', locker, item })),
  );
}

/** What the board reports, as the core sees it; null for what only the log wants to know. */
function inputOfBoard(event: BoardEvent, kiosk: Kiosk, log: Log): Input | null {
  switch (event.kind) {
    case 'ready':
      log.info({ firmware: event.firmware, bootId: event.bootId }, 'board ready');
      return { kind: 'board-ready', doors: event.doors, lastPulse: event.lastPulse };
    case 'lost':
      log.warn({ code: event.fault.code }, event.fault.message);
      return { kind: 'board-lost' };
    case 'door':
      return { kind: 'door', locker: event.locker, door: event.door };
    case 'pulse': {
      log.info({ locker: event.locker, ...event.outcome }, 'lock pulse');
      const { intent } = lockerOf(kiosk.state.ledger, event.locker);
      const isOurs = intent !== null && (intent.visit & 0xffff) === event.tag;
      if (event.outcome.kind !== 'refused' || !isOurs) return null;
      return { kind: 'lock-refused', locker: event.locker, visit: intent.visit };
    }
    case 'noise':
      log.warn({ code: 'board.noise', discardedBytes: event.discardedBytes }, 'noise from the board');
      return null;
    default:
      return unreachable(event);
  }
}

function reportReader(event: Exclude<ReaderEvent, { kind: 'scan' }>, log: Log): void {
  switch (event.kind) {
    case 'ready':
      log.info({}, 'reader ready');
      return;
    case 'lost':
      log.warn({ code: event.fault.code }, event.fault.message);
      return;
    case 'noise':
      log.warn({ code: 'reader.noise', discardedBytes: event.discardedBytes }, 'noise from the reader');
      return;
    default:
      unreachable(event);
  }
}
