import type { ItemId, LockerNo, PatronId, VisitNo } from '../kernel/ids.js';
import type { EpochMs } from '../kernel/time.js';
import type { Event, WithheldReason } from './event.js';

/** An unlock that was decided and whose outcome is not yet recorded in full. */
export interface Intent {
  readonly visit: VisitNo;
  readonly purpose: 'checkout' | 'checkin';
  readonly item: ItemId;
  /** Who borrows; null for a checkin, which anyone may do. */
  readonly patron: PatronId | null;
  /** True once the door is recorded to have opened. */
  readonly opened: boolean;
}

/** One locker as recorded: the item behind its door, and the intent that is under way there. */
export interface LockerRecord {
  readonly item: ItemId | null;
  readonly intent: Intent | null;
  /** Why it is out of use until it is restored; null while it is in use. */
  readonly withheld: WithheldReason | null;
  /** Visits in a row that were over before its door had opened. */
  readonly missed: number;
}

/** An item on loan from this kiosk. */
export interface Loan {
  readonly patron: PatronId;
  readonly dueAt: EpochMs;
  readonly dueProvisional: boolean;
}

/** What the journal's events add up to: kept as tables by the journal, and in memory by the kiosk. */
export interface Ledger {
  readonly lockers: ReadonlyMap<LockerNo, LockerRecord>;
  readonly loans: ReadonlyMap<ItemId, Loan>;
  /** Number of the next visit; one more than the highest recorded. */
  readonly nextVisit: VisitNo;
}

/** One row of the ledger replaced. The same list of changes updates the tables and the memory. */
export type LedgerChange =
  | { readonly kind: 'locker'; readonly locker: LockerNo; readonly record: LockerRecord }
  | { readonly kind: 'loan'; readonly item: ItemId; readonly loan: Loan | null };

export const emptyLedger: Ledger = { lockers: new Map(), loans: new Map(), nextVisit: 1 as VisitNo };

const emptyLocker: LockerRecord = { item: null, intent: null, withheld: null, missed: 0 };

/** The record of a locker; one that no event ever named is empty. */
export function lockerOf(ledger: Ledger, locker: LockerNo): LockerRecord {
  return ledger.lockers.get(locker) ?? emptyLocker;
}

/** What `event` changes in `ledger`. Pure and total: events are facts and are never refused. */
export function changesOf(ledger: Ledger, event: Event): readonly LedgerChange[] {
  const record = lockerOf(ledger, event.locker);
  const locker = (change: Partial<LockerRecord>): LedgerChange => ({
    kind: 'locker',
    locker: event.locker,
    record: { ...record, ...change },
  });
  switch (event.type) {
    case 'item-stocked':
      return [locker({ item: event.item })];
    case 'checkout-intended': {
      const { visit, item, patron } = event;
      return [locker({ intent: { visit, purpose: 'checkout', item, patron, opened: false } })];
    }
    case 'checkin-intended': {
      const { visit, item } = event;
      return [locker({ intent: { visit, purpose: 'checkin', item, patron: null, opened: false } })];
    }
    case 'item-lent': {
      const { patron, dueAt, dueProvisional } = event;
      const intent = record.intent && { ...record.intent, opened: true };
      return [
        locker({ item: null, intent, missed: 0 }),
        { kind: 'loan', item: event.item, loan: { patron, dueAt, dueProvisional } },
      ];
    }
    case 'checkin-opened':
      return [locker({ intent: record.intent && { ...record.intent, opened: true }, missed: 0 })];
    case 'item-returned':
      return [locker({ item: event.item, intent: null }), { kind: 'loan', item: event.item, loan: null }];
    case 'checkout-completed':
      return [locker({ intent: null })];
    case 'checkout-cancelled':
    case 'checkin-cancelled': {
      const missed = event.reason === 'never-opened' ? record.missed + 1 : record.missed;
      return [locker({ intent: null, missed })];
    }
    case 'locker-withheld':
      return [locker({ withheld: event.reason })];
    case 'locker-restored':
      return [locker({ withheld: null, missed: 0 })];
  }
}

/** `ledger` after `event`. */
export function applyEvent(ledger: Ledger, event: Event): Ledger {
  const lockers = new Map(ledger.lockers);
  const loans = new Map(ledger.loans);
  for (const change of changesOf(ledger, event)) {
    if (change.kind === 'locker') lockers.set(change.locker, change.record);
    else if (change.loan) loans.set(change.item, change.loan);
    else loans.delete(change.item);
  }
  const visit = 'visit' in event ? event.visit : 0;
  return { lockers, loans, nextVisit: Math.max(ledger.nextVisit, visit + 1) as VisitNo };
}
