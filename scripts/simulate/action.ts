import type { Random } from '../random.js';
import type { World } from './world.js';

/** Something that may happen in a simulated street. What exactly, `run` decides by its own dice, so that it stays the same when others are dropped. */
export interface Action {
  readonly name: string;
  /** How likely it is now beside the others; 0: it cannot be. */
  weight(world: World): number;
  /** Lets it happen, as far as it can; says in words what happened. */
  run(world: World, dice: Random): string;
}

/** One thing that happened in a story; stories are written down, replayed and shortened in this form. */
export interface Deed {
  readonly action: string;
  /** The seed of its dice. */
  readonly dice: number;
  /** How long after the one before. */
  readonly waitMs: number;
}
