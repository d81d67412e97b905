import type { Random } from '../support/random.js';
import type { Trouble } from './mix.js';
import type { World } from './world.js';

/** Something that may happen in a simulated street. */
export interface Action {
  readonly name: string;
  /** The trouble it is part of; none for what is usual, and for what ends a trouble. */
  readonly trouble?: Trouble;
  /** How likely it is now beside the others, as usual stories have it; 0: it cannot be. */
  weight(world: World): number;
  /**
   * Lets it happen, as far as it can, and says in words what happened. What exactly, its own dice decide, so that it
   * stays the same when others are dropped from the story.
   */
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
