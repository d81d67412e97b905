import type { Deed } from './action.js';
import { retell, type StoryParts, type Telling } from './trace.js';

/** Tellings that a story may cost to be shortened; some thousand deeds take a few hundred. */
const mostTellings = 1_500;

/**
 * A story as short as can be found in which the same check still fails, told once more: chunks are dropped, large ones
 * first, until no single deed can be spared; then waits are cut short.
 */
export function shrink(parts: StoryParts, told: Telling): Telling {
  const check = told.violation?.check;
  let best = told;
  let tellings = 0;
  const isStill = (deeds: readonly Deed[]): boolean => {
    if (tellings >= mostTellings) return false;
    tellings += 1;
    const again = retell(parts, deeds);
    if (again.violation?.check !== check) return false;
    best = again;
    return true;
  };
  for (let before = -1; before !== best.deeds.length; ) {
    before = best.deeds.length;
    for (let size = Math.ceil(before / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0)
      dropChunks(best, size, isStill, () => best);
  }
  for (let at = 0; at < best.deeds.length; at += 1) {
    const { deeds } = best;
    isStill(deeds.map((deed, place) => (place === at ? { ...deed, waitMs: 0 } : deed)));
  }
  return best;
}

/** Tries to do without each chunk of `size` deeds, from the end: what came last depends on what came first. */
function dropChunks(
  { deeds }: Telling,
  size: number,
  isStill: (deeds: readonly Deed[]) => boolean,
  best: () => Telling,
): void {
  for (let from = deeds.length - size; from > -size; from -= size) {
    const { deeds: left } = best();
    if (from >= left.length) continue;
    isStill([...left.slice(0, Math.max(0, from)), ...left.slice(from + size)]);
  }
}
