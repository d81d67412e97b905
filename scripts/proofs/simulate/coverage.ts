import type { Input } from '../../../src/circulation/input.js';
import type { Visit } from '../../../src/circulation/state.js';

const visits: Readonly<Record<Visit['kind'], true>> = {
  idle: true,
  choosing: true,
  identifying: true,
  asking: true,
  pin: true,
  working: true,
  opening: true,
  open: true,
  farewell: true,
};

const inputs: Readonly<Record<Input['kind'], true>> = {
  'pass-shown': true,
  'item-shown': true,
  'card-shown': true,
  'staff-shown': true,
  'locker-chosen': true,
  'pin-entered': true,
  'return-chosen': true,
  'renewal-chosen': true,
  'another-wanted': true,
  'not-taken': true,
  'damage-reported': true,
  'staff-acted': true,
  'online-changed': true,
  'directory-updated': true,
  'policy-updated': true,
  'holds-updated': true,
  'command-received': true,
  'returns-updated': true,
  'pin-checked': true,
  'journal-recovered': true,
  'scan-refused': true,
  cancelled: true,
  door: true,
  'board-ready': true,
  'board-lost': true,
  'item-sensed': true,
  'switch-chatters': true,
  'door-stuck': true,
  'lock-refused': true,
  'journal-failed': true,
  'time-passed': true,
};

/** Pairs that cannot be, each with its reason; they are not asked for, and seen nevertheless they are no fault. */
const unreachable: Readonly<Record<string, string>> = {};

/** How often each kind of input met each kind of visit. */
export class Coverage {
  readonly #seen = new Map<string, number>();

  see(visit: Visit['kind'], input: Input['kind']): void {
    const pair = `${visit} × ${input}`;
    this.#seen.set(pair, (this.#seen.get(pair) ?? 0) + 1);
  }

  /** How many pairs should be seen. */
  get wanted(): number {
    return allPairs().filter((pair) => unreachable[pair] === undefined).length;
  }

  /** Pairs that should have been seen and were not. */
  missing(): readonly string[] {
    return allPairs().filter((pair) => !this.#seen.has(pair) && unreachable[pair] === undefined);
  }

  /** Pairs by how often they were seen, the rarest first. */
  counts(): readonly (readonly [pair: string, times: number])[] {
    return [...this.#seen].sort(([, a], [, b]) => a - b);
  }
}

function allPairs(): readonly string[] {
  return Object.keys(visits).flatMap((visit) => Object.keys(inputs).map((input) => `${visit} × ${input}`));
}
