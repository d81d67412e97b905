import type { Event, RecordedEvent } from '../circulation/event.js';
import { unreachable } from '../kernel/assert.js';
import type { ItemId, KioskId } from '../kernel/ids.js';
import type { EpochMs } from '../kernel/time.js';
import type { Connection } from './database.js';
import { prepareGrantNews } from './grants.js';
import { prepareOrderNews } from './orders.js';
import { Shelves } from './shelves.js';
import type { Changed } from './versions.js';

/** The last that was heard of an item's whereabouts. */
interface Move {
  readonly kiosk: KioskId;
  readonly at: number;
}

/**
 * Makes the function that keeps what events add up to. One kiosk's events count in its own order. Between kiosks the
 * later event counts, by the clocks that were trusted, for a kiosk may have been offline for weeks; where a clock was not
 * trusted, the order of arrival counts. No event is later than its arrival, whatever its clock said.
 */
export function prepareProjection(
  db: Connection,
  nowMs: () => EpochMs,
  changed: Changed,
): (kiosk: KioskId, recorded: RecordedEvent) => void {
  const shelves = new Shelves(db, changed);
  const lastMove = db.prepare<[string], Move>('SELECT kiosk, at FROM last_move WHERE item = ?');
  const putLastMove = db.prepare<[string, string, number]>(
    'INSERT OR REPLACE INTO last_move (item, kiosk, at) VALUES (?, ?, ?)',
  );
  const endHold = prepareEndHold(db, changed);
  const keepOrderNews = prepareOrderNews(db);
  const keepGrantNews = prepareGrantNews(db);
  return (kiosk, { at, trust, event }) => {
    keepOrderNews(kiosk, event);
    keepGrantNews(kiosk, event);
    if (event.type === 'hold-ended') endHold(kiosk, event);
    const item = movedBy(event);
    if (item === null) return shelves.apply(kiosk, event);
    const happened = Math.min(at, nowMs());
    const last = lastMove.get(item);
    const elsewhere = last && last.kiosk !== kiosk ? last : null;
    if (elsewhere && trust === 'trusted' && happened < elsewhere.at) return shelves.applyLate(kiosk, event);
    putLastMove.run(item, kiosk, Math.max(happened, elsewhere?.at ?? 0));
    shelves.apply(kiosk, event);
  };
}

/** A hold that a kiosk says is over leaves its list. Releasing one is for the catalogue alone. */
function prepareEndHold(db: Connection, changed: Changed) {
  const end = db.prepare<[string, string, string]>(
    'UPDATE hold SET ended = ? WHERE hold = ? AND kiosk = ? AND ended IS NULL',
  );
  return (kiosk: KioskId, { hold, reason }: Extract<Event, { type: 'hold-ended' }>) => {
    if (reason !== 'released' && end.run(reason, hold, kiosk).changes > 0) changed('holds', kiosk);
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
    case 'command-taken':
    case 'command-settled':
      return null;
    default:
      return unreachable(event);
  }
}
