import type { BoardId, ItemId, LockerNo, VisitNo } from '../kernel/ids.js';
import type { Door, ItemSensed, LastPulse, PassHolder, Refusal } from './state.js';

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
      readonly board: BoardId;
      /** Of all its lockers. */
      readonly doors: ReadonlyMap<LockerNo, Door>;
      readonly items: ReadonlyMap<LockerNo, ItemSensed>;
      readonly chattering: ReadonlySet<LockerNo>;
      readonly lastPulse: LastPulse | null;
    }
  | { readonly kind: 'board-lost'; readonly board: BoardId }
  | { readonly kind: 'door'; readonly locker: LockerNo; readonly door: Door }
  /** The sensor behind a door changed its mind. */
  | { readonly kind: 'item-sensed'; readonly locker: LockerNo; readonly item: ItemSensed }
  /** A door switch began to chatter, or is quiet again; meanwhile its door is unknown. */
  | { readonly kind: 'switch-chatters'; readonly locker: LockerNo; readonly chatters: boolean }
  /** The resident says that the unlocked door does not open. */
  | { readonly kind: 'door-stuck' }
  /** The board would not pulse the lock. */
  | { readonly kind: 'lock-refused'; readonly locker: LockerNo; readonly visit: VisitNo }
  /** The journal could not make an earlier decision durable; that decision did not happen. */
  | { readonly kind: 'journal-failed' }
  /** A deadline of the state has come. */
  | { readonly kind: 'time-passed' };

/** What the shell must do, in order, after the events are durable. */
export type Effect = {
  readonly kind: 'unlock';
  readonly locker: LockerNo;
  readonly visit: VisitNo;
  /** How long the coil is held: as usual, or longer for a door that did not open. */
  readonly strength: 'normal' | 'long';
};
