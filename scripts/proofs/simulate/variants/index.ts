import type { Variant } from '../variant.js';
import { coreVariants } from './core.js';
import { shellVariants } from './shell.js';

/** Every way in which a kiosk is broken on purpose. */
export const variants: readonly Variant[] = [...shellVariants, ...coreVariants];
