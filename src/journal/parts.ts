import { isDeepStrictEqual } from 'node:util';
import type { Ledger } from '../circulation/ledger.js';
import type { VisitNo } from '../kernel/ids.js';

/** A ledger taken as maps by name, so that the journal can keep whatever a release puts into it. */
type Parts = Readonly<Record<string, ReadonlyMap<string | number, unknown>>>;

/** One row of one part of a ledger. */
export interface PartRow {
  readonly part: string;
  readonly key: string | number;
  /** Any JSON value; undefined: there is no such row any more. */
  readonly row: unknown;
}

function partsOf({ nextVisit: _, ...parts }: Ledger): Parts {
  return parts;
}

/** Every row of `ledger`. */
export function rowsOf(ledger: Ledger): PartRow[] {
  return Object.entries(partsOf(ledger)).flatMap(([part, rows]) =>
    [...rows].map(([key, row]) => ({ part, key, row })),
  );
}

/** The ledger that consists of `rows`; a part that `empty` does not have is a bug. */
export function ledgerOf(empty: Ledger, rows: readonly PartRow[], nextVisit: VisitNo): Ledger {
  const names = Object.keys(partsOf(empty));
  const maps = Object.fromEntries(names.map((name) => [name, new Map<string | number, unknown>()]));
  for (const { part, key, row } of rows) {
    const map = maps[part];
    if (map === undefined) throw new TypeError(`a ledger has no ${part}`);
    map.set(key, row);
  }
  return { ...empty, ...maps, nextVisit };
}

/** The rows to replace in `before` to get `after`. Rows are never changed in place, so equal ones are the same object. */
export function changedRows(before: Ledger, after: Ledger): PartRow[] {
  const old = partsOf(before);
  return Object.entries(partsOf(after)).flatMap(([part, rows]) => {
    const oldRows = old[part] ?? new Map();
    if (rows === oldRows) return [];
    const gone = [...oldRows.keys()].filter((key) => !rows.has(key));
    const put = [...rows].filter(([key, row]) => !oldRows.has(key) || oldRows.get(key) !== row);
    return [
      ...gone.map((key) => ({ part, key, row: undefined })),
      ...put.map(([key, row]) => ({ part, key, row })),
    ];
  });
}

/** The rows in which two ledgers differ, one short text each, e.g. `lockers 3`; empty when they agree. */
export function differences(one: Ledger, other: Ledger): string[] {
  const [ours, theirs] = [partsOf(one), partsOf(other)];
  const rows = Object.entries(ours).flatMap(([part, map]) => {
    const others = theirs[part] ?? new Map();
    const keys = [...new Set([...map.keys(), ...others.keys()])];
    return keys
      .filter((key) => !isDeepStrictEqual(map.get(key), others.get(key)))
      .map((key) => `${part} ${key}`);
  });
  return one.nextVisit === other.nextVisit ? rows : [...rows, 'next visit'];
}
