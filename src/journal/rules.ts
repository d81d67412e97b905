import type { Event } from '../circulation/event.js';
import type { Ledger, LedgerChange } from '../circulation/ledger.js';

/** What events do to a ledger, from `circulation/ledger`: the journal keeps both and knows nothing of either. */
export interface LedgerRules {
  /** The ledger before the first event of all. */
  readonly emptyLedger: Ledger;
  readonly changesOf: (ledger: Ledger, event: Event) => readonly LedgerChange[];
  readonly applyEvent: (ledger: Ledger, event: Event) => Ledger;
  /** Events that say what stands where in `ledger` and change nothing in it. */
  readonly stockOf: (ledger: Ledger) => readonly Event[];
}
