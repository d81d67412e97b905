import { isDeepStrictEqual } from 'node:util';
import type { Event } from '../../../src/circulation/event.js';
import { emptyLedger } from '../../../src/circulation/ledger.js';
import { applyEvent } from '../../../src/circulation/ledger-changes.js';
import { ledgerRules } from '../../../src/circulation/ledger-rules.js';
import type { Journal } from '../../../src/journal/journal.js';
import { openJournal } from '../../../src/journal/open.js';
import { Fault } from '../../../src/kernel/faults.js';
import type { LockerNo, VisitNo } from '../../../src/kernel/ids.js';
import type { CabinetState } from './simulated-visits.js';

/** Breaches of what the kiosk promises, counted; all must be 0. */
export interface Breaches {
  /** Journals that could not be opened any more. */
  readonly unreadable: number;
  /** Events that were acknowledged and are gone or changed. */
  readonly lost: number;
  /** Visits with two intents or two outcomes. */
  readonly doubled: number;
  /** Journals that ended within a step, or whose tables differ from what their events add up to. */
  readonly halfApplied: number;
  /** Locks released with no intent in the journal. */
  readonly unintended: number;
}

export const noBreaches: Breaches = { unreadable: 0, lost: 0, doubled: 0, halfApplied: 0, unintended: 0 };

export const addBreaches = (a: Breaches, b: Breaches): Breaches => ({
  unreadable: a.unreadable + b.unreadable,
  lost: a.lost + b.lost,
  doubled: a.doubled + b.doubled,
  halfApplied: a.halfApplied + b.halfApplied,
  unintended: a.unintended + b.unintended,
});

/** What a journal must contain, from the output of its writer. */
export class ExpectedJournal {
  /** The events in the output, in the order of their positions. */
  readonly events: Event[] = [];
  /** Positions at which a step ended. */
  readonly #stepEnds = new Set([0]);
  readonly #unlocked: VisitNo[] = [];
  /** Position up to which events were acknowledged as durable. */
  acknowledged = 0;

  record(entry: WriterOutput): void {
    if (entry.kind === 'unlock') this.#unlocked.push(entry.visit);
    if (entry.kind !== 'stored') return;
    this.events.push(...entry.events);
    this.#stepEnds.add(entry.position);
    this.acknowledged = entry.position;
  }

  /** Adds the events that a journal holds beyond the output: durable, but the writer was killed before it reported them. */
  adopt(events: readonly Event[]): void {
    this.events.push(...events.slice(this.events.length));
    this.#stepEnds.add(this.events.length);
    this.acknowledged = this.events.length;
  }

  /** Compares a journal with the output so far; `full` has the writer's whole output. */
  compare(full: ExpectedJournal, journal: Journal): Breaches {
    const events = journal.read(1, journal.lastPosition()).map(({ event }) => event);
    const known = full.events.slice(0, events.length);
    const wrong = known.filter((event, at) => !isDeepStrictEqual(event, events[at])).length;
    const isWithinStep = events.length <= full.events.length && !full.#stepEnds.has(events.length);
    const intended = new Set(events.flatMap((event) => (isIntent(event) ? [event.visit] : [])));
    return {
      unreadable: 0,
      lost: Math.max(0, this.acknowledged - events.length) + wrong,
      doubled: doubledVisits(events),
      halfApplied: Number(isWithinStep || !addsUp(journal, events)),
      unintended: this.#unlocked.filter((visit) => !intended.has(visit)).length,
    };
  }
}

/** Opens the journal in `file` as a kiosk would and compares it with the expected one. Also returns its events. */
export function verify(
  file: string,
  expected: ExpectedJournal,
  full: ExpectedJournal,
): { readonly breaches: Breaches; readonly events: readonly Event[] } {
  let journal: Journal;
  try {
    journal = openJournal({ file, ...ledgerRules });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const breaches = { ...noBreaches, unreadable: 1, lost: expected.acknowledged };
    return { breaches, events: [] };
  }
  const breaches = expected.compare(full, journal);
  const events = journal.read(1, journal.lastPosition()).map(({ event }) => event);
  journal.close();
  return { breaches, events };
}

const isIntent = (event: Event) => event.type === 'checkout-intended' || event.type === 'checkin-intended';
const isEnd = (event: Event) =>
  event.type === 'checkout-completed' ||
  event.type === 'item-returned' ||
  event.type === 'checkout-cancelled' ||
  event.type === 'checkin-cancelled';

/** Counts visits that were begun or ended again. */
function doubledVisits(events: readonly Event[]): number {
  const seen = new Set<string>();
  let doubled = 0;
  for (const event of events) {
    if (!('visit' in event)) continue;
    const kind = isIntent(event) ? 'begin' : isEnd(event) ? 'end' : event.type;
    const key = `${kind} ${event.visit}`;
    if (seen.has(key)) doubled += 1;
    seen.add(key);
  }
  return doubled;
}

/** Whether the tables equal the ledger of the events, recomputed by the journal and here. */
function addsUp(journal: Journal, events: readonly Event[]): boolean {
  const sum = events.reduce(applyEvent, emptyLedger);
  return isDeepStrictEqual(journal.load(), sum) && isDeepStrictEqual(journal.rebuild(), sum);
}

/** A line of a writer's output. */
export type WriterOutput =
  /** The journal has stored these events durably; the last one has this position. */
  | { readonly kind: 'stored'; readonly position: number; readonly events: readonly Event[] }
  /** The lock is about to be released. */
  | { readonly kind: 'unlock'; readonly visit: VisitNo; readonly locker: LockerNo }
  /** The state of doors and board; it survives the writer. */
  | { readonly kind: 'cabinet'; readonly cabinet: CabinetState };

/** Parses a writer's output; an incomplete last line is dropped. */
export function readWriterOutput(text: string): WriterOutput[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as WriterOutput);
}
