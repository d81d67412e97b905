import { type KioskId, kioskId } from '../../src/kernel/ids.js';
import type { Log } from '../../src/kernel/log.js';

/** The street that is tortured. */
export const street = 'torture';
/** The number of lockers of each kiosk. */
export const lockerCount = 24;

export const kioskNo = (n: number): KioskId => kioskId(`kiosk-${n}`);

const nothing = () => undefined;
/** A log nobody reads: what counts is what is stored in the end. */
export const quiet: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** An event as whoever made it wrote it down, once it was durable. */
export interface Witnessed {
  readonly epoch: string;
  readonly position: number;
  readonly body: string;
}
