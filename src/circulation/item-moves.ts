import { unreachable } from '../kernel/assert.js';
import type { Event } from './event.js';

/** An event that records where an item is now: in a locker, on loan, or withdrawn. */
export type ItemMove = Extract<
  Event,
  {
    type:
      | 'item-stocked'
      | 'item-returned'
      | 'checkout-undone'
      | 'item-counted'
      | 'item-withdrawn'
      | 'item-lent';
  }
>;

/** Returns the event if it moves an item, else null. Each type is named, so that a new one must be decided here. */
export function itemMoveOf(event: Event): ItemMove | null {
  switch (event.type) {
    case 'item-stocked':
    case 'item-returned':
    case 'checkout-undone':
    case 'item-counted':
    case 'item-withdrawn':
    case 'item-lent':
      return event;
    case 'checkout-intended':
    case 'checkin-intended':
    case 'access-intended':
    case 'checkin-opened':
    case 'access-opened':
    case 'checkout-completed':
    case 'access-completed':
    case 'checkout-cancelled':
    case 'checkin-cancelled':
    case 'access-cancelled':
    case 'item-damaged':
    case 'locker-withheld':
    case 'locker-restored':
    case 'renewal-asked':
    case 'loan-closed':
    case 'renewal-refused':
    case 'item-renewed':
    case 'hold-placed':
    case 'hold-ended':
    case 'pin-tried':
    case 'pin-accepted':
    case 'command-taken':
    case 'command-settled':
      return null;
    default:
      return unreachable(event);
  }
}
