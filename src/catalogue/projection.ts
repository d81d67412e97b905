import type { Event, RecordedEvent } from '../circulation/event.js';
import { itemMoveOf } from '../circulation/item-moves.js';
import type { KioskId } from '../kernel/ids.js';
import type { EpochMs } from '../kernel/time.js';
import type { Connection } from './database.js';
import { prepareGrantUpdates } from './grants.js';
import { ItemLocations } from './item-locations.js';
import { prepareOrderUpdates } from './orders.js';
import type { DocumentChanged } from './versions.js';

/** The last move of an item. */
interface Move {
  readonly kiosk: KioskId;
  readonly at: number;
}

/**
 * Creates the function that applies events to loans, places, holds, orders and grants. One kiosk's events count in its own order. Between kiosks the
 * later event counts, by the clocks that were trusted, for a kiosk may have been offline for weeks; where a clock was not
 * trusted, the order of arrival counts. No event is later than its arrival, whatever its time stamp.
 */
export function prepareProjection(
  db: Connection,
  nowMs: () => EpochMs,
  changed: DocumentChanged,
): (kiosk: KioskId, recorded: RecordedEvent) => void {
  const shelves = new ItemLocations(db, changed);
  const lastMove = db.prepare<[string], Move>('SELECT kiosk, at FROM last_move WHERE item = ?');
  const putLastMove = db.prepare<[string, string, number]>(
    'INSERT OR REPLACE INTO last_move (item, kiosk, at) VALUES (?, ?, ?)',
  );
  const endHold = prepareEndHold(db, changed);
  const updateOrders = prepareOrderUpdates(db);
  const updateGrants = prepareGrantUpdates(db);
  return (kiosk, { at, trust, event }) => {
    updateOrders(kiosk, event);
    updateGrants(kiosk, event);
    if (event.type === 'hold-ended') endHold(kiosk, event);
    const item = itemMoveOf(event)?.item ?? null;
    if (item === null) return shelves.apply(kiosk, event);
    const happened = Math.min(at, nowMs());
    const last = lastMove.get(item);
    const elsewhere = last && last.kiosk !== kiosk ? last : null;
    if (elsewhere && trust === 'trusted' && happened < elsewhere.at) return shelves.applyLate(kiosk, event);
    putLastMove.run(item, kiosk, Math.max(happened, elsewhere?.at ?? 0));
    shelves.apply(kiosk, event);
  };
}

/** Ends a hold that its kiosk reports as ended. Only the catalogue releases holds. */
function prepareEndHold(db: Connection, changed: DocumentChanged) {
  const end = db.prepare<[string, string, string]>(
    'UPDATE hold SET ended = ? WHERE hold = ? AND kiosk = ? AND ended IS NULL',
  );
  return (kiosk: KioskId, { hold, reason }: Extract<Event, { type: 'hold-ended' }>) => {
    if (reason !== 'released' && end.run(reason, hold, kiosk).changes > 0) changed('holds', kiosk);
  };
}
