import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { decide, initialState } from '../../src/circulation/decide.js';
import type { Decision } from '../../src/circulation/decision.js';
import type { Event } from '../../src/circulation/event.js';
import type { Effect, Input } from '../../src/circulation/input.js';
import type { Ledger } from '../../src/circulation/ledger.js';
import { ledgerRules } from '../../src/circulation/ledger-rules.js';
import type { State } from '../../src/circulation/state.js';
import { createClock } from '../../src/clock.js';
import { type Connection, openDatabase } from '../../src/journal/database.js';
import { type Journal, journalOn } from '../../src/journal/journal.js';
import { assert } from '../../src/kernel/assert.js';
import type { Epoch } from '../../src/kernel/ids.js';
import type { Clock, Moment } from '../../src/kernel/time.js';
import type { Wait } from '../../src/kernel/wait.js';
import { Kiosk, type KioskParts } from '../../src/kiosk.js';
import type { connectMqtt } from '../../src/link/connect.js';
import { createLink, type JournalSource, type Link, type LinkOptions } from '../../src/link/link.js';
import { type Cast, kiosk as kioskName } from './cast.js';
import { street } from './catalogue-model.js';
import type { VirtualTime } from './virtual-time.js';
import type { WallClock } from './wall-clock.js';

/** Where the power may be cut within a step. */
export const cutPoints = ['before-decide', 'before-append', 'after-append', 'after-effect'] as const;
export type CutPoint = (typeof cutPoints)[number];

/** Thrown through the shell when the power is cut: nothing after it happens. */
export class PowerCut extends Error {}

/** Those who watch a kiosk from outside; each is told at once. */
export interface Witness {
  decided(before: State, input: Input, moment: Moment, decision: Decision): void;
  /** The events are durable, whatever happens next. */
  appended(moment: Moment, events: readonly Event[]): void;
  unlocking(effect: Effect): void;
  stepped(state: State, moment: Moment): void;
  /** The journal was opened, as the last life left it. */
  booted(journal: Journal): void;
  /** The program begins, and knows nothing else. */
  began(state: State): void;
  /** The link moved the mark up to which the catalogue has stored the journal. */
  marked(epoch: Epoch, position: number): void;
  logged(fields: object): void;
}

/** Breaks a kiosk on purpose, from outside. */
export interface Breaker {
  parts(parts: Required<KioskParts>): Required<KioskParts>;
  /** What the program believes when it begins. */
  begin(state: State): State;
  link(options: LinkOptions): LinkOptions;
}

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
  unlock(effect: Effect): void;
  /** The process died within a step. */
  died(): void;
}

/** One life of the program. */
interface Life {
  readonly file: string;
  readonly db: Connection;
  readonly journal: Journal;
  readonly kiosk: Kiosk;
  readonly clock: Clock;
  readonly link: Link;
  /** The deadline the shell waits for, in virtual time; null while it waits for none. */
  wakesAtMs: number | null;
}

/** The computer of the kiosk: real core, real shell, real journal on a real file; it can die at any point. */
export class Machine {
  #life: Life | null = null;
  #lives = 0;
  #cut: CutPoint | null = null;
  readonly #firstFile: string;

  constructor(private readonly parts: MachineParts) {
    this.#firstFile = join(parts.folder, 'journal-0.db');
  }

  get isOn(): boolean {
    return this.#life !== null;
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

  disarm(): void {
    this.#cut = null;
  }

  /** Starts the program on what the last life left behind, and on what staff put on record meanwhile. */
  boot(staff: (ledger: Ledger) => readonly Event[] = () => []): void {
    const { cast, wall, folder, witness } = this.parts;
    const file = this.#lives === 0 ? this.#firstFile : join(folder, `journal-${this.#lives}.db`);
    const db = openDatabase(file);
    const journal = journalOn(db, { file, ...ledgerRules });
    const clock = createClock(journal.lastTrustedMs(), wall.sources);
    witness.booted(journal);
    const events = staff(journal.load());
    if (events.length > 0) {
      const moment = clock.now();
      journal.append(moment, events);
      witness.appended(moment, events);
    }
    const initial = this.parts.breaker.begin(initialState(cast.settings, journal.load()));
    const kiosk = new Kiosk(initial, this.#watched(this.parts.breaker.parts(this.#kioskParts(clock))));
    this.#life = { file, db, journal, kiosk, clock, link: this.#link(journal), wakesAtMs: null };
    this.#life.link.start();
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
    const { file, kiosk, journal } = this.life;
    this.#life = null;
    this.#cut = null;
    this.#lives += 1;
    kiosk.close();
    const next = join(this.parts.folder, `journal-${this.#lives}.db`);
    // Before the file is closed, which would tidy it.
    for (const part of ['', '-wal']) if (existsSync(file + part)) copyFileSync(file + part, next + part);
    journal.close();
    for (const part of ['', '-wal', '-shm']) rmSync(file + part, { force: true });
  }

  /** Waits as long as this life lasts. */
  readonly #wait: Wait = (waitMs, run) => {
    const lives = this.#lives;
    return this.parts.time.after(waitMs, () => {
      if (this.#life && this.#lives === lives) this.#alive(run);
    });
  };

  #link(journal: Journal): Link {
    const { connect, witness, breaker } = this.parts;
    const source: JournalSource = {
      get epoch() {
        return journal.epoch;
      },
      lastPosition: () => journal.lastPosition(),
      sentMark: () => journal.sentMark(),
      foldedTo: () => journal.foldedTo(),
      read: (from, count) => journal.read(from, count),
      markSent(position) {
        journal.markSent(position);
        witness.marked(journal.epoch, position);
      },
    };
    return createLink(
      breaker.link({
        url: 'mqtt://simulated',
        street,
        kiosk: kioskName,
        journal: source,
        log: this.#log(),
        onHoldings: () => undefined,
        onOnline: () => undefined,
        onEpochOver: (_why, known) => journal.beginEpoch(this.life.clock.now(), known),
        connect,
        wait: this.#wait,
      }),
    );
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
      clock: {
        now: () => {
          this.#cutAt('before-decide');
          return clock.now();
        },
      },
      append: (moment, events) => {
        this.#cutAt('before-append');
        this.life.journal.append(moment, events);
        witness.appended(moment, events);
        this.#cutAt('after-append');
      },
      perform: (effect) => {
        witness.unlocking(effect);
        this.parts.unlock(effect);
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

  /** Also a broken core is watched. */
  #watched(parts: Required<KioskParts>): KioskParts {
    return {
      ...parts,
      decide: (state, input, moment) => {
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
