import { nextDeadline } from '../../src/circulation/deadlines.js';
import { decide, initialState, type Settings } from '../../src/circulation/decide.js';
import type { Decision } from '../../src/circulation/decision.js';
import { defaultPolicy } from '../../src/circulation/directory.js';
import type { Event } from '../../src/circulation/event.js';
import type { Effect, Input, Unlock } from '../../src/circulation/input.js';
import { emptyLedger } from '../../src/circulation/ledger.js';
import { applyEvent } from '../../src/circulation/ledger-changes.js';
import type { Door, LastPulse, PassHolder, State } from '../../src/circulation/state.js';
import { defaultTimeouts } from '../../src/circulation/timeouts.js';
import { boardId, itemId, lockerNo, passId, patronId } from '../../src/kernel/ids.js';
import type { ClockTrust } from '../../src/kernel/time.js';
import { crookedMs, momentAt } from '../support/clocks.js';

export const lockers = [1, 2, 3, 4].map(lockerNo);
export const book = itemId('30106000000017');
export const otherBook = itemId('30106000000025');
export const strangeBook = itemId('30106000000033');
export const wang = adult('a1a1a1a1a1a1a1a1', '0000000000000001');
export const li = adult('b2b2b2b2b2b2b2b2', '0000000000000002');

function adult(patron: string, pass: string): PassHolder {
  return { patron: patronId(patron), age: 'adult', pass: passId(pass), grant: null };
}

export const main = boardId('main');
export const settings: Settings = {
  boards: new Map([[main, lockers]]),
  policy: { ...defaultPolicy, loansPerPatron: 2 },
  waits: defaultTimeouts,
};

/** Locker 1 holds `book`, locker 2 `otherBook`; 3 and 4 are empty. */
export const stocked = [
  { type: 'item-stocked', locker: lockerNo(1), item: book },
  { type: 'item-stocked', locker: lockerNo(2), item: otherBook },
] as const satisfies readonly Event[];

export const doorsAll = (door: Door) => new Map(lockers.map((locker) => [locker, door]));

/** Plays inputs to the core in virtual time and keeps what it said: the shell without a world. */
export interface Player {
  readonly state: State;
  readonly events: readonly Event[];
  /** Locks released so far. */
  readonly effects: readonly Unlock[];
  /** The types of the events so far, without the stocking. */
  eventTypes(): string[];
  play(...inputs: Input[]): Player;
  /** Lets time pass; the core hears of each of its deadlines. */
  wait(ms: number): Player;
  /** Calls `see` with each decision from now on. */
  watch(see: (decision: Decision) => void): Player;
  /** The journal cannot be written from now on, or can be again; what is decided meanwhile with events did not happen. */
  journal(works: boolean): Player;
  /** The process dies and starts again from its journal, to which somebody may have appended. */
  restart(...appended: Event[]): Player;
}

/** How a player differs from the usual; `onDecision` sees each decision with all events up to it. */
export interface PlayerOptions {
  readonly trust?: ClockTrust;
  readonly ready?: boolean;
  /** The boards and their lockers; without, `main` has them all. */
  readonly boards?: Settings['boards'];
  readonly onDecision?: (decision: Decision, events: readonly Event[]) => void;
}

export function player(options: PlayerOptions = {}): Player {
  let now = 1_000;
  const events: Event[] = [...stocked];
  const effects: Unlock[] = [];
  let watcher: ((decision: Decision) => void) | undefined;
  const made = { ...settings, boards: options.boards ?? settings.boards };
  let state = initialState(made, stocked.reduce(applyEvent, emptyLedger));
  const moment = () => momentAt(Math.floor(Date.UTC(2026, 10, 23, 6) + now), options.trust, now);
  let isWritable = true;
  /** As the shell does: what was seen stays seen, nothing else of a decision that cannot be recorded. */
  const lose = ({ boards, doors, lastClosedAt: shutAt, items, chattering }: State): Decision => {
    state = { ...state, boards, doors, lastClosedAt: shutAt, items, chattering };
    return decide(state, { kind: 'journal-failed' }, moment());
  };
  const self: Player = {
    get state() {
      return state;
    },
    events,
    effects,
    eventTypes: () => events.slice(stocked.length).map((event) => event.type),
    play(...inputs) {
      for (const input of inputs) {
        const decided = decide(state, input, moment());
        const decision = isWritable || decided.events.length === 0 ? decided : lose(decided.state);
        events.push(...decision.events);
        effects.push(...unlocksOf(decision.effects));
        state = decision.state;
        options.onDecision?.(decision, events);
        watcher?.(decision);
      }
      return self;
    },
    wait(ms) {
      const until = now + ms;
      const nextAt = () => (nextDeadline(state) ?? Number.POSITIVE_INFINITY) - crookedMs;
      for (let next = nextAt(); next < until; next = nextAt()) {
        now = Math.max(now, next);
        self.play({ kind: 'time-passed' });
      }
      now = until;
      return self.play({ kind: 'time-passed' });
    },
    watch(see) {
      watcher = see;
      return self;
    },
    journal(works) {
      if (isWritable === works) return self;
      isWritable = works;
      const ledger = events.reduce(applyEvent, emptyLedger);
      return works ? self.play({ kind: 'journal-recovered', ledger }) : self;
    },
    restart(...appended) {
      isWritable = true;
      events.push(...appended);
      state = initialState(made, events.reduce(applyEvent, emptyLedger));
      return self;
    },
  };
  return options.ready === false ? self : self.play(ready());
}

/** The locks among what the core wants done. */
export const unlocksOf = (effects: readonly Effect[]): readonly Unlock[] =>
  effects.filter((effect) => effect.kind === 'unlock');

export const ready = (lastPulse: LastPulse | null = null, doors = doorsAll('closed')): Input => ({
  kind: 'board-ready',
  board: main,
  doors,
  items: new Map(),
  chattering: new Set(),
  lastPulse,
});
export const lost: Input = { kind: 'board-lost', board: main };
export const pass = (holder: PassHolder): Input => ({ kind: 'pass-shown', holder });
export const choose = (locker: number): Input => ({ kind: 'locker-chosen', locker: lockerNo(locker) });
export const show = (item = book): Input => ({ kind: 'item-shown', item });
export const door = (locker: number, state: Door): Input => ({
  kind: 'door',
  locker: lockerNo(locker),
  door: state,
});
