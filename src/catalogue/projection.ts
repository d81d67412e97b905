import type { Event, RecordedEvent } from '../circulation/event.js';
import { unreachable } from '../kernel/assert.js';
import type { ItemId, KioskId, LockerNo } from '../kernel/ids.js';
import type { DocumentName } from '../link/documents.js';
import type { Connection } from './database.js';

/**
 * Makes the function that keeps what events add up to: who has which item, and which item stands where. An item is in
 * one place at a time and a locker holds one item, whatever kiosks say. Between kiosks the later event counts, by the
 * clocks that were trusted: a kiosk may have been offline for weeks. `changed` is called for each document of which kiosks
 * are to be told anew.
 */
export function prepareProjection(
  db: Connection,
  changed: (name: DocumentName) => void,
): (kiosk: KioskId, recorded: RecordedEvent) => void {
  const shelves = prepareShelves(db, changed);
  const lastMove = db.prepare<[string], number>('SELECT at FROM last_move WHERE item = ?').pluck();
  const putLastMove = db.prepare<[string, number]>('INSERT OR REPLACE INTO last_move VALUES (?, ?)');
  const endHold = db.prepare<[string, string]>('UPDATE hold SET ended = ? WHERE hold = ? AND ended IS NULL');
  return (kiosk, { at, trust, event }) => {
    if (event.type === 'hold-ended' && endHold.run(event.reason, event.hold).changes > 0) changed('holds');
    const item = movedBy(event);
    if (item === null) return shelves.apply(kiosk, event);
    const isStale = trust === 'trusted' && at < (lastMove.get(item) ?? 0);
    if (isStale) return shelves.applyStale(kiosk, event);
    if (trust === 'trusted') putLastMove.run(item, at);
    shelves.apply(kiosk, event);
  };
}

/** The item that `event` says has come or gone; null when it moves none. */
function movedBy(event: Event): ItemId | null {
  switch (event.type) {
    case 'item-stocked':
    case 'item-returned':
    case 'checkout-undone':
    case 'item-counted':
    case 'item-withdrawn':
    case 'item-lent':
      return event.item;
    case 'item-renewed':
    case 'loan-closed':
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
      return null;
    default:
      return unreachable(event);
  }
}

function prepareStatements(db: Connection) {
  return {
    putPlace: db.prepare<[string, string, number]>('INSERT OR REPLACE INTO place VALUES (?, ?, ?)'),
    removePlace: db.prepare<[string]>('DELETE FROM place WHERE item = ?'),
    emptyLocker: db.prepare<[string, number]>('DELETE FROM place WHERE kiosk = ? AND locker = ?'),
    putLoan: db.prepare<[string, string, string, number, number, number]>(
      'INSERT OR REPLACE INTO loan VALUES (?, ?, ?, ?, ?, ?)',
    ),
    removeLoan: db.prepare<[string]>('DELETE FROM loan WHERE item = ?'),
    renewLoan: db.prepare<[number, number, string]>(
      'UPDATE loan SET due_at = ?, due_provisional = ? WHERE item = ?',
    ),
    tellLender: db.prepare<[string, string]>(
      `INSERT OR REPLACE INTO returned_elsewhere
       SELECT kiosk, item, visit FROM loan WHERE item = ? AND kiosk <> ? AND visit IS NOT NULL`,
    ),
    putReturned: db.prepare<[string, string, number]>(
      'INSERT OR REPLACE INTO returned_elsewhere VALUES (?, ?, ?)',
    ),
    lenderKnows: db.prepare<[string, string]>('DELETE FROM returned_elsewhere WHERE kiosk = ? AND item = ?'),

    home: db.prepare<[string], string>('SELECT kiosk FROM item WHERE item = ?').pluck(),
  };
}

function prepareShelves(db: Connection, changed: (name: DocumentName) => void) {
  const statements = prepareStatements(db);

  function arrive(kiosk: KioskId, locker: LockerNo, item: ItemId): void {
    if (statements.tellLender.run(item, kiosk).changes > 0) changed('returns');
    statements.removeLoan.run(item);
    statements.putPlace.run(item, kiosk, locker);
    // A book from elsewhere: this kiosk needs its title.
    if (statements.home.get(item) !== kiosk) changed('holdings');
  }

  function apply(kiosk: KioskId, event: Event): void {
    switch (event.type) {
      case 'item-counted':
        if (event.item === null) statements.emptyLocker.run(kiosk, event.locker);
        else arrive(kiosk, event.locker, event.item);
        return;
      case 'item-stocked':
      case 'item-returned':
      case 'checkout-undone':
        arrive(kiosk, event.locker, event.item);
        return;
      case 'item-withdrawn':
        statements.emptyLocker.run(kiosk, event.locker);
        return;
      case 'item-lent': {
        const { item, patron, dueAt, dueProvisional, visit } = event;
        statements.removePlace.run(item);
        statements.emptyLocker.run(kiosk, event.locker);
        statements.putLoan.run(item, kiosk, patron, dueAt, dueProvisional ? 1 : 0, visit);
        if (statements.lenderKnows.run(kiosk, item).changes > 0) changed('returns');
        return;
      }
      case 'item-renewed':
        statements.renewLoan.run(event.dueAt, event.dueProvisional ? 1 : 0, event.item);
        return;
      case 'loan-closed':
        if (statements.lenderKnows.run(kiosk, event.item).changes > 0) changed('returns');
        return;
      default:
        return;
    }
  }

  /** The item has moved since, elsewhere: of what this kiosk says of it only its own shelf is news, and an open loan. */
  function applyStale(kiosk: KioskId, event: Event): void {
    if (event.type !== 'item-lent') return;
    statements.emptyLocker.run(kiosk, event.locker);
    statements.putReturned.run(kiosk, event.item, event.visit);
    changed('returns');
  }

  return { apply, applyStale };
}
