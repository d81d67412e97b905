import { type Station, stationSchema } from '../contract/monitoring-messages.js';
import { readPayload } from '../contract/payload.js';
import type { KioskId } from '../kernel/ids.js';

/**
 * What the kiosks of the street last said to the public. Not sealed: whoever may publish there could say it as well, and
 * nothing is decided by it.
 */
export class Stations {
  readonly #stations = new Map<KioskId, Station>();

  /** `isKnown`: whether there is a kiosk of this name; others are not kept. */
  constructor(private readonly isKnown: (kiosk: KioskId) => boolean) {}

  /** Takes what was said in the name of `kiosk`; false for what is no such document, or of no kiosk. */
  heard(kiosk: KioskId, payload: Uint8Array): boolean {
    const station = readPayload(stationSchema, payload);
    if (!station || station.station !== kiosk || !this.isKnown(kiosk)) return false;
    this.#stations.set(kiosk, station);
    return true;
  }

  /** All of them, by name. */
  list(): Station[] {
    return [...this.#stations].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, station]) => station);
  }
}
