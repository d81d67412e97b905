import type { Event } from '../../../src/circulation/event.js';
import { unreachable } from '../../../src/kernel/assert.js';

/** What an event means for the intent of its visit; null when it is about none. */
export function partOf(event: Event): 'begin' | 'opened' | 'end' | null {
  switch (event.type) {
    case 'checkout-intended':
    case 'checkin-intended':
    case 'access-intended':
      return 'begin';
    case 'item-lent':
    case 'checkin-opened':
    case 'access-opened':
      return 'opened';
    case 'checkout-completed':
    case 'item-returned':
    case 'access-completed':
    case 'checkout-cancelled':
    case 'checkin-cancelled':
    case 'access-cancelled':
      return 'end';
    case 'checkout-undone':
    case 'item-damaged':
    case 'item-stocked':
    case 'item-withdrawn':
    case 'item-counted':
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
