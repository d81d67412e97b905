import type { HoldId, ItemId, PatronId } from '../kernel/ids.js';
import type { Moment } from '../kernel/time.js';
import { type Decision, recordEvents } from './decision.js';
import type { Event } from './event.js';
import type { RequestedHold } from './input.js';
import type { Hold, Ledger } from './ledger.js';
import type { State } from './state.js';

/** Whether a hold still keeps its item. Without a trusted clock none expires: the true time may be any later one. */
function isHoldActive({ ended, until }: Hold, { trust, calendarMs }: Moment): boolean {
  return ended === null && !(trust === 'trusted' && calendarMs >= until);
}

/** The patron whose hold is on `item`; undefined when there is none. */
export function holdPatronOf({ holds }: Ledger, item: ItemId, moment: Moment): PatronId | undefined {
  return [...holds.values()].find((hold) => hold.item === item && isHoldActive(hold, moment))?.patron;
}

/** The items that are kept for `patron`. */
export function itemsHeldFor({ holds }: Ledger, patron: PatronId, moment: Moment): readonly ItemId[] {
  return [...holds.values()]
    .filter((hold) => hold.patron === patron && isHoldActive(hold, moment))
    .map(({ item }) => item);
}

/** What the catalogue wants kept: new holds are placed, those it has taken off its list are over. */
export function updateHolds(state: State, wanted: ReadonlyMap<HoldId, RequestedHold>): Decision {
  const { holds } = state.ledger;
  const released = [...holds.keys()].filter((hold) => !wanted.has(hold));
  const placed = [...wanted].filter(([hold]) => !holds.has(hold));
  return recordEvents(state, [
    ...released.map((hold): Event => ({ type: 'hold-ended', hold, reason: 'released' })),
    ...placed.map(
      ([hold, { item, patron, until }]): Event => ({ type: 'hold-placed', hold, item, patron, until }),
    ),
  ]);
}

/** Ends the holds whose time is over, also while offline. */
export function expireHolds(state: State, moment: Moment): Decision {
  const over = [...state.ledger.holds].filter(
    ([, hold]) => hold.ended === null && !isHoldActive(hold, moment),
  );
  return recordEvents(
    state,
    over.map(([hold]): Event => ({ type: 'hold-ended', hold, reason: 'expired' })),
  );
}

/** What to record of holds when `patron` borrows `item`. */
export function holdFulfilledEvents({ holds }: Ledger, item: ItemId, patron: PatronId): readonly Event[] {
  return [...holds]
    .filter(([, hold]) => hold.ended === null && hold.item === item && hold.patron === patron)
    .map(([hold]): Event => ({ type: 'hold-ended', hold, reason: 'fulfilled' }));
}
