import type { ItemId, LockerNo } from '../kernel/ids.js';
import type { DoorAtEnd, Event } from './event.js';
import { type Intent, lockerOf } from './ledger.js';
import type { State } from './state.js';

type Access = Extract<Intent, { purpose: 'access' }>;

/** The events of the end of staff work at a door; `found` is the content they entered, if any. */
export function accessCompletedEvents(
  state: State,
  locker: LockerNo,
  intent: Access,
  found: ItemId | null | undefined,
  door: DoorAtEnd,
): readonly Event[] {
  return [
    { type: 'access-completed', visit: intent.visit, locker, door },
    ...shelfEvents(state, locker, intent, found),
  ];
}

function shelfEvents(
  state: State,
  locker: LockerNo,
  { task, item, staff }: Access,
  found: ItemId | null | undefined,
): readonly Event[] {
  const { withheld, damage } = lockerOf(state.ledger, locker);
  switch (task) {
    case 'restock':
      return item === null ? [] : [{ type: 'item-stocked', locker, item }];
    case 'withdraw': {
      const isWanted = withheld === 'withdrawal';
      const restored: Event = { type: 'locker-restored', locker, staff };
      return item === null ? [] : [{ type: 'item-withdrawn', locker, item }, ...(isWanted ? [restored] : [])];
    }
    case 'count': {
      if (found === undefined) return [];
      // The door opened, and what is behind it is known again: whatever doubt there was is settled.
      const isWanted = withheld === 'out-of-service' || (withheld === 'withdrawal' && found !== null);
      const isSettled = withheld !== null && !isWanted && damage === null;
      const restored: Event = { type: 'locker-restored', locker, staff };
      return [{ type: 'item-counted', locker, item: found }, ...(isSettled ? [restored] : [])];
    }
    case 'open':
      return [];
    case 'open-all':
      return withheld === null ? [{ type: 'locker-withheld', locker, reason: 'emergency', staff }] : [];
  }
}
