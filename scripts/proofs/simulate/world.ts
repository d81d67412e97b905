import { createHash } from 'node:crypto';
import type { BoardEvent } from '../../../firmware-bridge/board/index.js';
import type { Decision } from '../../../src/circulation/decision.js';
import type { Event } from '../../../src/circulation/event.js';
import type { Effect, Input } from '../../../src/circulation/input.js';
import type { Ledger } from '../../../src/circulation/ledger.js';
import type { State } from '../../../src/circulation/state.js';
import type { BoardId, LockerNo } from '../../../src/kernel/ids.js';
import { limits } from '../../../src/kernel/limits.js';
import type { Moment } from '../../../src/kernel/time.js';
import { VirtualTime } from '../../../src/kernel/virtual-time.js';
import { createRandom, type Random } from '../support/random.js';
import { type Actors, createActors, createMix, firstStock, type Mix } from './actors.js';
import { BoardReports, type LockerModel } from './board-model.js';

import { Cabinet } from './cabinet.js';
import { CatalogueModel } from './catalogue-model.js';
import type { Breaker, Check, Decided, Observer } from './check.js';
import type { Coverage } from './coverage.js';
import { GroundTruth } from './ground-truth.js';
import { Machine } from './machine.js';

import { Network } from './network.js';

import { People } from './people.js';
import { type PassAge, type PassPurpose, showPass } from './phone.js';
import { WallClock } from './wall-clock.js';

/** What a world is made with. */
export interface WorldParts {
  readonly seed: number;
  readonly folder: string;
  readonly breaker: Breaker;
  /** Makes what watches the world. */
  checks(world: World): readonly Check[];
  readonly coverage: Coverage;
}

/** The PIN of every card. */
export const rightPin = '271828';
/** A PIN is compared slowly on purpose, and by a busy computer. */
const pinMs = [300, 1_500, 4_500];

/** One simulated kiosk with everything around it: a seed makes it, actions move it, checks watch it. */
export class World {
  readonly time = new VirtualTime();
  readonly wall = new WallClock(this.time);
  readonly actors: Actors;
  readonly mix: Mix;
  readonly truth: GroundTruth = new GroundTruth({
    nowMs: () => this.time.nowMs,
    inside: (locker) => this.cabinet.locker(locker).inside,
    reportsDoor: (locker) => this.#reportsDoor(locker),
    connectedMs: (locker) => this.#connectedMs(locker),
  });
  readonly cabinet: Cabinet;
  readonly reports: BoardReports;
  readonly people: People;
  readonly catalogue = new CatalogueModel();
  readonly network: Network;
  readonly machine: Machine;
  steps = 0;
  readonly #checks: readonly Check[];
  readonly #digest = createHash('sha256');
  readonly #coverage: Coverage;
  readonly #chance: Random;

  constructor({ seed, folder, breaker, checks, coverage }: WorldParts) {
    this.actors = createActors(createRandom(seed, 'cast'));
    this.mix = createMix(createRandom(seed, 'mix'));
    this.#coverage = coverage;
    this.#chance = createRandom(seed, 'world');
    this.reports = new BoardReports(this.actors.boards);
    this.cabinet = new Cabinet({
      lineLost: (lockers) => this.truth.lineLost(lockers),
      memoryLost: (lockers) => this.truth.memoryLost(lockers),
      actors: this.actors,
      time: this.time,
      report: (board, event) => this.#receive(board, event),
      opened: (locker, how, isSeen) => this.truth.opened(locker, how, isSeen),
    });
    this.people = new People(this.cabinet, this.truth);
    this.network = new Network(this.time, createRandom(seed, 'network'), this.catalogue.answer);
    this.machine = new Machine({
      actors: this.actors,
      time: this.time,
      wall: this.wall,
      folder,
      breaker,
      observer: this.#observer(),
      connect: this.network.connect,
      unlock: (locker, tag, strength) => this.cabinet.unlock(locker, tag, strength),
      restart: () => undefined,
      checkPin: ({ pin }, report) =>
        void this.time.wait(this.#chance.pick(pinMs), () => report(pin === rightPin)),
      died: () => this.gone(false),
    });
    this.#checks = checks(this);
  }

  /** The kiosk is set up: books stand in it and in residents' homes, and the program starts for the first time. */
  begin(): void {
    const stock = firstStock(this.actors);
    this.start(() => stock);
    for (const { locker, item } of stock) this.people.tidy(locker, item);
    const { items, patrons } = this.actors;
    for (const [at, item] of items.slice(stock.length).entries()) this.people.give(at % patrons.length, item);
    this.time.pass(2_000);
  }

  start(staff?: (ledger: Ledger) => readonly Event[]): void {
    this.machine.boot(staff);
    this.cabinet.hostCame();
  }

  /** The program is gone; so is, perhaps, everybody's supply. */
  gone(isPowerLost: boolean): void {
    this.cabinet.hostGone(isPowerLost);
    this.network.forgetKiosk();
    this.reports.clear();
    this.truth.programDied();
  }

  /** The catalogue starts anew, and says what it has. */
  catalogueRestarts(): void {
    for (const [topic, payload] of this.catalogue.marks) this.network.publish(topic, payload);
  }

  /** What the core, perhaps broken, would decide; nothing comes of it. */
  ask(state: State, input: Input, moment: Moment): Decision {
    return this.machine.program.shell.decide(state, input, moment);
  }

  /** Somebody holds a pass before the reader; `number` distinguishes it from others. */
  showPass(purpose: PassPurpose, number: number, age: PassAge): void {
    if (!this.machine.isOn) return;
    const believed = this.machine.program.shell.clock.now();
    const { shown, input } = showPass(purpose, number, age, this.wall.trueMs, believed);
    this.#each((check) => check.scanned?.(shown, input, believed));
    this.submit(input);
  }

  submit(input: Input): void {
    this.machine.submit(input);
  }

  /** What all that was recorded and done adds up to: equal runs have equal digests. */
  digest(): string {
    return this.#digest.copy().digest('hex').slice(0, 16);
  }

  atRest(): void {
    this.#each((check) => check.atRest?.());
  }

  #each(hook: (check: Check) => void): void {
    for (const check of this.#checks) hook(check);
  }

  #receive(board: BoardId, event: BoardEvent): void {
    if (!this.machine.isOn) return;
    this.reports.receive(board, event);
    this.machine.receive(board, event);
  }

  #connectedMs(locker: LockerNo): number {
    const { isReady, isPlugged, troubledMs } = this.cabinet.boardOf(locker);
    return this.machine.isOn && isReady && isPlugged ? this.time.nowMs - troubledMs : 0;
  }

  #reportsDoor({ no, doorSwitch }: LockerModel): boolean {
    // A board that is just back may have reported a door that was shut while it was not connected.
    if (this.#connectedMs(no) < 2 * limits.latchCatchMs) return false;
    return !this.machine.program.isJournalBroken && doorSwitch === 'good';
  }

  #observer(): Observer {
    return {
      decided: (before, input, moment, decision) => {
        this.steps += 1;
        this.#coverage.see(before.visit.kind, input.kind);
        const decided: Decided = { before, input, moment, decision };
        this.#each((check) => check.decided?.(decided));
      },
      appended: (moment, events) => this.#append(moment, events),
      performing: (effect) => this.#perform(effect),
      stepped: (state, moment) => this.#each((check) => check.stepped?.(state, moment)),
      booted: (journal) => this.#each((check) => check.booted?.(journal)),
      began: (state) => this.#each((check) => check.began?.(state)),
      marked: (epoch, position) => this.#each((check) => check.marked?.(epoch, position)),
      epochBegan: (journal) => this.#each((check) => check.epochBegan?.(journal)),
      logged: (fields) => this.#each((check) => check.logged?.(fields)),
    };
  }

  #perform(effect: Effect): void {
    if (effect.kind === 'check-pin') this.#each((check) => check.checkingPin?.(effect));
    if (effect.kind !== 'unlock') return;
    this.#digest.update(`${this.time.nowMs} unlock ${effect.locker} ${effect.visit} ${effect.strength}\n`);
    this.#each((check) => check.unlocking?.(effect));
  }

  #append(moment: Moment, events: readonly Event[]): void {
    this.#each((check) => check.recording?.(events));
    for (const event of events) {
      this.#each((check) => check.recorded?.(event));
      this.truth.record(event);
      this.#digest.update(
        `${this.time.nowMs} ${moment.calendarMs} ${moment.trust} ${JSON.stringify(event)}\n`,
      );
    }
    this.#each((check) => check.appended?.(events, moment));
  }
}
