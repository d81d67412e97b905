import { type Station, stationSchema } from '../contract/monitoring-messages.js';
import { readPayload } from '../contract/payload.js';
import type { KioskId } from '../kernel/ids.js';

/**
 * The last `station` message of each kiosk. These are not sealed, so nothing is decided by them.
 */
export class Stations {
  readonly #stations = new Map<KioskId, Station>();

  /** `isKnown`: whether a kiosk of this name is enrolled; stations of others are rejected. */
  constructor(private readonly isKnown: (kiosk: KioskId) => boolean) {}

  /** Stores a `station` message of `kiosk`; false if it is invalid or the kiosk is unknown. */
  update(kiosk: KioskId, payload: Uint8Array): boolean {
    const station = readPayload(stationSchema, payload);
    if (!station || station.station !== kiosk || !this.isKnown(kiosk)) return false;
    this.#stations.set(kiosk, station);
    return true;
  }

  /** All stations, sorted by kiosk. */
  list(): Station[] {
    return [...this.#stations].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, station]) => station);
  }
}
