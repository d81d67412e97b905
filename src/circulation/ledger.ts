import type {
  CommandId,
  HoldId,
  ItemId,
  LockerNo,
  PassId,
  PatronId,
  StaffId,
  VisitNo,
} from '../kernel/ids.js';
import type { EpochMs } from '../kernel/time.js';
import type { Damage, Event, HoldEnd, StaffTask, WithheldReason } from './event.js';
import type { CommandAnswer } from './order.js';
import { spend, taken, takenUp } from './remembered.js';

/** An unlock that was decided and whose outcome is not yet recorded in full. */
export type Intent = {
  readonly visit: VisitNo;
  /** True once the door is recorded to have opened. */
  readonly opened: boolean;
} & (
  | { readonly purpose: 'checkout'; readonly item: ItemId; readonly patron: PatronId }
  /** Anyone may bring anything. */
  | { readonly purpose: 'checkin'; readonly item: ItemId }
  | {
      readonly purpose: 'access';
      readonly staff: StaffId;
      readonly task: StaffTask;
      readonly item: ItemId | null;
    }
);

/** One locker as recorded: the item behind its door, and the intent that is under way there. */
export interface LockerRecord {
  readonly item: ItemId | null;
  readonly intent: Intent | null;
  /** Why it is out of use until it is restored; null while it is in use. */
  readonly withheld: WithheldReason | null;
  /** Visits in a row that were over before its door had opened. */
  readonly missed: number;
  /** What is wrong with its item, until staff have looked at it. */
  readonly damage: Damage | null;
}

/** An item on loan from this kiosk. */
export interface Loan {
  readonly patron: PatronId;
  /** The visit in which it was lent: tells one loan of an item from another. */
  readonly visit: VisitNo;
  readonly dueAt: EpochMs;
  readonly dueProvisional: boolean;
  /** How often it was renewed. */
  readonly renewals: number;
  /** Whether a renewal was asked for that nobody has confirmed yet. */
  readonly renewalAsked: boolean;
}

/** An item kept for one patron. One that is over stays known until the catalogue takes it off its list. */
export interface Hold {
  readonly item: ItemId;
  readonly patron: PatronId;
  readonly until: EpochMs;
  readonly ended: HoldEnd | null;
}

/** A command that was taken, and what became of it: whoever sends it again hears that, and nothing more happens. */
export interface CommandRecord {
  readonly issuedAt: EpochMs;
  readonly expiresAt: EpochMs;
  readonly answer: CommandAnswer;
  readonly reason: string | null;
  /** The visit in which it is carried out. */
  readonly visit: VisitNo | null;
}

/** What the journal's events add up to: kept as rows by the journal, and in memory by the kiosk. */
export interface Ledger {
  readonly lockers: ReadonlyMap<LockerNo, LockerRecord>;
  readonly loans: ReadonlyMap<ItemId, Loan>;
  readonly holds: ReadonlyMap<HoldId, Hold>;
  /** Single-use passes that were used, with the end of their time. */
  readonly spent: ReadonlyMap<PassId, EpochMs>;
  /** How many PINs in a row were tried with a patron’s card and not accepted. */
  readonly pinTries: ReadonlyMap<PatronId, number>;
  /** Commands whose time is not long over. */
  readonly commands: ReadonlyMap<CommandId, CommandRecord>;
  /** Number of the next visit; one more than the highest recorded. */
  readonly nextVisit: VisitNo;
}

/** One row of a part of the ledger replaced; `null` removes it. The same list of changes updates the file and the memory. */
export type LedgerChange =
  | { readonly part: 'lockers'; readonly key: LockerNo; readonly row: LockerRecord }
  | { readonly part: 'loans'; readonly key: ItemId; readonly row: Loan | null }
  | { readonly part: 'holds'; readonly key: HoldId; readonly row: Hold | null }
  | { readonly part: 'spent'; readonly key: PassId; readonly row: EpochMs | null }
  | { readonly part: 'pinTries'; readonly key: PatronId; readonly row: number | null }
  | { readonly part: 'commands'; readonly key: CommandId; readonly row: CommandRecord | null };

export const emptyLedger: Ledger = {
  lockers: new Map(),
  loans: new Map(),
  holds: new Map(),
  spent: new Map(),
  pinTries: new Map(),
  commands: new Map(),
  nextVisit: 1 as VisitNo,
};

const emptyLocker: LockerRecord = { item: null, intent: null, withheld: null, missed: 0, damage: null };

/** The record of a locker; one that no event ever named is empty. */
export function lockerOf(ledger: Ledger, locker: LockerNo): LockerRecord {
  return ledger.lockers.get(locker) ?? emptyLocker;
}

/** The locker `item` is recorded to be in; undefined when it is in none. */
export function lockerWith(ledger: Ledger, item: ItemId): LockerNo | undefined {
  for (const [locker, record] of ledger.lockers) if (record.item === item) return locker;
  return undefined;
}

/** What `event` changes in `ledger`. Pure and total: events are facts and are never refused. */
export function changesOf(ledger: Ledger, event: Event): readonly LedgerChange[] {
  switch (event.type) {
    case 'checkout-intended': {
      const { visit, locker, item, patron } = event;
      const intent: Intent = { visit, purpose: 'checkout', item, patron, opened: false };
      return [change(ledger, locker, { intent }), ...spend(ledger, event), ...takenUp(ledger, event)];
    }
    case 'checkin-intended': {
      const { visit, locker, item } = event;
      return [change(ledger, locker, { intent: { visit, purpose: 'checkin', item, opened: false } })];
    }
    case 'access-intended': {
      const { visit, locker, staff, task, item } = event;
      const intent: Intent = { visit, purpose: 'access', staff, task, item, opened: false };
      return [change(ledger, locker, { intent }), ...takenUp(ledger, event)];
    }
    case 'item-lent': {
      const { visit, locker, item, patron, dueAt, dueProvisional } = event;
      const loan: Loan = { patron, visit, dueAt, dueProvisional, renewals: 0, renewalAsked: false };
      const emptied = { item: null, damage: null, intent: openedIntent(ledger, locker), missed: 0 };
      return [change(ledger, locker, emptied), { part: 'loans', key: item, row: loan }];
    }
    case 'checkin-opened':
    case 'access-opened':
      return [change(ledger, event.locker, { intent: openedIntent(ledger, event.locker), missed: 0 })];
    case 'item-returned':
      return placed(ledger, event.locker, event.item, { intent: null });
    case 'item-stocked':
      return placed(ledger, event.locker, event.item, { damage: null });
    case 'checkout-undone':
      return placed(ledger, event.locker, event.item, {});
    case 'item-counted':
      return event.item === null
        ? [change(ledger, event.locker, { item: null, damage: null })]
        : placed(ledger, event.locker, event.item, stillDamaged(ledger, event.locker, event.item));
    case 'item-withdrawn':
      return [change(ledger, event.locker, { item: null, damage: null })];
    case 'checkout-completed':
    case 'access-completed':
      return [change(ledger, event.locker, { intent: null })];
    case 'checkout-cancelled':
    case 'checkin-cancelled':
    case 'access-cancelled': {
      const { missed } = lockerOf(ledger, event.locker);
      const isMiss = event.reason === 'never-opened';
      return [change(ledger, event.locker, { intent: null, missed: isMiss ? missed + 1 : missed })];
    }
    case 'item-damaged':
      return [change(ledger, event.locker, { damage: event.damage })];
    case 'locker-withheld':
      return [change(ledger, event.locker, { withheld: event.reason })];
    case 'locker-restored':
      return [change(ledger, event.locker, { withheld: null, missed: 0, damage: null })];
    default:
      return awayFromDoors(ledger, event);
  }
}

type AtDoor = Extract<Event, { readonly locker: LockerNo }>;

/** What happens at no door: loans, holds, PINs and commands. */
function awayFromDoors(ledger: Ledger, event: Exclude<Event, AtDoor>): readonly LedgerChange[] {
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
      return taken(ledger, event);
    case 'command-settled': {
      const { command, answer, reason = null } = event;
      const row = ledger.commands.get(command);
      return row ? [{ part: 'commands', key: command, row: { ...row, answer, reason } }] : [];
    }
  }
}

function change(ledger: Ledger, locker: LockerNo, changed: Partial<LockerRecord>): LedgerChange {
  return { part: 'lockers', key: locker, row: { ...lockerOf(ledger, locker), ...changed } };
}

/**
 * An item stands in a locker: it is on loan to nobody, and in no other locker, whatever was recorded. What was said of
 * its damage while the door was open stays said.
 */
function placed(
  ledger: Ledger,
  locker: LockerNo,
  item: ItemId,
  changed: Partial<LockerRecord>,
): readonly LedgerChange[] {
  const others = [...ledger.lockers].filter(([other, record]) => record.item === item && other !== locker);
  return [
    ...others.map(([other]) => change(ledger, other, { item: null, damage: null })),
    change(ledger, locker, { item, ...changed }),
    ...(ledger.loans.has(item) ? [{ part: 'loans', key: item, row: null } as const] : []),
  ];
}

/** Counting is no repair; but another item than was recorded has its own condition. */
function stillDamaged(ledger: Ledger, locker: LockerNo, item: ItemId): Pick<LockerRecord, 'damage'> {
  const record = lockerOf(ledger, locker);
  return { damage: record.item === item ? record.damage : null };
}

function openedIntent(ledger: Ledger, locker: LockerNo): Intent | null {
  const { intent } = lockerOf(ledger, locker);
  return intent && { ...intent, opened: true };
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
