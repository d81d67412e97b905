import type { ItemId, LockerNo, VisitNo } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { Event } from './event.js';
import {
  type Intent,
  type Ledger,
  type LedgerChange,
  type Loan,
  type LockerRecord,
  lockerOf,
} from './ledger.js';

/** What `event` changes in `ledger`. Pure and total: events are facts and are never refused. */
export function changesOf(ledger: Ledger, event: Event): readonly LedgerChange[] {
  switch (event.type) {
    case 'checkout-intended':
    case 'checkin-intended':
    case 'access-intended':
      return intentChanges(ledger, event);
    case 'item-lent': {
      const { visit, locker, item, patron, dueAt, dueProvisional } = event;
      const loan: Loan = { patron, visit, dueAt, dueProvisional, renewals: 0, renewalAsked: false };
      const emptied = { item: null, damage: null, intent: openedIntent(ledger, locker), missed: 0 };
      return [lockerChange(ledger, locker, emptied), { part: 'loans', key: item, row: loan }];
    }
    case 'checkin-opened':
    case 'access-opened':
      return [lockerChange(ledger, event.locker, { intent: openedIntent(ledger, event.locker), missed: 0 })];
    case 'item-returned':
      return itemPlacedChanges(ledger, event.locker, event.item, { intent: null });
    case 'item-stocked':
      return itemPlacedChanges(ledger, event.locker, event.item, { damage: null });
    case 'checkout-undone':
      return itemPlacedChanges(ledger, event.locker, event.item, {});
    case 'item-counted':
      return event.item === null
        ? [lockerChange(ledger, event.locker, { item: null, damage: null })]
        : itemPlacedChanges(
            ledger,
            event.locker,
            event.item,
            remainingDamage(ledger, event.locker, event.item),
          );
    case 'item-withdrawn':
      return [lockerChange(ledger, event.locker, { item: null, damage: null })];
    case 'checkout-completed':
    case 'access-completed':
      return [lockerChange(ledger, event.locker, { intent: null })];
    case 'checkout-cancelled':
    case 'checkin-cancelled':
    case 'access-cancelled': {
      const { missed } = lockerOf(ledger, event.locker);
      const isMiss = event.reason === 'never-opened';
      return [lockerChange(ledger, event.locker, { intent: null, missed: isMiss ? missed + 1 : missed })];
    }
    case 'item-damaged':
      return [lockerChange(ledger, event.locker, { damage: event.damage })];
    case 'locker-withheld':
      return [lockerChange(ledger, event.locker, { withheld: event.reason })];
    case 'locker-restored':
      return [lockerChange(ledger, event.locker, { withheld: null, missed: 0, damage: null })];
    default:
      return changesWithoutLocker(ledger, event);
  }
}

type IntendedEvent = Extract<Event, { readonly type: `${string}-intended` }>;

/** The changes when a door is about to be unlocked. */
function intentChanges(ledger: Ledger, event: IntendedEvent): readonly LedgerChange[] {
  const { visit, locker, item } = event;
  switch (event.type) {
    case 'checkout-intended': {
      const intent: Intent = {
        visit,
        purpose: 'checkout',
        item: event.item,
        patron: event.patron,
        opened: false,
      };
      return [
        lockerChange(ledger, locker, { intent }),
        ...spentPassChanges(ledger, event),
        ...commandVisitChanges(ledger, event),
      ];
    }
    case 'checkin-intended':
      return [
        lockerChange(ledger, locker, {
          intent: { visit, purpose: 'checkin', item: event.item, opened: false },
        }),
      ];
    case 'access-intended': {
      const { staff, task } = event;
      const intent: Intent = { visit, purpose: 'access', staff, task, item, opened: false };
      return [lockerChange(ledger, locker, { intent }), ...commandVisitChanges(ledger, event)];
    }
  }
}

type LockerEvent = Extract<Event, { readonly locker: LockerNo }>;

/** The changes of events without a locker: loans, holds, PINs and commands. */
function changesWithoutLocker(ledger: Ledger, event: Exclude<Event, LockerEvent>): readonly LedgerChange[] {
  switch (event.type) {
    case 'renewal-asked':
    case 'renewal-refused': {
      const loan = ledger.loans.get(event.item);
      const renewalAsked = event.type === 'renewal-asked';
      return loan ? [{ part: 'loans', key: event.item, row: { ...loan, renewalAsked } }] : [];
    }
    case 'item-renewed': {
      const { item, dueAt, dueProvisional } = event;
      const loan = ledger.loans.get(item);
      if (!loan) return [];
      const renewals = loan.renewals + 1;
      return [
        { part: 'loans', key: item, row: { ...loan, dueAt, dueProvisional, renewals, renewalAsked: false } },
      ];
    }
    case 'loan-closed':
      return ledger.loans.get(event.item)?.visit === event.visit
        ? [{ part: 'loans', key: event.item, row: null }]
        : [];
    case 'hold-placed': {
      const { hold, item, patron, until } = event;
      return [{ part: 'holds', key: hold, row: { item, patron, until, ended: null } }];
    }
    case 'hold-ended': {
      const hold = ledger.holds.get(event.hold);
      const row = hold && event.reason !== 'released' ? { ...hold, ended: event.reason } : null;
      return [{ part: 'holds', key: event.hold, row }];
    }
    case 'pin-tried':
      return [{ part: 'pinTries', key: event.patron, row: (ledger.pinTries.get(event.patron) ?? 0) + 1 }];
    case 'pin-accepted':
      return [{ part: 'pinTries', key: event.patron, row: null }];
    case 'command-taken':
      return commandTakenChanges(ledger, event);
    case 'command-settled': {
      const { command, answer, reason = null } = event;
      const row = ledger.commands.get(command);
      return row ? [{ part: 'commands', key: command, row: { ...row, answer, reason } }] : [];
    }
  }
}

function lockerChange(ledger: Ledger, locker: LockerNo, changed: Partial<LockerRecord>): LedgerChange {
  return { part: 'lockers', key: locker, row: { ...lockerOf(ledger, locker), ...changed } };
}

/**
 * Puts an item into a locker, and removes it from loans and other lockers, whatever was recorded. Damage reported while the
 * door was open is kept.
 */
function itemPlacedChanges(
  ledger: Ledger,
  locker: LockerNo,
  item: ItemId,
  changed: Partial<LockerRecord>,
): readonly LedgerChange[] {
  const others = [...ledger.lockers].filter(([other, record]) => record.item === item && other !== locker);
  return [
    ...others.map(([other]) => lockerChange(ledger, other, { item: null, damage: null })),
    lockerChange(ledger, locker, { item, ...changed }),
    ...(ledger.loans.has(item) ? [{ part: 'loans', key: item, row: null } as const] : []),
  ];
}

/** The damage record after a count: kept for the same item, cleared for another one. */
function remainingDamage(ledger: Ledger, locker: LockerNo, item: ItemId): Pick<LockerRecord, 'damage'> {
  const record = lockerOf(ledger, locker);
  return { damage: record.item === item ? record.damage : null };
}

function openedIntent(ledger: Ledger, locker: LockerNo): Intent | null {
  const { intent } = lockerOf(ledger, locker);
  return intent && { ...intent, opened: true };
}

/** Remembers a used single-use pass; above the limit the one that expires first is dropped. */
function spentPassChanges(
  { spent }: Ledger,
  { pass, singleUseUntil }: Extract<Event, { type: 'checkout-intended' }>,
): readonly LedgerChange[] {
  if (pass === undefined || singleUseUntil === undefined) return [];
  const remembered: LedgerChange = { part: 'spent', key: pass, row: singleUseUntil };
  if (spent.size < limits.spentPassesLength) return [remembered];
  const [oldest] = [...spent].sort(([, a], [, b]) => a - b);
  return oldest ? [{ part: 'spent', key: oldest[0], row: null }, remembered] : [remembered];
}

/** Remembers a command, and drops those that expired well before it was issued. */
function commandTakenChanges(
  { commands }: Ledger,
  { command, issuedAt, expiresAt, answer, reason }: Extract<Event, { type: 'command-taken' }>,
): readonly LedgerChange[] {
  const over = [...commands].filter(([, row]) => row.expiresAt + limits.commandSkewMs <= issuedAt);
  return [
    ...over.map(([key]) => ({ part: 'commands', key, row: null }) as const),
    {
      part: 'commands',
      key: command,
      row: { issuedAt, expiresAt, answer, reason: reason ?? null, visit: null },
    },
  ];
}

/** Records the visit in which a command is executed. */
function commandVisitChanges(
  { commands }: Ledger,
  { command, visit }: Extract<Event, { type: 'checkout-intended' | 'access-intended' }>,
): readonly LedgerChange[] {
  const row = command && commands.get(command);
  return command && row ? [{ part: 'commands', key: command, row: { ...row, visit } }] : [];
}

/** `ledger` after `event`. */
export function applyEvent(ledger: Ledger, event: Event): Ledger {
  const visit = 'visit' in event ? event.visit : 0;
  const after = changesOf(ledger, event).reduce(applyChange, ledger);
  return { ...after, nextVisit: Math.max(ledger.nextVisit, visit + 1) as VisitNo };
}

/** `ledger` with one row replaced. */
export function applyChange(ledger: Ledger, { part, key, row }: LedgerChange): Ledger {
  const rows = new Map<string | number, unknown>(ledger[part]);
  if (row === null) rows.delete(key);
  else rows.set(key, row);
  return { ...ledger, [part]: rows };
}
