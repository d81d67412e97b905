/**
 * The steel and wood of a cabinet as pure state: latches, doors, books, and what a hand can do with them.
 *
 * The lock is a spring latch. While its relay is on, and for `freeForMs` after, the latch is free and a hand may open the
 * door. That uses up the pulse: closed again, the door is latched as soon as the relay is off. A door not opened in time
 * latches by itself. A stuck latch does not follow its relay. Each locker holds at most one book; the others lie on the table.
 */
import type { HandResult, LockerSnapshot, Refusal } from './snapshot.js';

/** How long a latch stays free after its pulse. */
export const freeForMs = 10_000;

/** One locker. `freeUntilMs` is when its latch falls back; infinite while the relay is on. */
export interface VirtualLocker {
  readonly locker: number;
  readonly relayOn: boolean;
  readonly freeUntilMs: number;
  /** The door has been opened since the relay last went on. */
  readonly pulseUsed: boolean;
  readonly doorOpen: boolean;
  readonly item: string | null;
  readonly stuck: boolean;
}

/** A whole cabinet. */
export interface CabinetState {
  readonly lockers: readonly VirtualLocker[];
  /** Books outside, on the table. */
  readonly hand: readonly string[];
}

/** What a hand did, or why it could not. */
export type HandOutcome =
  | { readonly ok: true; readonly state: CabinetState }
  | { readonly ok: false; readonly reason: Refusal };

/** Where a book is at the start; locker null is the table. */
export interface Placement {
  readonly item: string;
  readonly locker: number | null;
}

/** All doors shut and latched, the books where `placements` say. A locker gets at most one. */
export function newCabinet(lockers: readonly number[], placements: readonly Placement[]): CabinetState {
  const inside = new Map(placements.map(({ item, locker }) => [locker, item]));
  return {
    lockers: lockers.map((locker) => ({
      locker,
      relayOn: false,
      freeUntilMs: 0,
      pulseUsed: true,
      doorOpen: false,
      item: inside.get(locker) ?? null,
      stuck: false,
    })),
    hand: placements.filter(({ locker }) => locker === null).map(({ item }) => item),
  };
}

/** The board switched a relay. */
export function switchRelay(state: CabinetState, locker: number, on: boolean, nowMs: number): CabinetState {
  const at = find(state, locker);
  if (!at || at.relayOn === on) return state;
  if (at.stuck) return replace(state, { ...at, relayOn: on });
  if (on)
    return replace(state, { ...at, relayOn: on, freeUntilMs: Number.POSITIVE_INFINITY, pulseUsed: false });
  return replace(state, { ...at, relayOn: on, freeUntilMs: at.pulseUsed ? nowMs : nowMs + freeForMs });
}

/** Makes a latch stop following its relay, or repairs it. */
export function jamLatch(state: CabinetState, locker: number, stuck: boolean): CabinetState {
  const at = find(state, locker);
  return at ? replace(state, { ...at, stuck, freeUntilMs: stuck ? 0 : at.freeUntilMs }) : state;
}

/** A hand pulls the door. */
export function openDoor(state: CabinetState, locker: number, nowMs: number): HandOutcome {
  const at = find(state, locker);
  if (!at) return refused('locker-unknown');
  if (at.doorOpen) return refused('door-already-open');
  if (nowMs >= at.freeUntilMs) return refused('door-latched');
  return done(replace(state, { ...at, doorOpen: true, pulseUsed: true }));
}

/** Opens a door by force, latched or not. */
export function forceDoor(state: CabinetState, locker: number): HandOutcome {
  const at = find(state, locker);
  if (!at) return refused('locker-unknown');
  if (at.doorOpen) return refused('door-already-open');
  return done(replace(state, { ...at, doorOpen: true, pulseUsed: true }));
}

/** A hand shuts the door, which latches it, or will when the relay goes off. */
export function closeDoor(state: CabinetState, locker: number): HandOutcome {
  const at = find(state, locker);
  if (!at) return refused('locker-unknown');
  if (!at.doorOpen) return refused('door-already-closed');
  const freeUntilMs = at.relayOn ? at.freeUntilMs : 0;
  return done(replace(state, { ...at, doorOpen: false, freeUntilMs }));
}

/** A hand takes a book out of an open locker. */
export function takeBook(state: CabinetState, locker: number, item: string): HandOutcome {
  const at = find(state, locker);
  if (!at) return refused('locker-unknown');
  if (!at.doorOpen) return refused('door-closed');
  if (at.item === null) return refused('locker-empty');
  if (at.item !== item) return refused('other-item-inside');
  return done({ ...replace(state, { ...at, item: null }), hand: [...state.hand, item] });
}

/** A hand puts a book from the table into an open locker. */
export function putBook(state: CabinetState, locker: number, item: string): HandOutcome {
  const at = find(state, locker);
  if (!at) return refused('locker-unknown');
  if (!state.hand.includes(item)) return refused('item-not-on-table');
  if (!at.doorOpen) return refused('door-closed');
  if (at.item !== null) return refused('locker-full');
  const hand = state.hand.filter((other) => other !== item);
  return done({ ...replace(state, { ...at, item }), hand });
}

/** What the cabinet page shows of the lockers. */
export function showLockers(state: CabinetState, nowMs: number): readonly LockerSnapshot[] {
  return state.lockers.map(({ locker, relayOn, freeUntilMs, doorOpen, item }) => ({
    locker,
    lock: doorOpen || nowMs < freeUntilMs ? 'free' : 'latched',
    relayOn,
    door: doorOpen ? 'open' : 'closed',
    item,
  }));
}

/** The answer to a page or a test. */
export const answer = (outcome: HandOutcome): HandResult => (outcome.ok ? { ok: true } : outcome);

function find(state: CabinetState, locker: number): VirtualLocker | undefined {
  return state.lockers.find((each) => each.locker === locker);
}

function replace(state: CabinetState, changed: VirtualLocker): CabinetState {
  const lockers = state.lockers.map((each) => (each.locker === changed.locker ? changed : each));
  return { ...state, lockers };
}

const done = (state: CabinetState): HandOutcome => ({ ok: true, state });
const refused = (reason: Refusal): HandOutcome => ({ ok: false, reason });
