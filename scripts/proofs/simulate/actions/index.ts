import type { Action } from '../action.js';
import { boards } from './boards.js';
import { doors } from './doors.js';
import { power } from './power.js';
import { residents } from './residents.js';
import { staff } from './staff.js';
import { orders, street } from './street.js';

/** Everything that may happen in a simulated street. */
export const actions: readonly Action[] = [
  ...residents,
  ...staff,
  ...doors,
  ...boards,
  ...power,
  ...street,
  ...orders,
];
