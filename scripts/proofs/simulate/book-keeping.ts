import type { Event } from '../../../src/circulation/event.js';

type Part = 'begin' | 'opened' | 'end' | null;

const parts: Readonly<Record<Event['type'], Part>> = {
  'checkout-intended': 'begin',
  'checkin-intended': 'begin',
  'access-intended': 'begin',
  'item-lent': 'opened',
  'checkin-opened': 'opened',
  'access-opened': 'opened',
  'checkout-completed': 'end',
  'item-returned': 'end',
  'access-completed': 'end',
  'checkout-cancelled': 'end',
  'checkin-cancelled': 'end',
  'access-cancelled': 'end',
  'checkout-undone': null,
  'item-stocked': null,
  'item-withdrawn': null,
  'item-counted': null,
  'item-damaged': null,
  'locker-withheld': null,
  'locker-restored': null,
  'renewal-asked': null,
  'loan-closed': null,
  'renewal-refused': null,
  'item-renewed': null,
  'hold-placed': null,
  'hold-ended': null,
  'pin-tried': null,
  'pin-accepted': null,
  'command-taken': null,
  'command-settled': null,
};

/** What an event means for the intent of its visit; null when it is about none. */
export const partOf = ({ type }: Event): Part => parts[type];
