import type { Damage } from '../../src/circulation/event.js';
import { emptyLedger } from '../../src/circulation/ledger.js';
import type { State } from '../../src/circulation/state.js';
import { lockerNo, staffId, visitNo } from '../../src/kernel/ids.js';
import { elapsedMs } from '../../src/kernel/time.js';
import { bianCheng, charlotte, due, holder, holding, quietState } from './fixture.js';

/** States of one visit, for the tests of the page. */
export const deadline = elapsedMs(20_000);

/** A library card was shown. */
export const atPin = (change: Partial<State> = {}, isChecking = false): State => {
  const { patron, age } = holder;
  return quietState({
    visit: { kind: 'pin', patron, age, locker: null, isChecking, deadline },
    ...change,
  });
};

/** A member of staff at work; the book in locker 2 is wanted elsewhere, locker 4 is kept out of use. */
export function working(emergency: 'no' | 'asked' | 'confirmed' = 'no'): State {
  const { directory, ledger } = quietState();
  const work = { staff: staffId('5555555555555555'), task: null, left: [], found: undefined };
  const kept = { ...holding(null), withheld: 'did-not-open' as const };
  return quietState({
    visit: { kind: 'working', work, emergency, deadline },
    directory: { ...directory, wanted: new Set([charlotte]) },
    ledger: { ...ledger, lockers: new Map(ledger.lockers).set(lockerNo(4), kept) },
  });
}

/** Her pass was shown; she has borrowed a book just now. */
export function choosing(change: Partial<State> = {}): State {
  const { patron } = holder;
  const loan = {
    visit: visitNo(1),
    patron,
    dueAt: due,
    dueProvisional: false,
    renewals: 0,
    renewalAsked: false,
  };
  const { lockers } = quietState().ledger;
  return quietState({
    visit: { kind: 'choosing', holder, deadline },
    ledger: { ...emptyLedger, lockers, loans: new Map([[bianCheng, loan]]) },
    recentLoans: new Map([[lockerNo(1), { visit: visitNo(1), item: bianCheng, patron, until: deadline }]]),
    ...change,
  });
}

/** A book was brought back. */
export function returned(damage: Damage | null): State {
  const [item, visit, trust] = [bianCheng, visitNo(1), 'trusted'] as const;
  const outcome = { kind: 'returned', item, visit, at: due, trust, damage } as const;
  return quietState({
    visit: { kind: 'farewell', outcome, locker: lockerNo(3), holder: null, deadline },
  });
}

/** Her own book was shown after her pass. */
export const asking = quietState({ visit: { kind: 'asking', holder, item: bianCheng, deadline } });
