/** What came of a campaign. */
export interface AttackOutcome {
  /** Messages, by how they were made. */
  readonly sent: ReadonlyMap<string, number>;
  /** Errors that were thrown, in words; the first few, and how many there were. */
  readonly crashes: readonly string[];
  /** Messages that did something they must not, in words. */
  readonly believed: readonly string[];
  /** Locks that were released by them. */
  readonly unlocks: number;
  /** True messages afterwards, and how many of them were believed: the gate is not just shut. */
  readonly genuine: { readonly sent: number; readonly believed: number };
}

/** How many messages there were. */
export const total = (sent: AttackOutcome['sent']): number =>
  [...sent.values()].reduce((sum, n) => sum + n, 0);

/** Counts one more. */
export const count = (sent: Map<string, number>, how: string): void =>
  void sent.set(how, (sent.get(how) ?? 0) + 1);
