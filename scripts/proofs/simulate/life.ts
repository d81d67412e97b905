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
import type { Breaker, Observer } from './observer.js';
import type { CutPoint } from './power-cut.js';
import type { WallClock } from './wall-clock.js';

/** Far less often than a real kiosk looks at its calendar: most stories have quiet days. */
const calendarEveryMs = 15 * 60_000;
/** Stories are short, so acknowledged events are put away soon. */
const keepDays = 2;
const [key, roots] = [generateSigningKey(), createKeyRing([])];
/** Signing takes longer than everything else in a story; who could forge what is tested elsewhere. */
const plainText: Seals = {
  seal: (_topic, text) => Buffer.from(text),
  open: (_topic, sealed) => sealed,
};
/** What the catalogue tells comes as inputs; what a kiosk keeps of it is tested elsewhere. */
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

/** What every life of a machine is made with. */
export interface LifeParts extends Pick<KioskPorts, 'restart'> {
  readonly cast: Actors;
  readonly time: VirtualTime;
  readonly wall: WallClock;
  readonly witness: Observer;
  readonly breaker: Breaker;
  readonly connect: typeof connectMqtt;
  readonly unlock: ReturnType<KioskPorts['boards']>['unlock'];
  readonly checkPin: NonNullable<KioskPorts['checkPin']>;
}

/** What a life needs of its machine. */
interface Body {
  /** Waits as long as the life lasts. */
  readonly wait: Wait;
  /** Runs something of the program, which may die of it; nothing once it is dead. */
  run(work: () => void): void;
  /** Throws a `PowerCut` where the power is to be cut. */
  cutAt(point: CutPoint): void;
}

/** One life of the program: from its start on a journal's file until it dies. */
export class Life {
  readonly journal: Journal;
  readonly kiosk: Kiosk;
  /** The deadline the shell waits for, in virtual time; null while it waits for none. */
  wakesAtMs: number | null = null;
  /** Whether its journal cannot be written any more, noticed or not. */
  isSpoilt = false;
  /** When it began, or last got its journal back. */
  bornMs: number;
  /** Puts the program into service. */
  readonly start: () => void;
  readonly #db: Connection;
  readonly #ports: KioskPorts;
  #shell: KioskParts | null = null;
  #onBoardEvent: Parameters<KioskPorts['boards']>[0] = () => undefined;

  constructor(
    readonly file: string,
    private readonly parts: LifeParts,
    private readonly body: Body,
    staff: (ledger: Ledger) => readonly Event[],
  ) {
    const { time, wall, witness, breaker } = parts;
    this.bornMs = time.nowMs;
    this.#db = openDatabase(file);
    this.journal = journalOn(this.#db, { file, ...ledgerRules, warmUpRuns: 1, keepDays });
    const clock = createClock(this.journal.lastTrustedMs(), wall.sources);
    witness.booted(this.journal);
    this.#record(clock, staff(this.journal.load()));
    this.#ports = breaker.ports(this.#soundPorts(clock));
    const wired = wireKiosk(this.#ports);
    this.kiosk = wired.kiosk;
    this.start = () => wired.start();
    witness.began(this.kiosk.state);
  }

  /** What its shell runs with, perhaps broken; once it has started. */
  get shell(): KioskParts {
    assert(this.#shell !== null, 'the program has started');
    return this.#shell;
  }

  /** A board reports. */
  hear(board: BoardId, event: BoardEvent): void {
    this.#onBoardEvent(board, event);
  }

  /** From now on the journal cannot be written, until the program opens it anew. */
  spoilJournal(how: 'full' | 'read-only'): void {
    // After a recovery the program has another connection.
    if (!this.#db.open) return;
    this.isSpoilt = true;
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

  /** The process is gone, and lets go of its file. */
  close(): void {
    this.kiosk.close();
    this.#asFarAsPossible(() => this.journal.close());
  }

  /** A card that cannot be written is among the faults. */
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
    this.parts.witness.appended(moment, events);
  }

  #soundPorts(clock: Clock): KioskPorts {
    const { cast, connect, unlock, checkPin, restart } = this.parts;
    const { run, wait } = this.body;
    return {
      config: { kiosk, street, link: { brokerUrl: 'mqtt://simulated' } },
      settings: cast.settings,
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

  /** The same journal, of which the witness is told what the link does with it. */
  #watchedJournal(): Journal {
    const { journal } = this;
    const { witness, time } = this.parts;
    return overriding(journal, {
      markSent(position) {
        journal.markSent(position);
        witness.marked(journal.epoch, position);
      },
      beginEpoch(moment, known) {
        journal.beginEpoch(moment, known);
        witness.epochBegan(journal);
      },
      recover: () => {
        const ledger = journal.recover();
        this.isSpoilt = false;
        this.bornMs = time.nowMs;
        return ledger;
      },
    });
  }

  /** The shell with its witness, broken where the variant breaks it; also a broken core is watched. */
  #decorated(sound: KioskParts): KioskParts {
    const { witness, breaker } = this.parts;
    const { cutAt } = this.body;
    const broken = breaker.parts(this.#watchedShell(sound));
    this.#shell = broken;
    return {
      ...broken,
      decide(state, input, moment) {
        cutAt('before-decide');
        const decision = broken.decide(state, input, moment);
        witness.decided(state, input, moment, decision);
        return decision;
      },
    };
  }

  #watchedShell(parts: KioskParts): KioskParts {
    const { witness, time } = this.parts;
    const { cutAt } = this.body;
    return {
      ...parts,
      append(moment, events) {
        cutAt('before-append');
        parts.append(moment, events);
        witness.appended(moment, events);
        cutAt('after-append');
      },
      perform(effect) {
        witness.performing(effect);
        parts.perform(effect);
        cutAt('after-effect');
      },
      onStep(state, moment, grew) {
        parts.onStep(state, moment, grew);
        witness.stepped(state, moment);
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
    const { witness } = this.parts;
    const tell = (fields: object) => witness.logged(fields);
    return { debug: tell, info: tell, warn: tell, error: tell };
  }
}
