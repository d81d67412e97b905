import type {
  BoardId,
  CommandId,
  HoldId,
  ItemId,
  LockerNo,
  PatronId,
  StaffId,
  VisitNo,
} from '../kernel/ids.js';
import type { EpochMs } from '../kernel/time.js';
import type { Age, Directory, Policy } from './directory.js';
import type { Damage } from './event.js';
import type { Ledger } from './ledger.js';
import type { Command, CommandAnswer } from './order.js';
import type { Refusal } from './refusal.js';
import type { Door, ItemSensed, LastPulse, PassHolder } from './state.js';

/** Everything that can happen to a kiosk, as the core sees it. */
export type Input = ScanInput | ScreenInput | SystemInput;

/** Inputs that do not come from a person at the kiosk. */
export type SystemInput = BoardInput | CatalogueInput | ShellInput;

/** Shown to the reader, and found good at the edge. */
type ScanInput =
  | { readonly kind: 'pass-shown'; readonly holder: PassHolder }
  /** A library card; `owner` is null where the catalogue sent no such card. */
  | { readonly kind: 'card-shown'; readonly owner: { readonly patron: PatronId; readonly age: Age } | null }
  | { readonly kind: 'staff-shown'; readonly staff: StaffId }
  | { readonly kind: 'item-shown'; readonly item: ItemId }
  /** A scan the edge could already answer: a forged pass, a foreign code. */
  | { readonly kind: 'scan-refused'; readonly refusal: Refusal };

/** Done on the screen; a locker is also chosen by scanning the code on its door. */
type ScreenInput =
  | { readonly kind: 'locker-chosen'; readonly locker: LockerNo }
  | { readonly kind: 'pin-entered'; readonly pin: string }
  /** With a pass shown and a book in hand: bring it back, or keep it longer. */
  | { readonly kind: 'return-chosen' }
  | { readonly kind: 'renewal-chosen'; readonly item: ItemId }
  /** After one book was borrowed: another. */
  | { readonly kind: 'another-wanted' }
  /** The book that was just borrowed from this locker is still in it. */
  | { readonly kind: 'not-taken'; readonly locker: LockerNo }
  | { readonly kind: 'damage-reported'; readonly damage: Damage }
  /** The resident reports that the unlocked door does not open. */
  | { readonly kind: 'door-stuck' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'staff-acted'; readonly act: StaffAct };

/** What a member of staff asks for on the screen. */
export type StaffAct =
  | { readonly do: 'restock' | 'count' | 'open-all' | 'confirm' | 'menu' }
  | { readonly do: 'open' | 'withdraw' | 'withhold' | 'restore'; readonly locker: LockerNo }
  /** During a count: there is nothing behind the door. */
  | { readonly do: 'found-nothing' };

type BoardInput =
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
  /** An item sensor changed. */
  | { readonly kind: 'item-sensed'; readonly locker: LockerNo; readonly item: ItemSensed }
  /** A door switch began to chatter, or is quiet again; meanwhile its door is unknown. */
  | { readonly kind: 'switch-chatters'; readonly locker: LockerNo; readonly chatters: boolean }
  /** The board would not pulse the lock. */
  | { readonly kind: 'lock-refused'; readonly locker: LockerNo; readonly visit: VisitNo };

/** From the catalogue. */
type CatalogueInput =
  | { readonly kind: 'online-changed'; readonly online: boolean }
  | { readonly kind: 'directory-updated'; readonly directory: Directory }
  | { readonly kind: 'command-received'; readonly command: Command }
  | { readonly kind: 'policy-updated'; readonly policy: Policy }
  /** All holds on items that are here. */
  | { readonly kind: 'holds-updated'; readonly holds: ReadonlyMap<HoldId, RequestedHold> }
  /** Items lent here and returned to another kiosk, each with the visit of its loan. */
  | { readonly kind: 'returns-updated'; readonly returns: ReadonlyMap<ItemId, VisitNo> };

/** A hold as the catalogue asks for it. */
export interface RequestedHold {
  readonly item: ItemId;
  readonly patron: PatronId;
  readonly until: EpochMs;
}

type ShellInput =
  /** The PIN entered for `patron` was compared. */
  | { readonly kind: 'pin-checked'; readonly patron: PatronId; readonly isRight: boolean }
  /** The journal could not make an earlier decision durable; that decision did not happen. */
  | { readonly kind: 'journal-failed' }
  /** The journal can be written again; `ledger` is what it contains. */
  | { readonly kind: 'journal-recovered'; readonly ledger: Ledger }
  /** A deadline of the state has passed, or another minute of the calendar. */
  | { readonly kind: 'time-passed' };

/** What the shell must do, in order, after the events are durable. */
export type Effect =
  | Unlock
  | Answer
  /** Ends the program; the supervisor restarts it. */
  | { readonly kind: 'restart' }
  /** Compares a PIN with what the catalogue sent for the patron’s card, and reports `pin-checked`. */
  | { readonly kind: 'check-pin'; readonly patron: PatronId; readonly pin: string };

/** Reports the result of a command to the catalogue. */
export interface Answer {
  readonly kind: 'answer';
  readonly command: CommandId;
  readonly answer: CommandAnswer;
  readonly reason: string | null;
}

/** Releases one lock once. */
export interface Unlock {
  readonly kind: 'unlock';
  readonly locker: LockerNo;
  readonly visit: VisitNo;
  /** How long the coil is held: as usual, or longer for a door that did not open. */
  readonly strength: 'normal' | 'long';
}
