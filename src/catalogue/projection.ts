import type { Event } from '../circulation/event.js';
import { unreachable } from '../kernel/assert.js';
import type { KioskId } from '../kernel/ids.js';
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
  return (kiosk, event) => {
    switch (event.type) {
      case 'item-stocked':
        putPlace.run(event.item, kiosk, event.locker);
        return;
      case 'item-lent':
        removePlace.run(event.item);
        emptyLocker.run(kiosk, event.locker);
        putLoan.run(event.item, kiosk, event.patron, event.dueAt, event.dueProvisional ? 1 : 0);
        return;
      case 'item-returned':
        removeLoan.run(event.item);
        putPlace.run(event.item, kiosk, event.locker);
        return;
      case 'checkout-intended':
      case 'checkout-completed':
      case 'checkout-cancelled':
      case 'checkin-intended':
      case 'checkin-opened':
      case 'checkin-cancelled':
      case 'locker-withheld':
      case 'locker-restored':
        return;
      default:
        unreachable(event);
    }
  };
}
