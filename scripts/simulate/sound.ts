import type { Breaker } from './machine.js';

/** Breaks nothing. */
export const sound: Breaker = {
  parts: (parts) => parts,
  begin: (state) => state,
  link: (options) => options,
};
