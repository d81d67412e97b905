import type { Action } from '../action.js';
import { doors } from './doors.js';
import { faults } from './faults.js';
import { residents } from './residents.js';

/** Everything that may happen in a simulated street. */
export const actions: readonly Action[] = [...residents, ...doors, ...faults];
