import type { Event } from '../circulation/event.js';
import type { ItemId, KioskId, LockerNo } from '../kernel/ids.js';
import type { Connection } from './database.js';
import type { DocumentChanged } from './versions.js';

/** Where each item is: on loan, or in a locker. An item is in one place, and a locker holds one item. */
export class ItemLocations {
  readonly #statements;
  readonly #returns;

  /** Calls `changed` for each document that has to be published again. */
  constructor(db: Connection, changed: DocumentChanged) {
    this.#statements = prepareStatements(db);
    this.#returns = prepareReturns(db, changed);
  }

  /** Applies an event of `kiosk`. */
  apply(kiosk: KioskId, event: Event): void {
    const { emptyLocker, renewLoan } = this.#statements;
    switch (event.type) {
      case 'item-counted':
        if (event.item === null) emptyLocker.run(kiosk, event.locker);
        else this.#arrive(kiosk, event.locker, event.item);
        return;
      case 'item-stocked':
      case 'item-returned':
      case 'checkout-undone':
        this.#arrive(kiosk, event.locker, event.item);
        return;
      case 'item-withdrawn':
        emptyLocker.run(kiosk, event.locker);
        return;
      case 'item-lent':
        this.#lend(kiosk, event);
        return;
      case 'item-renewed':
        renewLoan.run(event.dueAt, event.dueProvisional ? 1 : 0, event.item, kiosk);
        return;
      case 'loan-closed':
        this.#returns.remove(kiosk, event.item);
        return;
      default:
        return;
    }
  }

  /** Applies an event whose item has moved elsewhere since: only to the kiosk's own lockers and its list of returns. */
  applyLate(kiosk: KioskId, event: Event): void {
    if ('locker' in event) this.#statements.emptyLocker.run(kiosk, event.locker);
    switch (event.type) {
      case 'item-lent':
        this.#returns.add(kiosk, event);
        return;
      case 'item-counted':
      case 'item-stocked':
      case 'item-returned':
      case 'checkout-undone':
        if (event.item !== null) this.#returns.remove(kiosk, event.item);
        return;
      default:
        return;
    }
  }

  #arrive(kiosk: KioskId, locker: LockerNo, item: ItemId): void {
    this.#returns.closeLoan(kiosk, item);
    this.#statements.removeLoan.run(item);
    this.#statements.putPlace.run(item, kiosk, locker);
  }

  #lend(kiosk: KioskId, event: Extract<Event, { type: 'item-lent' }>): void {
    const { item, locker, patron, dueAt, dueProvisional, visit } = event;
    this.#returns.closeLoan(kiosk, item);
    this.#statements.removePlace.run(item);
    this.#statements.emptyLocker.run(kiosk, locker);
    this.#statements.putLoan.run(item, kiosk, patron, dueAt, dueProvisional ? 1 : 0, visit);
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
    renewLoan: db.prepare<[number, number, string, string]>(
      'UPDATE loan SET due_at = ?, due_provisional = ? WHERE item = ? AND kiosk = ?',
    ),
  };
}

/** Lists of items that were returned elsewhere: a kiosk keeps a loan open until it gets the list or sees the item itself. */
function prepareReturns(db: Connection, changed: DocumentChanged) {
  const loan = db.prepare<[string, string], { kiosk: KioskId; visit: number }>(
    'SELECT kiosk, visit FROM loan WHERE item = ? AND kiosk <> ? AND visit IS NOT NULL',
  );
  const put = db.prepare<[string, string, number]>(
    `INSERT OR REPLACE INTO returned_elsewhere (kiosk, item, visit, number)
     SELECT ?, ?, ?, 1 + ifnull(max(number), 0) FROM returned_elsewhere`,
  );
  const remove = db.prepare<[string, string]>('DELETE FROM returned_elsewhere WHERE kiosk = ? AND item = ?');
  const add = (kiosk: KioskId, { item, visit }: { readonly item: string; readonly visit: number }) => {
    put.run(kiosk, item, visit);
    changed('returns', kiosk);
  };
  const removeEntry = (kiosk: KioskId, item: ItemId) => {
    if (remove.run(kiosk, item).changes > 0) changed('returns', kiosk);
  };
  return {
    add,
    remove: removeEntry,
    /** Closes the loan of an item that is at `kiosk` now; the kiosk that lent it gets it on its list of returns. */
    closeLoan(kiosk: KioskId, item: ItemId): void {
      removeEntry(kiosk, item);
      const elsewhere = loan.get(item, kiosk);
      if (elsewhere) add(elsewhere.kiosk, { item, visit: elsewhere.visit });
    },
  };
}
