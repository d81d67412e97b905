import type { BoardId, ItemId, LockerNo, PassId, PatronId, VisitNo } from '../kernel/ids.js';
import type { Duration, ElapsedMs, EpochMs } from '../kernel/time.js';
import type { Ledger, Loan } from './ledger.js';

/** A door as the board last reported it; never guessed: a lost board makes its doors unknown. */
export type Door = 'open' | 'closed' | 'unknown';

/** What the sensor behind a door says; `unknown` also where none is fitted. */
export type ItemSensed = 'present' | 'absent' | 'unknown';

/** The last pulse the board remembers; tells after an interruption whether that door opened. */
export interface LastPulse {
  /** Low 16 bits of the visit number the pulse was tagged with. */
  readonly tag: number;
  readonly locker: LockerNo;
  /** Whether the door was seen open after that pulse. */
  readonly opened: boolean;
}

/** What a verified pass says. */
export interface PassHolder {
  readonly patron: PatronId;
  readonly pass: PassId;
}

/** Why a resident’s request was refused; each has its words in Chinese and English on the screen. */
export type Refusal =
  | 'pass-forged'
  | 'pass-expired'
  | 'pass-not-yet-valid'
  | 'pass-unreadable'
  | 'card-needs-counter'
  | 'code-foreign'
  | 'code-is-title'
  | 'code-is-payment'
  | 'code-is-link'
  | 'code-is-staff'
  | 'locker-empty'
  | 'locker-unavailable'
  | 'locker-stuck'
  | 'loan-limit'
  | 'item-already-here'
  | 'cabinet-full'
  | 'busy'
  | 'out-of-service';

/** How a visit ended, for the last words on the screen. */
export type Outcome =
  | {
      readonly kind: 'lent';
      readonly item: ItemId;
      readonly dueAt: EpochMs;
      readonly dueProvisional: boolean;
    }
  | { readonly kind: 'returned'; readonly item: ItemId }
  | { readonly kind: 'never-opened'; readonly purpose: 'checkout' | 'checkin' }
  | { readonly kind: 'lock-refused'; readonly purpose: 'checkout' | 'checkin' }
  | { readonly kind: 'outcome-unknown'; readonly purpose: 'checkout' | 'checkin' }
  | { readonly kind: 'timed-out' };

/** The one visit at the kiosk. Every state but `idle` has a deadline with a defined outcome. */
export type Visit =
  | { readonly kind: 'idle' }
  /** A pass was shown; which book? */
  | { readonly kind: 'choosing'; readonly holder: PassHolder; readonly deadline: ElapsedMs }
  /** A book was chosen; whose pass? */
  | { readonly kind: 'identifying'; readonly locker: LockerNo; readonly deadline: ElapsedMs }
  /** The lock was released for the intent recorded at `locker`; waiting for the door to open. */
  | Opening
  /** The door stands open; waiting for it to close. */
  | {
      readonly kind: 'open';
      readonly locker: LockerNo;
      readonly visit: VisitNo;
      readonly deadline: ElapsedMs;
      /** When the resident is asked (again) to shut the door. */
      readonly remindAt: ElapsedMs;
      /** How often that was asked. */
      readonly reminders: number;
    }
  /** Said and done. A new scan starts the next visit at once. */
  | {
      readonly kind: 'farewell';
      readonly outcome: Outcome;
      readonly locker: LockerNo | null;
      readonly deadline: ElapsedMs;
    };

/** A visit whose lock was released and whose door has not opened yet. */
export interface Opening {
  readonly kind: 'opening';
  readonly locker: LockerNo;
  readonly visit: VisitNo;
  /** Whose pass was shown; null for a checkin, and for a visit taken up after an interruption. */
  readonly holder: PassHolder | null;
  /**
   * Which try this is, from 1 to the length of `ladder` (tries.ts). 0: taken up after an interruption; its lock is not
   * released again, for whoever it was may be gone.
   */
  readonly attempt: number;
  readonly since: ElapsedMs;
  /** Whether the resident said that the door does not open. */
  readonly stuck: boolean;
  /** The end of this try. */
  readonly deadline: ElapsedMs;
}

/** A visit that was over before its door opened; who opens the door a little later is the same person. */
export interface LateVisit {
  readonly visit: VisitNo;
  readonly purpose: 'checkout' | 'checkin';
  readonly item: ItemId;
  /** The loan that a return would have ended, if any: once it is another, the book has been here meanwhile. */
  readonly loan: Loan | undefined;
  readonly holder: PassHolder | null;
  /** It is remembered for longer where the door is not known by then. */
  readonly until: ElapsedMs;
}

/** One board as last heard of. */
export interface BoardState {
  readonly lockers: readonly LockerNo[];
  readonly ready: boolean;
  /** Doors that were shut when it was lost. */
  readonly shut: ReadonlySet<LockerNo>;
  /** Its last pulse, as it said when it became ready; null when it remembers none. */
  readonly lastPulse: LastPulse | null;
  /** The first visit whose pulse would be later than what the board said when it became ready. */
  readonly since: VisitNo;
}

/** A refusal being shown beside whatever the visit is doing. */
export interface Notice {
  readonly refusal: Refusal;
  readonly deadline: ElapsedMs;
}

/** What the street decides and the core obeys. */
export interface Policy {
  readonly loanDays: number;
  readonly loansPerPatron: number;
}

/** How long residents and doors are waited for. */
export interface Waits {
  readonly visitIdle: Duration;
  readonly doorOpen: Duration;
  readonly doorClose: Duration;
  /** How long a door may stand open before the resident is asked to shut it, and asked again. */
  readonly doorRemind: Duration;
  readonly farewell: Duration;
}

/** Everything the core knows. Plain immutable data. */
export interface State {
  readonly lockers: readonly LockerNo[];
  readonly policy: Policy;
  readonly waits: Waits;
  readonly ledger: Ledger;
  readonly boards: ReadonlyMap<BoardId, BoardState>;
  readonly doors: ReadonlyMap<LockerNo, Door>;
  /** When doors were last seen to shut. */
  readonly shutAt: ReadonlyMap<LockerNo, ElapsedMs>;
  readonly items: ReadonlyMap<LockerNo, ItemSensed>;
  readonly chattering: ReadonlySet<LockerNo>;
  /** At which lockers somebody may still open a door too late. */
  readonly late: ReadonlyMap<LockerNo, LateVisit>;
  /** False once the journal could not be written: nothing may be promised, so nothing is lent or taken back. */
  readonly journalWritable: boolean;
  readonly visit: Visit;
  readonly notice: Notice | null;
}
