import type { TakenAction } from './action.js';
import { type Run, type RunParts, replay } from './trace.js';

/** Replays that shortening a run may take; some thousand actions take a few hundred. */
const maxReplays = 1_500;

/**
 * A story as short as can be found in which the same check still fails, original once more: chunks are dropped, large ones
 * first, until no single action can be spared; then waits are cut short.
 */
export function shrink(parts: RunParts, original: Run): Run {
  const check = original.violation?.check;
  let best = original;
  let replays = 0;
  const isStill = (taken: readonly TakenAction[]): boolean => {
    if (replays >= maxReplays) return false;
    replays += 1;
    const again = replay(parts, taken);
    if (again.violation?.check !== check) return false;
    best = again;
    return true;
  };
  for (let before = -1; before !== best.actions.length; ) {
    before = best.actions.length;
    for (let size = Math.ceil(before / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0)
      dropChunks(best, size, isStill, () => best);
  }
  for (let at = 0; at < best.actions.length; at += 1) {
    const { actions: taken } = best;
    isStill(taken.map((action, place) => (place === at ? { ...action, waitMs: 0 } : action)));
  }
  return best;
}

/** Tries to drop each chunk of `size` actions, from the end: what came last depends on what came first. */
function dropChunks(
  { actions: taken }: Run,
  size: number,
  isStill: (taken: readonly TakenAction[]) => boolean,
  best: () => Run,
): void {
  for (let from = taken.length - size; from > -size; from -= size) {
    const { actions: left } = best();
    if (from >= left.length) continue;
    isStill([...left.slice(0, Math.max(0, from)), ...left.slice(from + size)]);
  }
}
