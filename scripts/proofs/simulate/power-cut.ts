/** Where the power may be cut within a step. */
export const cutPoints = ['before-decide', 'before-append', 'after-append', 'after-effect'] as const;
export type CutPoint = (typeof cutPoints)[number];

/** Thrown through the shell when the power is cut: nothing after it happens. */
export class PowerCut extends Error {}
