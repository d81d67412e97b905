import { kioskId } from '../../../../src/kernel/ids.js';
import type { Log } from '../../../../src/kernel/log.js';

/** The street and the kiosk of the bench. */
export const street = 'bench';
export const kiosk = kioskId('bench-01');

const nothing = () => undefined;
/** A log nobody reads. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
