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
import type { Damage, HoldEnd, StaffTask, WithheldReason } from './event.js';
import type { CommandAnswer } from './order.js';

/** An unlock that was decided and whose outcome is not yet recorded. */
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

/** One locker as recorded: the item behind its door, and its pending intent. */
export interface LockerRecord {
  readonly item: ItemId | null;
  readonly intent: Intent | null;
  /** Why it is out of use until it is restored; null while it is in use. */
  readonly withheld: WithheldReason | null;
  /** Consecutive visits that ended before its door had opened. */
  readonly missed: number;
  /** What is wrong with its item, until staff have looked at it. */
  readonly damage: Damage | null;
}

/** An item on loan from this kiosk. */
export interface Loan {
  readonly patron: PatronId;
  /** The visit of the loan: distinguishes the loans of one item. */
  readonly visit: VisitNo;
  readonly dueAt: EpochMs;
  readonly dueProvisional: boolean;
  /** How often it was renewed. */
  readonly renewals: number;
  /** Whether a renewal was requested and is not confirmed yet. */
  readonly renewalAsked: boolean;
}

/** An item reserved for one patron. An ended hold stays recorded until the catalogue removes it from its list. */
export interface Hold {
  readonly item: ItemId;
  readonly patron: PatronId;
  readonly until: EpochMs;
  readonly ended: HoldEnd | null;
}

/** A command that was received, and its result: a repeated command gets the same answer and no effect. */
export interface CommandRecord {
  readonly issuedAt: EpochMs;
  readonly expiresAt: EpochMs;
  readonly answer: CommandAnswer;
  readonly reason: string | null;
  /** The visit in which it is carried out. */
  readonly visit: VisitNo | null;
}

/** The state computed from the journal's events: stored as rows by the journal, and kept in memory by the kiosk. */
export interface Ledger {
  readonly lockers: ReadonlyMap<LockerNo, LockerRecord>;
  readonly loans: ReadonlyMap<ItemId, Loan>;
  readonly holds: ReadonlyMap<HoldId, Hold>;
  /** Single-use passes that were used, with the end of their time. */
  readonly spent: ReadonlyMap<PassId, EpochMs>;
  /** Consecutive PIN attempts with a patron’s card that were not accepted. */
  readonly pinTries: ReadonlyMap<PatronId, number>;
  /** Commands that have not expired for long. */
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
