import type { Event } from '../circulation/event.js';
import type { Ledger, LedgerChange } from '../circulation/ledger.js';
import type { PatronId } from '../kernel/ids.js';

/** What events do to a ledger, from `circulation/ledger`: the journal keeps both and knows nothing of either. */
export interface LedgerRules {
  /** Another number wherever the same events add up to something else than in the release before. */
  readonly version: number;
  /** The ledger before the first event of all. */
  readonly emptyLedger: Ledger;
  readonly changesOf: (ledger: Ledger, event: Event) => readonly LedgerChange[];
  readonly applyEvent: (ledger: Ledger, event: Event) => Ledger;
  /** Whether a JSON value is an event of this release or an older one. */
  readonly isEvent: (value: unknown) => boolean;
  /** The parts of the ledger with a row for each patron. */
  readonly partsByPatron: readonly PartByPatron[];
  /** Events that record the items in the lockers of `ledger` and change nothing in it. */
  readonly stockEventsOf: (ledger: Ledger) => readonly Event[];
}

/** Names of parts whose keys are patrons. */
export type PartByPatron = {
  [Part in keyof Ledger]: Ledger[Part] extends ReadonlyMap<PatronId, unknown> ? Part : never;
}[keyof Ledger];
