import type { Event } from '../circulation/event.js';
import { unreachable } from '../kernel/assert.js';
import type { ItemId, KioskId, LockerNo } from '../kernel/ids.js';
import type { Connection } from './database.js';

/**
 * Makes the function that keeps what events add up to: who has which item, and which item stands where. An item is in
 * one place at a time and a locker holds one item, whatever kiosks say.
 */
export function prepareProjection(db: Connection): (kiosk: KioskId, event: Event) => void {
  const putPlace = db.prepare<[string, string, number]>('INSERT OR REPLACE INTO place VALUES (?, ?, ?)');
  const removePlace = db.prepare<[string]>('DELETE FROM place WHERE item = ?');
  const emptyLocker = db.prepare<[string, number]>('DELETE FROM place WHERE kiosk = ? AND locker = ?');
  const putLoan = db.prepare<[string, string, string, number, number]>(
    'INSERT OR REPLACE INTO loan VALUES (?, ?, ?, ?, ?)',
  );
  const removeLoan = db.prepare<[string]>('DELETE FROM loan WHERE item = ?');
  const renewLoan = db.prepare<[number, number, string]>(
    'UPDATE loan SET due_at = ?, due_provisional = ? WHERE item = ?',
  );
  const place = (kiosk: KioskId, locker: LockerNo, item: ItemId) => {
    removeLoan.run(item);
    putPlace.run(item, kiosk, locker);
  };
  return (kiosk, event) => {
    switch (event.type) {
      case 'item-stocked':
      case 'item-returned':
      case 'checkout-undone':
        place(kiosk, event.locker, event.item);
        return;
      case 'item-counted':
        if (event.item === null) emptyLocker.run(kiosk, event.locker);
        else place(kiosk, event.locker, event.item);
        return;
      case 'item-withdrawn':
        emptyLocker.run(kiosk, event.locker);
        return;
      case 'item-lent':
        removePlace.run(event.item);
        emptyLocker.run(kiosk, event.locker);
        putLoan.run(event.item, kiosk, event.patron, event.dueAt, event.dueProvisional ? 1 : 0);
        return;
      case 'item-renewed':
        renewLoan.run(event.dueAt, event.dueProvisional ? 1 : 0, event.item);
        return;
      default:
        restsWith(event);
    }
  };
}

/** Events that move no book; each is named, so that a new type must be judged here. */
function restsWith(event: Exclude<Event, Moving>): void {
  switch (event.type) {
    case 'checkout-intended':
    case 'checkout-completed':
    case 'checkout-cancelled':
    case 'checkin-intended':
    case 'checkin-opened':
    case 'checkin-cancelled':
    case 'access-intended':
    case 'access-opened':
    case 'access-completed':
    case 'access-cancelled':
    case 'item-damaged':
    case 'locker-withheld':
    case 'locker-restored':
    case 'renewal-asked':
    case 'renewal-refused':
    case 'hold-placed':
    case 'hold-ended':
    case 'pin-tried':
    case 'pin-accepted':
      return;
    default:
      unreachable(event);
  }
}

type Moving = Extract<
  Event,
  {
    type:
      | 'item-stocked'
      | 'item-returned'
      | 'checkout-undone'
      | 'item-counted'
      | 'item-withdrawn'
      | 'item-lent'
      | 'item-renewed';
  }
>;
