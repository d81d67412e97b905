import type { Event } from '../circulation/event.js';
import { itemId, lockerNo, passId, patronId, visitNo } from '../kernel/ids.js';
import { elapsedMs, epochMs, type Moment } from '../kernel/time.js';

const visit = visitNo(1);
const locker = lockerNo(1);
const item = itemId('30000000000000');
const patron = patronId('0000000000000000');
const pass = passId('0000000000000000');

/** Events of a fictitious loan: appended and rolled back many times, so that the engine has compiled the code before the first real one. */
export const warmUpEvents: readonly Event[] = [
  { type: 'checkout-intended', visit, locker, item, patron, pass },
  { type: 'item-lent', visit, locker, item, patron, dueAt: epochMs(0), dueProvisional: false },
  { type: 'item-returned', visit, locker, item, door: 'closed' },
];

/** The moment of that loan. */
export const warmUpMoment: Moment = { elapsedMs: elapsedMs(0), calendarMs: epochMs(0), trust: 'floor' };

/** Number of warm-up appends (some 10 ms on a PC); without them the first append takes several times as long as later ones. */
export const warmUpRuns = 100;
