import type {
  BoardId,
  CommandId,
  ItemId,
  LockerNo,
  PassId,
  PatronId,
  StaffId,
  VisitNo,
} from '../kernel/ids.js';
import type { ClockTrust, ElapsedMs, EpochMs } from '../kernel/time.js';
import type { Age, Directory, Policy } from './directory.js';
import type { Damage } from './event.js';
import type { Intent, Ledger, Loan } from './ledger.js';
import type { Refusal } from './refusal.js';
import type { Timeouts } from './timeouts.js';

/** A door as the board last reported it; never guessed: a lost board makes its doors unknown. */
export type Door = 'open' | 'closed' | 'unknown';

/** The state of the item sensor behind a door; `unknown` also without a sensor. */
export type ItemSensed = 'present' | 'absent' | 'unknown';

/** The last pulse the board remembers; shows after an interruption whether that door opened. */
export interface LastPulse {
  /** Low 16 bits of the visit number the pulse was tagged with. */
  readonly tag: number;
  readonly locker: LockerNo;
  /** Whether the door was seen open after that pulse. */
  readonly opened: boolean;
}

/** A patron who may borrow, from a verified pass or a card with its PIN. */
export interface PassHolder {
  readonly patron: PatronId;
  readonly age: Age;
  /** Null where a card was shown. */
  readonly pass: PassId | null;
  /** Only of a pass that is good for one loan. */
  readonly grant: Grant | null;
}

/** What makes a pass good for one loan. */
export interface Grant {
  readonly until: EpochMs;
  /** The one item it is good for; null: any. */
  readonly item: ItemId | null;
  /** True once it has unlocked a door for this visit, which did not open: the same visit may try another. */
  readonly spent: boolean;
  /** The command it came with; null where it was shown to the reader. */
  readonly command: CommandId | null;
}

/** How a visit ended, as the screen shows it. */
export type Outcome =
  | {
      readonly kind: 'lent';
      readonly item: ItemId;
      readonly visit: VisitNo;
      readonly dueAt: EpochMs;
      readonly dueProvisional: boolean;
    }
  | {
      readonly kind: 'returned';
      readonly item: ItemId;
      readonly visit: VisitNo;
      readonly at: EpochMs;
      readonly trust: ClockTrust;
      readonly damage: Damage | null;
    }
  | { readonly kind: 'undone'; readonly item: ItemId }
  | {
      readonly kind: 'renewed';
      readonly item: ItemId;
      readonly dueAt: EpochMs;
      readonly dueProvisional: boolean;
    }
  | { readonly kind: 'renewal-asked'; readonly item: ItemId }
  | { readonly kind: 'worked' }
  | { readonly kind: 'never-opened'; readonly purpose: Purpose }
  | { readonly kind: 'lock-refused'; readonly purpose: Purpose }
  | { readonly kind: 'outcome-unknown'; readonly purpose: Purpose }
  | { readonly kind: 'timed-out' };

/** What a door is unlocked for: a loan, a return, or the work of staff. */
export type Purpose = Intent['purpose'];

/** The one visit at the kiosk. Every state but `idle` has a deadline with a defined outcome. */
export type Visit =
  | { readonly kind: 'idle' }
  /** A pass was shown; which book? Her loans are on the screen too. */
  | { readonly kind: 'choosing'; readonly holder: PassHolder; readonly deadline: ElapsedMs }
  /** A book was chosen; whose pass? */
  | { readonly kind: 'identifying'; readonly locker: LockerNo; readonly deadline: ElapsedMs }
  | EnteringPin
  /** A pass was shown, and then one of its holder’s books: is it to be returned or renewed? */
  | {
      readonly kind: 'asking';
      readonly holder: PassHolder;
      readonly item: ItemId;
      readonly deadline: ElapsedMs;
    }
  /** The lock was released for the intent recorded at `locker`; waiting for the door to open. */
  | Opening
  | Open
  | Farewell
  | Working;

/** A library card was shown; waiting for its PIN. */
export interface EnteringPin {
  readonly kind: 'pin';
  readonly patron: PatronId;
  readonly age: Age;
  /** The locker that was chosen before. */
  readonly locker: LockerNo | null;
  /** A PIN was entered and is being compared. */
  readonly isChecking: boolean;
  readonly deadline: ElapsedMs;
}

/** The door stands open; waiting for it to close. */
export interface Open {
  readonly kind: 'open';
  readonly locker: LockerNo;
  readonly visit: VisitNo;
  readonly holder: PassHolder | null;
  readonly work: StaffWork | null;
  readonly deadline: ElapsedMs;
  /** When the resident is asked (again) to shut the door. */
  readonly remindAt: ElapsedMs;
  /** How often that was asked. */
  readonly reminders: number;
}

/** The outcome is shown. A new scan starts the next visit at once. */
export interface Farewell {
  readonly kind: 'farewell';
  readonly outcome: Outcome;
  readonly locker: LockerNo | null;
  /** Whose loan it was, while she may go on to another one. */
  readonly holder: PassHolder | null;
  readonly deadline: ElapsedMs;
}

/** A member of staff is at work, and no door is unlocked. */
export interface Working {
  readonly kind: 'working';
  readonly work: StaffWork;
  /** How often opening all doors was asked for: `once`, or confirmed once; it needs one more. */
  readonly emergency: 'no' | 'asked' | 'confirmed';
  readonly deadline: ElapsedMs;
}

/** What a member of staff is doing. */
export interface StaffWork {
  readonly staff: StaffId;
  /** Goes on from door to door until it is ended; null: nothing chosen. */
  readonly task: 'restock' | 'count' | 'open-all' | null;
  /** Lockers still to be opened, for a count or an emergency. */
  readonly left: readonly LockerNo[];
  /** The content of the open door as entered during a count; undefined: not entered yet. */
  readonly found: ItemId | null | undefined;
}

/** A visit whose lock was released and whose door has not opened yet. */
export interface Opening {
  readonly kind: 'opening';
  readonly locker: LockerNo;
  readonly visit: VisitNo;
  /** Whose pass was shown; null for a checkin, and for a visit taken up after an interruption. */
  readonly holder: PassHolder | null;
  /** The work of staff it is part of. */
  readonly work: StaffWork | null;
  /**
   * Which attempt this is, from 1 to the length of `unlockStrengths`. 0: resumed after an interruption; its lock is not
   * pulsed again, because the person may have left.
   */
  readonly attempt: number;
  readonly attemptStartedAt: ElapsedMs;
  /** Whether the resident reported that the door does not open. */
  readonly stuck: boolean;
  /** The end of this attempt. */
  readonly deadline: ElapsedMs;
}

/** A visit that ended before its door opened; a late opening counts as the same person. */
export interface LateVisit {
  readonly intent: Intent;
  /** The loan that a return would have ended, if any: once it is another, the book has been here meanwhile. */
  readonly loan: Loan | undefined;
  readonly holder: PassHolder | null;
  /** It is remembered for longer where the door is not known by then. */
  readonly until: ElapsedMs;
}

/** One board as last reported. */
export interface BoardState {
  readonly lockers: readonly LockerNo[];
  readonly ready: boolean;
  /** Doors that were shut when it was lost. */
  readonly closedWhenLost: ReadonlySet<LockerNo>;
  /** Its last pulse, as reported when it became ready; null when it remembers none. */
  readonly lastPulse: LastPulse | null;
  /** The first visit whose pulse would be later than the board's report when it became ready. */
  readonly firstVisitSince: VisitNo;
}

/** A refusal being shown beside whatever the visit is doing. */
export interface Notice {
  readonly refusal: Refusal;
  readonly deadline: ElapsedMs;
}

/** A loan that was just made. */
export interface RecentLoan {
  readonly visit: VisitNo;
  readonly item: ItemId;
  readonly patron: PatronId;
  /** Until when its patron may report the item as not taken. */
  readonly until: ElapsedMs;
}

/** Everything the core knows. Plain immutable data. */
export interface State {
  readonly lockers: readonly LockerNo[];
  readonly policy: Policy;
  readonly directory: Directory;
  /** Whether the catalogue can be asked. */
  readonly online: boolean;
  readonly waits: Timeouts;
  readonly ledger: Ledger;
  readonly boards: ReadonlyMap<BoardId, BoardState>;
  readonly doors: ReadonlyMap<LockerNo, Door>;
  /** When doors were last seen to shut. */
  readonly lastClosedAt: ReadonlyMap<LockerNo, ElapsedMs>;
  readonly items: ReadonlyMap<LockerNo, ItemSensed>;
  readonly chattering: ReadonlySet<LockerNo>;
  /** Lockers that may still be opened late. */
  readonly lateVisits: ReadonlyMap<LockerNo, LateVisit>;
  readonly recentLoans: ReadonlyMap<LockerNo, RecentLoan>;
  /** Before when no PIN of a patron’s card is looked at. */
  readonly pinWaits: ReadonlyMap<PatronId, ElapsedMs>;
  /** When the wrong PINs of all cards are cleared: one of them every `limits.pinAllCardsWaitMs`. */
  readonly pinFailuresClearAt: ElapsedMs;
  /** False once the journal could not be written: nothing may be promised, so nothing is lent or taken back. */
  readonly journalWritable: boolean;
  /** Since when it cannot be written; null while it can. */
  readonly journalFailedAt: ElapsedMs | null;
  readonly visit: Visit;
  readonly notice: Notice | null;
}

/** The board a locker belongs to. */
export function boardOf(state: State, locker: LockerNo): BoardState | undefined {
  return [...state.boards.values()].find(({ lockers }) => lockers.includes(locker));
}

/** Whether any board can unlock a door. */
export function isAnyBoardReady(state: State): boolean {
  return [...state.boards.values()].some(({ ready }) => ready);
}
