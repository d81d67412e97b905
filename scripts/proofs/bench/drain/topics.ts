import { kioskId } from '../../../../src/kernel/ids.js';

/** The street and the kiosk of the bench. */
export const street = 'bench';
export const kiosk = kioskId('bench-01');
