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
import type { ClockTrust, EpochMs } from '../kernel/time.js';
import type { CommandAnswer, Order } from './order.js';

/** Why an intent ended with nothing lent, returned or done. */
export type CancelReason =
  /** The door was unlocked and not opened in time. */
  | 'never-opened'
  /** The board refused to pulse the lock. */
  | 'lock-refused'
  /** The kiosk stopped in between; the door is shut and the board remembers an earlier pulse, so there was none. */
  | 'interrupted'
  /** Not known whether the door opened: its switch or its board was unknown for a while. */
  | 'outcome-unknown';

/** Why a locker is neither offered nor used for returns until staff have looked at it. */
export type WithheldReason =
  /** It was unlocked again and again and did not open. */
  | 'did-not-open'
  /** Its item was taken or put in while its switch reported closed. */
  | 'door-silent'
  /** Its door opened although it was not unlocked. */
  | 'door-forced'
  /** A visit there ended with an unknown outcome. */
  | 'outcome-unknown'
  /** Its borrower reported the item as not taken, and no sensor can confirm it. */
  | 'not-taken'
  /** Its item was brought back at another door while it was recorded to be here. */
  | 'misplaced'
  /** The catalogue wants its item taken out. */
  | 'withdrawal'
  /** All doors were opened in an emergency. */
  | 'emergency'
  /** Staff took it out of service. */
  | 'out-of-service';

/** What is wrong with an item that was brought back. */
export type Damage = 'wet' | 'torn' | 'missing-pages';

/** What staff open a door for. */
export type StaffTask = 'restock' | 'withdraw' | 'count' | 'open' | 'open-all';

/** How a visit left its door: seen closed, still open when waiting ended, or not known (board lost). */
export type DoorAtEnd = 'closed' | 'left-open' | 'unknown';

/** Why a hold is over. `expired` and `fulfilled` come from the kiosk, `released` from the catalogue. */
export type HoldEnd = 'expired' | 'fulfilled' | 'released';

/** Why a loan is not renewed: often enough already, or the item is needed elsewhere. */
export type RenewalRefusal = 'renewal-limit' | 'renewal-wanted';

/**
 * All events of the journal: facts, in the past tense, closed and versioned.
 * An `…-intended` event is written before its lock is pulsed and has exactly one outcome with the same `visit`:
 * checkout: `item-lent` (the door really opened) or `checkout-cancelled`; checkin: `item-returned` or
 * `checkin-cancelled`; access by staff: `access-completed` or `access-cancelled`.
 *
 * What was once released is never changed: a field may be added that old events lack, and a fact of another shape is
 * another type. The fixtures of test/journal hold every release to that.
 */
export type Event = Checkout | Checkin | Access | Shelf | Loan | Hold | Pin | Ordered;

type Checkout =
  | {
      readonly type: 'checkout-intended';
      readonly visit: VisitNo;
      readonly locker: LockerNo;
      readonly item: ItemId;
      readonly patron: PatronId;
      /** Absent where a library card and its PIN were shown. */
      readonly pass?: PassId | undefined;
      /** Only of a pass that is good for one loan: until when it would be good, and is to be remembered. */
      readonly singleUseUntil?: EpochMs | undefined;
      /** Only where the catalogue ordered it. */
      readonly command?: CommandId | undefined;
    }
  | {
      readonly type: 'item-lent';
      readonly visit: VisitNo;
      readonly locker: LockerNo;
      readonly item: ItemId;
      readonly patron: PatronId;
      readonly dueAt: EpochMs;
      /** True when the clock was not trusted: the catalogue fixes the date. */
      readonly dueProvisional: boolean;
    }
  | {
      readonly type: 'checkout-completed';
      readonly visit: VisitNo;
      readonly locker: LockerNo;
      readonly door: DoorAtEnd;
    }
  | {
      readonly type: 'checkout-cancelled';
      readonly visit: VisitNo;
      readonly locker: LockerNo;
      readonly item: ItemId;
      readonly reason: CancelReason;
    }
  /** The borrower reported the item as not taken: the loan is undone. */
  | {
      readonly type: 'checkout-undone';
      readonly visit: VisitNo;
      readonly locker: LockerNo;
      readonly item: ItemId;
    };

type Checkin =
  | {
      readonly type: 'checkin-intended';
      readonly visit: VisitNo;
      readonly locker: LockerNo;
      readonly item: ItemId;
    }
  | { readonly type: 'checkin-opened'; readonly visit: VisitNo; readonly locker: LockerNo }
  | {
      readonly type: 'item-returned';
      readonly visit: VisitNo;
      readonly locker: LockerNo;
      readonly item: ItemId;
      readonly door: DoorAtEnd;
    }
  | {
      readonly type: 'checkin-cancelled';
      readonly visit: VisitNo;
      readonly locker: LockerNo;
      readonly item: ItemId;
      readonly reason: CancelReason;
    }
  /** Reported by the person who returned the item; it is not lent until staff have checked it. */
  | {
      readonly type: 'item-damaged';
      readonly locker: LockerNo;
      readonly item: ItemId;
      readonly damage: Damage;
    };

type Access =
  | {
      readonly type: 'access-intended';
      readonly visit: VisitNo;
      readonly locker: LockerNo;
      readonly staff: StaffId;
      readonly task: StaffTask;
      /** The item that is put in or taken out, where there is one. */
      readonly item: ItemId | null;
      /** Only where it was ordered from afar. */
      readonly command?: CommandId | undefined;
    }
  | { readonly type: 'access-opened'; readonly visit: VisitNo; readonly locker: LockerNo }
  | {
      readonly type: 'access-completed';
      readonly visit: VisitNo;
      readonly locker: LockerNo;
      readonly door: DoorAtEnd;
    }
  | {
      readonly type: 'access-cancelled';
      readonly visit: VisitNo;
      readonly locker: LockerNo;
      readonly reason: CancelReason;
    };

type Shelf =
  | { readonly type: 'item-stocked'; readonly locker: LockerNo; readonly item: ItemId }
  | { readonly type: 'item-withdrawn'; readonly locker: LockerNo; readonly item: ItemId }
  /** What staff found behind a door; `null`: nothing. */
  | { readonly type: 'item-counted'; readonly locker: LockerNo; readonly item: ItemId | null }
  | {
      readonly type: 'locker-withheld';
      readonly locker: LockerNo;
      readonly reason: WithheldReason;
      /** Who did it, where staff did. */
      readonly staff?: StaffId | undefined;
    }
  | { readonly type: 'locker-restored'; readonly locker: LockerNo; readonly staff?: StaffId | undefined };

type Loan =
  /** Asked for while the catalogue could not be asked: not yet confirmed. */
  | { readonly type: 'renewal-asked'; readonly item: ItemId; readonly patron: PatronId }
  /** The catalogue reports that the item was returned to another kiosk. */
  | { readonly type: 'loan-closed'; readonly item: ItemId; readonly visit: VisitNo }
  | { readonly type: 'renewal-refused'; readonly item: ItemId; readonly reason: RenewalRefusal }
  | {
      readonly type: 'item-renewed';
      readonly item: ItemId;
      readonly patron: PatronId;
      readonly dueAt: EpochMs;
      readonly dueProvisional: boolean;
    };

type Hold =
  | {
      readonly type: 'hold-placed';
      readonly hold: HoldId;
      readonly item: ItemId;
      readonly patron: PatronId;
      readonly until: EpochMs;
    }
  | { readonly type: 'hold-ended'; readonly hold: HoldId; readonly reason: HoldEnd };

type Pin =
  /** Written before a PIN is looked at, so that no power cut gives another try. */
  | { readonly type: 'pin-tried'; readonly patron: PatronId }
  | { readonly type: 'pin-accepted'; readonly patron: PatronId };

type Ordered =
  /** Written with what it does, so that whatever cuts in between it is done once or not at all. */
  | {
      readonly type: 'command-taken';
      readonly command: CommandId;
      readonly order: Order['kind'];
      readonly issuedAt: EpochMs;
      readonly expiresAt: EpochMs;
      readonly answer: CommandAnswer;
      /** Why nothing comes of it. */
      readonly reason?: string | undefined;
    }
  /** What came of a command that was accepted. */
  | {
      readonly type: 'command-settled';
      readonly command: CommandId;
      readonly answer: 'done' | 'refused';
      readonly reason?: string | undefined;
    };

/** An event as the journal keeps it: `position` counts from 1 without gaps within one epoch. */
export interface RecordedEvent {
  readonly position: number;
  readonly at: EpochMs;
  readonly trust: ClockTrust;
  readonly event: Event;
}
