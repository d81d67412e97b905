import type { ItemId, LockerNo, PassId, PatronId, VisitNo } from '../kernel/ids.js';
import type { Duration, ElapsedMs, EpochMs } from '../kernel/time.js';
import type { Ledger } from './ledger.js';

/** A door as the board last reported it; never guessed: a lost board makes its doors unknown. */
export type Door = 'open' | 'closed' | 'unknown';

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
  | 'locker-empty'
  | 'locker-unavailable'
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
  | {
      readonly kind: 'opening';
      readonly locker: LockerNo;
      readonly visit: VisitNo;
      readonly deadline: ElapsedMs;
    }
  /** The door stands open; waiting for it to close. */
  | {
      readonly kind: 'open';
      readonly locker: LockerNo;
      readonly visit: VisitNo;
      readonly deadline: ElapsedMs;
    }
  /** Said and done. A new scan starts the next visit at once. */
  | {
      readonly kind: 'farewell';
      readonly outcome: Outcome;
      readonly locker: LockerNo | null;
      readonly deadline: ElapsedMs;
    };

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
  readonly farewell: Duration;
}

/** Everything the core knows. Plain immutable data. */
export interface State {
  readonly lockers: readonly LockerNo[];
  readonly policy: Policy;
  readonly waits: Waits;
  readonly ledger: Ledger;
  readonly doors: ReadonlyMap<LockerNo, Door>;
  readonly boardReady: boolean;
  /** What the board said of its last pulse when it became ready; null when it remembers none. */
  readonly lastPulse: LastPulse | null;
  /** False once the journal could not be written: nothing may be promised, so nothing is lent or taken back. */
  readonly journalWritable: boolean;
  readonly visit: Visit;
  readonly notice: Notice | null;
}
