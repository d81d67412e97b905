import type { ItemId, LockerNo, PassId, PatronId, VisitNo } from '../kernel/ids.js';
import type { ClockTrust, EpochMs } from '../kernel/time.js';

/** Why an intent ended with nothing lent or returned. */
export type CancelReason =
  /** The door was unlocked and nobody opened it in time. */
  | 'never-opened'
  /** The board refused to pulse the lock. */
  | 'lock-refused'
  /** The kiosk stopped in between; the door is shut and the board remembers an earlier pulse, so there was none. */
  | 'interrupted'
  /** Nobody can tell whether the door opened: its switch or its board knew nothing for a while. */
  | 'outcome-unknown';

/** Why a locker is neither offered nor used for returns until staff have looked at it. */
export type WithheldReason =
  /** It was unlocked again and again and did not open. */
  | 'did-not-open'
  /** Its item was taken or put in, and its switch said that the door was shut. */
  | 'door-silent'
  /** Its door opened and nobody had unlocked it. */
  | 'door-forced'
  /** A visit there ended and nobody can tell how. */
  | 'outcome-unknown';

/** How a visit left its door: seen closed, still open when waiting ended, or not known (board lost). */
export type DoorAtEnd = 'closed' | 'left-open' | 'unknown';

/**
 * Everything the journal can say: facts, in the past tense, closed and versioned.
 * An `…-intended` event is written before its lock is pulsed and has exactly one outcome with the same `visit`:
 * checkout: `item-lent` (the door really opened) or `checkout-cancelled`; checkin: `item-returned` or `checkin-cancelled`.
 */
export type Event =
  | { readonly type: 'item-stocked'; readonly locker: LockerNo; readonly item: ItemId }
  | {
      readonly type: 'checkout-intended';
      readonly visit: VisitNo;
      readonly locker: LockerNo;
      readonly item: ItemId;
      readonly patron: PatronId;
      readonly pass: PassId;
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
  | { readonly type: 'locker-withheld'; readonly locker: LockerNo; readonly reason: WithheldReason }
  | { readonly type: 'locker-restored'; readonly locker: LockerNo };

/** An event as the journal keeps it: `position` counts from 1 without gaps within one epoch. */
export interface RecordedEvent {
  readonly position: number;
  readonly at: EpochMs;
  readonly trust: ClockTrust;
  readonly event: Event;
}
