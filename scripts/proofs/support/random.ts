/** A source of chance that a seed repeats: the same seed gives the same numbers in the same order. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True so often as `share` (0 to 1) says. */
  chance(share: number): boolean;
  /** One of the list, which is not empty. */
  pick<T>(list: readonly T[]): T;
}

/** A stream of its own for `name`, so that one user of chance does not move another's. */
export function createRandom(seed: number, name: string): Random {
  let state = [...name].reduce((hash, letter) => mix(hash ^ letter.charCodeAt(0)), mix(seed));
  const next = () => {
    state = (state + 0x9e37_79b9) | 0;
    return (mix(state) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    between,
    chance: (share) => next() < share,
    pick(list) {
      const picked = list[between(0, list.length - 1)];
      if (picked === undefined) throw new Error('nothing to pick from');
      return picked;
    },
  };
}

/** Spreads 32 bits so that neighbours have nothing in common (the finalizer of MurmurHash3). */
function mix(bits: number): number {
  let hash = bits | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}
