import type { ItemId, LockerNo, VisitNo } from '../kernel/ids.js';
import type { Door, LastPulse, PassHolder, Refusal } from './state.js';

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
  /** The journal could not make an earlier decision durable; that decision did not happen. */
  | { readonly kind: 'journal-failed' }
  /** A deadline of the state has come. */
  | { readonly kind: 'time-passed' };

/** What the shell must do, in order, after the events are durable. */
export type Effect = { readonly kind: 'unlock'; readonly locker: LockerNo; readonly visit: VisitNo };
