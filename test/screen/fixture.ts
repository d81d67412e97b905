import { defaultPolicy, emptyDirectory } from '../../src/circulation/directory.js';
import type { Intent, LockerRecord } from '../../src/circulation/ledger.js';
import { emptyLedger } from '../../src/circulation/ledger.js';
import type { Door, PassHolder, State } from '../../src/circulation/state.js';
import { defaultTimeouts } from '../../src/circulation/timeouts.js';
import type { BookTitle } from '../../src/display/phrases.js';
import {
  boardId,
  type ItemId,
  itemId,
  kioskId,
  type LockerNo,
  lockerNo,
  passId,
  patronId,
  visitNo,
} from '../../src/kernel/ids.js';
import { elapsedMs, epochMs } from '../../src/kernel/time.js';
import type { ViewContext } from '../../src/screen/context.js';
import { momentAt } from '../support/clocks.js';

export const kiosk = kioskId('jn-01');
export const holder: PassHolder = {
  patron: patronId('a1b2c3d4e5f60718'),
  age: 'adult',
  pass: passId('0011223344556677'),
  grant: null,
};
export const bianCheng = itemId('30000000000017');
export const charlotte = itemId('30000000000025');
const titles = new Map<string, BookTitle>([
  [bianCheng, { name: '边城', author: '沈从文' }],
  [charlotte, { name: 'Charlotte’s Web', author: 'E. B. White' }],
]);

/** Six lockers: books in 1 and 2, the rest empty, all doors shut, nobody there. */
export function quietState(change: Partial<State> = {}): State {
  const lockers = [1, 2, 3, 4, 5, 6].map(lockerNo);
  return {
    lockers,
    policy: { ...defaultPolicy, loanDays: 30 },
    directory: emptyDirectory,
    online: true,
    recentLoans: new Map(),
    pinWaits: new Map(),
    pinFailuresClearAt: elapsedMs(0),
    waits: defaultTimeouts,
    ledger: { ...emptyLedger, lockers: records() },
    doors: new Map(lockers.map((locker): [LockerNo, Door] => [locker, 'closed'])),
    boards: boards(true),
    lastClosedAt: new Map(),
    items: new Map(),
    chattering: new Set(),
    lateVisits: new Map(),
    journalWritable: true,
    journalFailedAt: null,
    visit: { kind: 'idle' },
    notice: null,
    ...change,
  };
}

/** The one board of the six lockers. */
export function boards(ready: boolean): State['boards'] {
  const lockers = [1, 2, 3, 4, 5, 6].map(lockerNo);
  return new Map([
    [
      boardId('main'),
      { lockers, ready, closedWhenLost: new Set(), lastPulse: null, firstVisitSince: visitNo(1) },
    ],
  ]);
}

/** A locker with that item behind its door. */
export const holding = (item: ItemId | null, intent: Intent | null = null): LockerRecord => ({
  item,
  intent,
  withheld: null,
  missed: 0,
  damage: null,
});

function records(): Map<LockerNo, LockerRecord> {
  return new Map([
    [lockerNo(1), holding(bianCheng)],
    [lockerNo(2), holding(charlotte)],
  ]);
}

const nobody = { holder: null, work: null };

/** The state at door 1 during a checkout of its book, or at door 3 during a checkin of the same book. */
export function atDoor(kind: 'opening' | 'open', purpose: 'checkout' | 'checkin'): State {
  const opened = kind === 'open';
  const locker = lockerNo(purpose === 'checkout' ? 1 : 3);
  const visit = visitNo(1);
  const [since, deadline] = [elapsedMs(0), elapsedMs(15_000)];
  const { patron } = holder;
  const about = { visit, item: bianCheng, opened };
  const intent: Intent = purpose === 'checkout' ? { ...about, purpose, patron } : { ...about, purpose };
  const item = purpose === 'checkout' && !opened ? bianCheng : null;
  const lockers = records().set(lockerNo(1), holding(null)).set(locker, holding(item, intent));
  const loan = { patron, dueAt: due, dueProvisional: false, renewals: 0, renewalAsked: false };
  const loans = opened && purpose === 'checkout' ? new Map([[bianCheng, loan]]) : new Map();
  return quietState({
    ledger: { ...emptyLedger, lockers, loans, nextVisit: visitNo(2) },
    visit: opened
      ? { kind: 'open', locker, visit, ...nobody, deadline, remindAt: elapsedMs(5_000), reminders: 0 }
      : {
          kind: 'opening',
          locker,
          visit,
          ...nobody,
          attempt: 1,
          attemptStartedAt: since,
          stuck: false,
          deadline,
        },
  });
}

/** The last second of 14 August 2026 in Shanghai; still the 14th in UTC, the 15th in Auckland. */
export const due = epochMs(Date.UTC(2026, 7, 14, 15, 59, 59));

export const start = momentAt(due - 30);

export function contextAt(moment = start, online = true): ViewContext {
  const name = { zh: '江宁路书亭', en: 'Jiangning Road kiosk' };
  return {
    kiosk: { id: kiosk, name },
    titleOf: (item) => titles.get(item) ?? null,
    online,
    neighbours: [],
    receiptOf: () => null,
    invitation: 'https://books.example/k/jn-01?c=12345678',
    moment,
  };
}
