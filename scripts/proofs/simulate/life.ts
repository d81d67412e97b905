import { decide, initialState } from '../../../src/circulation/decide.js';
import type { Event } from '../../../src/circulation/event.js';
import type { Effect, Input, Unlock } from '../../../src/circulation/input.js';
import type { Ledger } from '../../../src/circulation/ledger.js';
import { ledgerRules } from '../../../src/circulation/ledger-rules.js';
import { type Connection, openDatabase } from '../../../src/journal/database.js';
import type { Journal } from '../../../src/journal/journal.js';
import { journalOn } from '../../../src/journal/open.js';
import { startRecovery } from '../../../src/journal/recovery.js';
import { unreachable } from '../../../src/kernel/assert.js';
import { Fault } from '../../../src/kernel/faults.js';
import type { Clock, Moment } from '../../../src/kernel/time.js';
import type { VirtualTime } from '../../../src/kernel/virtual-time.js';
import type { Wait } from '../../../src/kernel/wait.js';
import { Kiosk, type KioskParts } from '../../../src/kiosk/kiosk.js';
import type { Link } from '../../../src/link/link.js';
import { createClock } from '../../../src/machine/clock.js';
import type { connectMqtt } from '../../../src/mqtt/connection.js';
import type { Cast } from './actors.js';
import { createMachineLink } from './machine-link.js';
import type { CutPoint } from './power-cut.js';
import type { WallClock } from './wall-clock.js';
import type { Breaker, CheckPin, Witness } from './witness.js';

/** Far less often than a real kiosk looks at its calendar: most stories have quiet days. */
const calendarMs = 15 * 60_000;
/** Stories are short, so acknowledged events are put away soon. */
const keepDays = 2;

/** What every life of a machine is made with. */
export interface LifeParts {
  readonly cast: Cast;
  readonly time: VirtualTime;
  readonly wall: WallClock;
  readonly witness: Witness;
  readonly breaker: Breaker;
  readonly connect: typeof connectMqtt;
  unlock(effect: Unlock): void;
  /** The catalogue wants the program to begin anew. */
  restart(): void;
  /** Looks whether a PIN is right, and says so a little later. */
  checkPin(effect: CheckPin): void;
}

/** What a life needs of its machine. */
interface Body {
  /** Waits as long as the life lasts. */
  readonly wait: Wait;
  /** Hands an input to the program, which may die of it. */
  submit(input: Input): void;
  /** Throws a `PowerCut` where the power is to be cut. */
  cutAt(point: CutPoint): void;
}

/** One life of the program: from its start on a journal's file until it dies. */
export class Life {
  readonly journal: Journal;
  readonly kiosk: Kiosk;
  readonly link: Link;
  /** The core it runs, perhaps broken. */
  readonly core: typeof decide;
  /** What time it believes it is. */
  readonly believes: () => Moment;
  /** The deadline the shell waits for, in virtual time; null while it waits for none. */
  wakesAtMs: number | null = null;
  /** Whether its journal cannot be written any more, noticed or not. */
  isSpoilt = false;
  /** When it began, or last got its journal back. */
  bornMs: number;
  readonly #db: Connection;

  constructor(
    readonly file: string,
    private readonly parts: LifeParts,
    private readonly body: Body,
    staff: (ledger: Ledger) => readonly Event[],
  ) {
    const { cast, time, wall, witness, breaker } = parts;
    this.bornMs = time.nowMs;
    this.#db = openDatabase(file);
    this.journal = journalOn(this.#db, { file, ...ledgerRules, warmUpRuns: 1, keepDays });
    const clock = createClock(this.journal.lastTrustedMs(), wall.sources);
    witness.booted(this.journal);
    this.#record(clock, staff(this.journal.load()));
    const broken = breaker.parts(this.#kioskParts(clock));
    this.core = broken.decide;
    this.believes = () => broken.clock.now();
    const initial = breaker.begin(initialState(cast.settings, this.journal.load()));
    this.kiosk = new Kiosk(initial, this.#watched(broken));
    this.link = this.#link(clock);
    witness.began(initial);
  }

  /** What the program does by itself: it calls the catalogue, and looks after its card and its calendar. */
  start(): void {
    const { kiosk, journal } = this;
    const { wait } = this.body;
    this.link.start();
    startRecovery({
      journal,
      log: this.#log(),
      wait,
      onRecovered: (ledger) => {
        this.isSpoilt = false;
        this.bornMs = this.parts.time.nowMs;
        kiosk.submit({ kind: 'journal-recovered', ledger });
      },
    });
    const tick = () => {
      wait(calendarMs, tick);
      kiosk.submit({ kind: 'time-passed' });
    };
    wait(calendarMs, tick);
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
    return this.parts.breaker.tidy(() => this.journal.housekeep());
  }

  /** A list from the catalogue is kept for offline use, if it can be. */
  keepList(): void {
    this.#asFarAsPossible(() => this.journal.saveDocument('simulated', 1, []));
  }

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

  #link(clock: Clock): Link {
    const { connect, witness, breaker } = this.parts;
    return createMachineLink({
      journal: this.journal,
      connect,
      wait: this.body.wait,
      log: this.#log(),
      witness,
      breaker,
      now: () => clock.now(),
      onReached: (online) => this.body.submit({ kind: 'online-changed', online }),
      epochBegan: () => witness.epochBegan(this.journal),
    });
  }

  #kioskParts(clock: Clock): Required<KioskParts> {
    const { witness, time } = this.parts;
    const { cutAt, wait } = this.body;
    return {
      decide,
      log: this.#log(),
      clock,
      append: (moment, events) => {
        cutAt('before-append');
        this.journal.append(moment, events);
        witness.appended(moment, events);
        cutAt('after-append');
      },
      perform: (effect) => {
        this.#perform(effect);
        cutAt('after-effect');
      },
      onStep: (state, moment, grew) => {
        if (grew) this.link.journalGrew();
        witness.stepped(state, moment);
      },
      wait: (waitMs, run) => {
        this.wakesAtMs = time.nowMs + waitMs;
        const cancel = wait(waitMs, run);
        return () => {
          this.wakesAtMs = null;
          cancel();
        };
      },
    };
  }

  #perform(effect: Effect): void {
    const { witness } = this.parts;
    switch (effect.kind) {
      case 'unlock':
        witness.unlocking(effect);
        this.parts.unlock(effect);
        return;
      case 'check-pin':
        witness.checkingPin(effect);
        this.parts.checkPin(effect);
        return;
      case 'answer':
        witness.answered(effect);
        return;
      case 'restart':
        this.parts.restart();
        return;
      default:
        unreachable(effect);
    }
  }

  /** Also a broken core is watched. */
  #watched(parts: Required<KioskParts>): KioskParts {
    return {
      ...parts,
      decide: (state, input, moment) => {
        this.body.cutAt('before-decide');
        const decision = parts.decide(state, input, moment);
        this.parts.witness.decided(state, input, moment, decision);
        return decision;
      },
    };
  }

  #log() {
    const tell = (fields: object) => this.parts.witness.logged(fields);
    return { debug: tell, info: tell, warn: tell, error: tell };
  }
}
