import { isDeepStrictEqual } from 'node:util';
import type { Event } from './event.js';
import { eventSchema } from './event-schema.js';
import { emptyLedger, type Ledger } from './ledger.js';
import { applyEvent, changesOf } from './ledger-changes.js';

/** The rules of the ledger that a journal needs: the empty ledger, the changes of each event, the parts keyed by patron. */
export const ledgerRules = {
  /** Raise it in a release that computes another ledger from the same events: ledgers are then recomputed. */
  version: 1,
  emptyLedger,
  changesOf,
  applyEvent,
  stockEventsOf,
  isEvent: (value: unknown) => eventSchema.safeParse(value).success,
  partsByPatron: ['pinTries'],
} as const;

/**
 * The events that restate which item is in which locker, for a new epoch. They change nothing in `ledger`: an item that is
 * recorded in two lockers, or also on loan, is left out.
 */
export function stockEventsOf(ledger: Ledger): readonly Event[] {
  return [...ledger.lockers].flatMap(([locker, { item, damage }]) => {
    if (item === null) return [];
    const stocked: Event = { type: 'item-stocked', locker, item };
    const events: Event[] =
      damage === null ? [stocked] : [stocked, { type: 'item-damaged', locker, item, damage }];
    return isDeepStrictEqual(events.reduce(applyEvent, ledger), ledger) ? events : [];
  });
}
