import type { BoardEvent } from '../../../firmware-bridge/board/index.js';
import type { Event } from '../../../src/circulation/event.js';
import type { Ledger } from '../../../src/circulation/ledger.js';
import { ledgerRules } from '../../../src/circulation/ledger-rules.js';
import { type Connection, openDatabase } from '../../../src/journal/database.js';
import type { Journal } from '../../../src/journal/journal.js';
import { journalOn } from '../../../src/journal/open.js';
import { assert } from '../../../src/kernel/assert.js';
import { Fault } from '../../../src/kernel/faults.js';
import type { BoardId } from '../../../src/kernel/ids.js';
import type { Log } from '../../../src/kernel/log.js';
import type { Clock } from '../../../src/kernel/time.js';
import type { VirtualTime } from '../../../src/kernel/virtual-time.js';
import type { Wait } from '../../../src/kernel/wait.js';
import type { DocumentStore } from '../../../src/kiosk/document-store.js';
import type { Kiosk, KioskParts } from '../../../src/kiosk/kiosk.js';
import { type KioskPorts, wireKiosk } from '../../../src/kiosk/wire-kiosk.js';
import { createClock } from '../../../src/machine/clock.js';
import type { connectMqtt } from '../../../src/mqtt/connection.js';
import { createKeyRing, generateSigningKey } from '../../../src/passes/keys.js';
import type { Seals } from '../../../src/passes/seal.js';
import { overriding } from '../support/stand-ins.js';
import { type Actors, kiosk } from './actors.js';
import { street } from './catalogue-model.js';
import type { Breaker, Observer } from './check.js';
import type { WallClock } from './wall-clock.js';

/** Where the power may be cut within a step. */
export const cutPoints = ['before-decide', 'before-append', 'after-append', 'after-effect'] as const;
export type CutPoint = (typeof cutPoints)[number];

/** Thrown through the shell when the power is cut: nothing after it happens. */
export class PowerCut extends Error {}

/** Far less often than a real kiosk looks at its calendar: most runs have quiet days. */
const calendarEveryMs = 15 * 60_000;
/** Runs are short, so acknowledged events are put away soon. */
const keepDays = 2;
const [key, roots] = [generateSigningKey(), createKeyRing([])];
/** Signing takes longer than everything else in a run; who could forge what is tested elsewhere. */
const plainText: Seals = {
  seal: (_topic, text) => Buffer.from(text),
  open: (_topic, sealed) => sealed,
};
/** The catalogue’s documents come as inputs; how a kiosk stores them is tested elsewhere. */
const noDocuments: DocumentStore = {
  titleOf: () => null,
  cardOf: () => null,
  pinOf: () => null,
  presence: () => null,
  keyRing: () => roots,
  versions: () => ({}),
  inputsFrom: () => [],
  update: () => false,
};

/** What every run of the program is made with. */
export interface ProgramParts extends Pick<KioskPorts, 'restart'> {
  readonly actors: Actors;
  readonly time: VirtualTime;
  readonly wall: WallClock;
  readonly observer: Observer;
  readonly breaker: Breaker;
  readonly connect: typeof connectMqtt;
  readonly unlock: ReturnType<KioskPorts['boards']>['unlock'];
  readonly checkPin: NonNullable<KioskPorts['checkPin']>;
}

/** What the program needs of its machine. */
interface ProgramHost {
  /** Waits until the program ends. */
  readonly wait: Wait;
  /** Runs something of the program, which may die of it; nothing once it is dead. */
  run(work: () => void): void;
  /** Throws a `PowerCut` where the power is to be cut. */
  cutAt(point: CutPoint): void;
}

/** One run of the kiosk’s program: from its start on a journal's file until it dies. */
export class KioskProgram {
  readonly journal: Journal;
  readonly kiosk: Kiosk;
  /** The deadline the shell waits for, in virtual time; null while it waits for none. */
  wakesAtMs: number | null = null;
  /** Whether its journal cannot be written any more, noticed or not. */
  isJournalBroken = false;
  /** When it began, or last got its journal back. */
  startedMs: number;
  readonly start: () => void;
  readonly #db: Connection;
  readonly #ports: KioskPorts;
  #shell: KioskParts | null = null;
  #onBoardEvent: Parameters<KioskPorts['boards']>[0] = () => undefined;

  constructor(
    readonly file: string,
    private readonly parts: ProgramParts,
    private readonly host: ProgramHost,
    staff: (ledger: Ledger) => readonly Event[],
  ) {
    const { time, wall, observer, breaker } = parts;
    this.startedMs = time.nowMs;
    this.#db = openDatabase(file);
    this.journal = journalOn(this.#db, { file, ...ledgerRules, warmUpRuns: 1, keepDays });
    const clock = createClock(() => this.journal.lastTrustedMs(), wall.sources);
    observer.booted(this.journal);
    this.#record(clock, staff(this.journal.load()));
    this.#ports = breaker.ports(this.#soundPorts(clock));
    const wired = wireKiosk(this.#ports);
    this.kiosk = wired.kiosk;
    this.start = () => wired.start();
    observer.began(this.kiosk.state);
  }

  /** What its shell runs with, perhaps broken; once it has started. */
  get shell(): KioskParts {
    assert(this.#shell !== null, 'the program has started');
    return this.#shell;
  }

  receive(board: BoardId, event: BoardEvent): void {
    this.#onBoardEvent(board, event);
  }

  /** From now on the journal cannot be written, until the program opens it anew. */
  breakJournal(how: 'full' | 'read-only'): void {
    // After a recovery the program has another connection.
    if (!this.#db.open) return;
    this.isJournalBroken = true;
    if (how === 'read-only') this.#db.pragma('query_only = ON');
    else this.#db.pragma('max_page_count = 1');
  }

  /** The journal does a piece of its housekeeping; true while there is more. */
  tidy(): boolean {
    return this.#ports.journal.housekeep();
  }

  /** A list from the catalogue is kept for offline use, if it can be. */
  keepList(): void {
    this.#asFarAsPossible(() => this.journal.saveDocument('simulated', 1, []));
  }

  close(): void {
    this.kiosk.close();
    this.#asFarAsPossible(() => this.journal.close());
  }

  #asFarAsPossible(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
  }

  #record(clock: Clock, events: readonly Event[]): void {
    if (events.length === 0) return;
    const moment = clock.now();
    this.journal.append(moment, events);
    this.parts.observer.appended(moment, events);
  }

  #soundPorts(clock: Clock): KioskPorts {
    const { actors, connect, unlock, checkPin, restart } = this.parts;
    const { run, wait } = this.host;
    return {
      config: { kiosk, street, link: { brokerUrl: 'mqtt://simulated' } },
      settings: actors.settings,
      ...{ clock, wait, key, roots, restart, calendarEveryMs },
      log: this.#log(),
      journal: this.#watchedJournal(),
      boards: (onEvent) => {
        this.#onBoardEvent = onEvent;
        return { start: () => undefined, unlock, close: async () => undefined };
      },
      connect: (options) =>
        connect({
          ...options,
          onOnline: (online) => run(() => options.onOnline(online)),
          onMessage: (...message) => run(() => options.onMessage(...message)),
        }),
      documents: noDocuments,
      seals: plainText,
      checkPin: (entered, report) => checkPin(entered, (isRight) => run(() => report(isRight))),
      decorate: (parts) => this.#decorated(parts),
    };
  }

  /** The same journal, whose observer gets what the link does with it. */
  #watchedJournal(): Journal {
    const { journal } = this;
    const { observer, time } = this.parts;
    return overriding(journal, {
      markSent(position) {
        journal.markSent(position);
        observer.marked(journal.epoch, position);
      },
      beginEpoch(moment, known) {
        journal.beginEpoch(moment, known);
        observer.epochBegan(journal);
      },
      recover: () => {
        const ledger = journal.recover();
        this.isJournalBroken = false;
        this.startedMs = time.nowMs;
        return ledger;
      },
    });
  }

  /** The shell with its observer, broken where the variant breaks it; also a broken core is watched. */
  #decorated(sound: KioskParts): KioskParts {
    const { observer, breaker } = this.parts;
    const { cutAt } = this.host;
    const broken = breaker.parts(this.#watchedShell(sound));
    this.#shell = broken;
    return {
      ...broken,
      decide(state, input, moment) {
        cutAt('before-decide');
        const decision = broken.decide(state, input, moment);
        observer.decided(state, input, moment, decision);
        return decision;
      },
    };
  }

  #watchedShell(parts: KioskParts): KioskParts {
    const { observer, time } = this.parts;
    const { cutAt } = this.host;
    return {
      ...parts,
      append(moment, events) {
        cutAt('before-append');
        parts.append(moment, events);
        observer.appended(moment, events);
        cutAt('after-append');
      },
      perform(effect) {
        observer.performing(effect);
        parts.perform(effect);
        cutAt('after-effect');
      },
      onStep(state, moment, grew) {
        parts.onStep(state, moment, grew);
        observer.stepped(state, moment);
      },
      wait: (waitMs, run) => {
        this.wakesAtMs = time.nowMs + waitMs;
        const cancel = parts.wait(waitMs, run);
        return () => {
          this.wakesAtMs = null;
          cancel();
        };
      },
    };
  }

  #log(): Log {
    const { observer } = this.parts;
    const write = (fields: object) => observer.logged(fields);
    return { debug: write, info: write, warn: write, error: write };
  }
}
