import type { Random } from '../support/random.js';
import type { FaultGroup } from './actors.js';
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

type Weight = number | Action['weight'];

/** A usual action, or one that ends a fault. */
export const action = (name: string, weight: Weight, run: Action['run']): Action => ({
  name,
  weight: typeof weight === 'number' ? () => weight : weight,
  run,
});

/** An action that belongs to a fault group. */
export function fault(faultGroup: FaultGroup, name: string, weight: Weight, run: Action['run']): Action {
  return { faultGroup, ...action(name, weight, run) };
}

/** A weight for worlds of one kind, and another for the others. */
export function when(weight: number, isSo: (world: World) => boolean, otherwise = 0): Action['weight'] {
  return (world) => (isSo(world) ? weight : otherwise);
}

export const isOn = ({ machine }: World): boolean => machine.isOn;

/** Whether the program runs and can write its journal. */
export const isWritable = ({ machine }: World): boolean => machine.isOn && machine.state.journalWritable;

/** One action of a run; runs are recorded, replayed and shortened in this form. */
export interface TakenAction {
  readonly action: string;
  /** The seed of its dice. */
  readonly dice: number;
  /** How long after the one before. */
  readonly waitMs: number;
}
