import { isDeepStrictEqual } from 'node:util';
import type { Event } from './event.js';
import { eventSchema } from './event-schema.js';
import { emptyLedger, type Ledger } from './ledger.js';
import { applyEvent, changesOf } from './ledger-changes.js';

/** What a journal is to know of ledgers: how they begin, what events do to them, who and what is in them. */
export const ledgerRules = {
  /** To be raised with every release in which the same events add up to something else: ledgers are then counted anew. */
  version: 1,
  emptyLedger,
  changesOf,
  applyEvent,
  stockEventsOf,
  isEvent: (value: unknown) => eventSchema.safeParse(value).success,
  partsByPatron: ['pinTries'],
} as const;

/**
 * The events that tell a listener who has forgotten all places what stands where. They change nothing in `ledger`: an
 * item that is recorded in two places, or on loan as well, is left out.
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
