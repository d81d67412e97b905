import { type Check, Violation } from './check.js';
import type { World } from './world.js';

/** A check by its name, with the numbers of the promises of the design that it watches. */
export interface CheckKind {
  readonly name: string;
  readonly promises: readonly number[];
  readonly create: (world: World, fail: (message: string) => never) => Check;
}

/** A check by its name, its promises, and what creates it. */
export const check = (name: string, promises: readonly number[], create: CheckKind['create']): CheckKind => ({
  name,
  promises,
  create,
});

/** Makes the checks of one world. */
export function createChecks(kinds: readonly CheckKind[], world: World): readonly Check[] {
  return kinds.map(({ name, create }) =>
    create(world, (message) => {
      throw new Violation(name, message);
    }),
  );
}
