import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { decide, initialState } from '../../src/circulation/decide.js';
import type { Event } from '../../src/circulation/event.js';
import type { Effect, Input, Unlock } from '../../src/circulation/input.js';
import type { Ledger } from '../../src/circulation/ledger.js';
import { ledgerRules } from '../../src/circulation/ledger-rules.js';
import type { State } from '../../src/circulation/state.js';
import { createClock } from '../../src/clock.js';
import { type Connection, openDatabase } from '../../src/journal/database.js';
import { type Journal, journalOn } from '../../src/journal/journal.js';
import { watchJournal } from '../../src/journal/recovery.js';
import { assert, unreachable } from '../../src/kernel/assert.js';
import { Fault } from '../../src/kernel/faults.js';
import type { Clock, Moment } from '../../src/kernel/time.js';
import type { Wait } from '../../src/kernel/wait.js';
import { Kiosk, type KioskParts } from '../../src/kiosk.js';
import type { connectMqtt } from '../../src/link/connect.js';
import type { Link } from '../../src/link/link.js';
import type { Cast } from './cast.js';
import { createMachineLink } from './machine-link.js';
import type { VirtualTime } from './virtual-time.js';
import type { WallClock } from './wall-clock.js';
import type { Breaker, CheckPin, Witness } from './witness.js';

/** Where the power may be cut within a step. */
export const cutPoints = ['before-decide', 'before-append', 'after-append', 'after-effect'] as const;
export type CutPoint = (typeof cutPoints)[number];

/** Far less often than a real kiosk looks at its calendar: most stories have quiet days. */
const calendarMs = 15 * 60_000;
/** Stories are short, so acknowledged events are put away soon. */
const keepDays = 2;

/** Thrown through the shell when the power is cut: nothing after it happens. */
export class PowerCut extends Error {}

/** What a machine is made with. */
export interface MachineParts {
  readonly cast: Cast;
  readonly time: VirtualTime;
  readonly wall: WallClock;
  /** Where its journals are kept; each life has a file of its own, a copy of the last one’s. */
  readonly folder: string;
  readonly witness: Witness;
  readonly breaker: Breaker;
  readonly connect: typeof connectMqtt;
  unlock(effect: Unlock): void;
  /** Looks whether a PIN is right, and says so a little later. */
  checkPin(effect: CheckPin): void;
  /** The process died within a step. */
  died(): void;
}

/** One life of the program. */
interface Life {
  readonly file: string;
  readonly db: Connection;
  readonly journal: Journal;
  readonly kiosk: Kiosk;
  /** The core it runs, perhaps broken. */
  readonly core: typeof decide;
  /** What time it believes it is. */
  readonly believes: () => Moment;
  readonly link: Link;
  /** The deadline the shell waits for, in virtual time; null while it waits for none. */
  wakesAtMs: number | null;
}

/** The computer of the kiosk: real core, real shell, real journal on a real file; it can die at any point. */
export class Machine {
  #life: Life | null = null;
  #lives = 0;
  #cut: CutPoint | null = null;
  #isSpoilt = false;
  #bornMs = 0;
  readonly #firstFile: string;

  constructor(private readonly parts: MachineParts) {
    this.#firstFile = join(parts.folder, 'journal-0.db');
  }

  get isOn(): boolean {
    return this.#life !== null;
  }

  /** Whether the journal of this life cannot be written any more, noticed or not. */
  get isSpoilt(): boolean {
    return this.#isSpoilt;
  }

  get life(): Life {
    assert(this.#life !== null, 'the machine is on');
    return this.#life;
  }

  get state(): State {
    return this.life.kiosk.state;
  }

  /** The next step that comes to `point` ends there. */
  armCut(point: CutPoint): void {
    this.#cut = point;
  }

  /** When the program that runs now began, or last got its journal back. */
  get bornMs(): number {
    return this.#bornMs;
  }

  /** How often the program has died. */
  get lives(): number {
    return this.#lives;
  }

  disarm(): void {
    this.#cut = null;
  }

  /** Starts the program on what the last life left behind, and on what staff put on record meanwhile. */
  boot(staff: (ledger: Ledger) => readonly Event[] = () => []): void {
    const { cast, wall, folder, witness, breaker } = this.parts;
    const file = this.#lives === 0 ? this.#firstFile : join(folder, `journal-${this.#lives}.db`);
    const db = openDatabase(file);
    const journal = journalOn(db, { file, ...ledgerRules, rehearsals: 1, keepDays });
    const clock = createClock(journal.lastTrustedMs(), wall.sources);
    witness.booted(journal);
    this.#bornMs = this.parts.time.nowMs;
    const events = staff(journal.load());
    if (events.length > 0) {
      const moment = clock.now();
      journal.append(moment, events);
      witness.appended(moment, events);
    }
    const initial = breaker.begin(initialState(cast.settings, journal.load()));
    const kioskParts = breaker.parts(this.#kioskParts(clock));
    const kiosk = new Kiosk(initial, this.#watched(kioskParts));
    const { connect } = this.parts;
    const link = createMachineLink({
      journal,
      connect,
      wait: this.#wait,
      log: this.#log(),
      witness,
      breaker,
      now: () => clock.now(),
      onReached: (online) => this.submit({ kind: 'catalogue-reached', online }),
      epochBegan: () => this.parts.witness.epochBegan(journal),
    });
    this.#life = {
      file,
      db,
      journal,
      kiosk,
      core: kioskParts.decide,
      believes: () => kioskParts.clock.now(),
      link,
      wakesAtMs: null,
    };
    this.#life.link.start();
    this.#watch(journal, kiosk);
    witness.began(initial);
  }

  /** Hands one input to the program; nobody hears it while the machine is off. */
  submit(input: Input): void {
    if (!this.#life) return;
    this.#alive(() => this.life.kiosk.submit(input));
  }

  /** Runs something of the program, which may die of it. */
  #alive(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      this.die();
      this.parts.died();
    }
  }

  /** The process ends here and now; its files stay as they are. */
  die(): void {
    const { file } = this.life;
    this.#lives += 1;
    const next = join(this.parts.folder, `journal-${this.#lives}.db`);
    // Before the file is closed, which would tidy it.
    for (const part of ['', '-wal']) if (existsSync(file + part)) copyFileSync(file + part, next + part);
    this.close();
    for (const part of ['', '-wal', '-shm']) rmSync(file + part, { force: true });
  }

  /** Lets go of everything; may be called again. */
  close(): void {
    const life = this.#life;
    this.#life = null;
    this.#cut = null;
    this.#isSpoilt = false;
    life?.kiosk.close();
    try {
      life?.journal.close();
    } catch (error) {
      // A card that cannot be written is among the faults.
      if (!(error instanceof Fault)) throw error;
    }
  }

  /** What the program does by itself: it looks after its card and its calendar. */
  #watch(journal: Journal, kiosk: Kiosk): void {
    watchJournal({
      journal,
      log: this.#log(),
      wait: this.#wait,
      onRecovered: (ledger) => {
        this.#isSpoilt = false;
        this.#bornMs = this.parts.time.nowMs;
        kiosk.submit({ kind: 'journal-recovered', ledger });
      },
    });
    const tick = () => {
      this.#wait(calendarMs, tick);
      kiosk.submit({ kind: 'time-passed' });
    };
    this.#wait(calendarMs, tick);
  }

  /** Waits as long as this life lasts. */
  readonly #wait: Wait = (waitMs, run) => {
    const lives = this.#lives;
    return this.parts.time.after(waitMs, () => {
      if (this.#life && this.#lives === lives) this.#alive(run);
    });
  };

  /** From now on the journal cannot be written. */
  spoilJournal(how: 'full' | 'read-only'): void {
    const { db } = this.life;
    // After a recovery the program has another connection.
    if (!db.open) return;
    this.#isSpoilt = true;
    if (how === 'read-only') db.pragma('query_only = ON');
    else db.pragma('max_page_count = 1');
  }

  #cutAt(point: CutPoint): void {
    if (this.#cut !== point) return;
    throw new PowerCut(point);
  }

  #kioskParts(clock: Clock): Required<KioskParts> {
    const { witness, time } = this.parts;
    return {
      decide,
      log: this.#log(),
      clock,
      append: (moment, events) => {
        this.#cutAt('before-append');
        this.life.journal.append(moment, events);
        witness.appended(moment, events);
        this.#cutAt('after-append');
      },
      perform: (effect) => {
        this.#perform(effect);
        this.#cutAt('after-effect');
      },
      onStep: (state, moment, grew) => {
        if (grew) this.life.link.journalGrew();
        witness.stepped(state, moment);
      },
      wait: (waitMs, run) => {
        const { life } = this;
        life.wakesAtMs = time.nowMs + waitMs;
        const cancel = this.#wait(waitMs, run);
        return () => {
          life.wakesAtMs = null;
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
      default:
        unreachable(effect);
    }
  }

  /** Also a broken core is watched. */
  #watched(parts: Required<KioskParts>): KioskParts {
    return {
      ...parts,
      decide: (state, input, moment) => {
        this.#cutAt('before-decide');
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
