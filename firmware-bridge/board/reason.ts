/** Why the board refuses (ANSWER, ../README.md), by number from 1. */
const reasons = [
  'locker-unknown',
  'too-many-locks-on',
  'pulse-length-zero',
  'not-configured',
  'settings-impossible',
  'settings-differ',
  'lock-resting',
] as const;

/** The word for an ANSWER's result; `result` is not 0. */
export function reasonOf(result: number): string {
  return reasons[result - 1] ?? `reason-${result}`;
}
