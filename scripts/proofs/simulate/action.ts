import type { Random } from '../support/random.js';
import type { FaultGroup } from './mix.js';
import type { World } from './world.js';

/** Something that may happen in a simulated street. */
export interface Action {
  readonly name: string;
  /** The fault group it belongs to; none for usual actions, and for what ends a fault. */
  readonly faultGroup?: FaultGroup;
  /** How likely it is now beside the others, in a usual run; 0: impossible. */
  weight(world: World): number;
  /**
   * Lets it happen, as far as it can, and says in words what happened. What exactly, its own dice decide, so that it
   * stays the same when others are dropped from the run.
   */
  run(world: World, dice: Random): string;
}

/** One action of a run; runs are recorded, replayed and shortened in this form. */
export interface TakenAction {
  readonly action: string;
  /** The seed of its dice. */
  readonly dice: number;
  /** How long after the one before. */
  readonly waitMs: number;
}
