import type { ItemId, LockerNo, VisitNo } from '../kernel/ids.js';
import type { Door, PassHolder, Refusal } from './state.js';

/** The last pulse the board remembers; tells after an interruption whether that door opened. */
export interface LastPulse {
  /** Low 16 bits of the visit number the pulse was tagged with. */
  readonly tag: number;
  readonly locker: LockerNo;
  /** Whether the door was seen open after that pulse. */
  readonly opened: boolean;
}

/** Everything that can happen to a kiosk, as the core sees it. */
export type Input =
  | { readonly kind: 'pass-shown'; readonly holder: PassHolder }
  | { readonly kind: 'item-shown'; readonly item: ItemId }
  | { readonly kind: 'locker-chosen'; readonly locker: LockerNo }
  /** A scan the edge could already answer: a forged pass, a foreign code. */
  | { readonly kind: 'scan-refused'; readonly refusal: Refusal }
  | { readonly kind: 'cancelled' }
  | {
      readonly kind: 'board-ready';
      readonly doors: ReadonlyMap<LockerNo, Door>;
      readonly lastPulse: LastPulse | null;
    }
  | { readonly kind: 'board-lost' }
  | { readonly kind: 'door'; readonly locker: LockerNo; readonly door: Door }
  /** The board would not pulse the lock. */
  | { readonly kind: 'lock-refused'; readonly locker: LockerNo; readonly visit: VisitNo }
  /** A deadline of the state has come. */
  | { readonly kind: 'time-passed' };

/** What the shell must do, in order, after the events are durable. */
export type Effect = { readonly kind: 'unlock'; readonly locker: LockerNo; readonly visit: VisitNo };
