import type { CommandId, HoldId, ItemId, LockerNo, PatronId, StaffId } from '../kernel/ids.js';
import type { EpochMs } from '../kernel/time.js';
import type { Age } from './directory.js';

/** An order of the catalogue to this kiosk, found genuine at the edge. It is carried out at most once, and in its time. */
export interface Command {
  readonly command: CommandId;
  readonly issuedAt: EpochMs;
  /** The first moment at which it is not to be carried out any more. */
  readonly expiresAt: EpochMs;
  readonly order: Order;
}

/** What became of a command: it is under way, it was carried out, or nothing came of it. */
export type CommandAnswer = 'accepted' | 'done' | 'refused';

/** What the catalogue can order from afar; `by` is who of the staff wants it. */
export type Order =
  /** Opens one door, for somebody who stands there. */
  | {
      readonly kind: 'open';
      readonly locker: LockerNo;
      readonly by: StaffId;
      readonly reason: 'help' | 'maintenance' | 'inspection';
    }
  /** Takes a locker out of service, and puts it back. */
  | { readonly kind: 'withhold' | 'restore'; readonly locker: LockerNo; readonly by: StaffId }
  /** The item is lent no more; staff will take it out. */
  | { readonly kind: 'withdraw'; readonly item: ItemId; readonly by: StaffId }
  | {
      readonly kind: 'hold';
      readonly hold: HoldId;
      readonly item: ItemId;
      readonly patron: PatronId;
      readonly until: EpochMs;
    }
  | { readonly kind: 'release'; readonly hold: HoldId }
  /** Somebody at the kiosk, known to the catalogue by her telephone, may borrow `item`, or (null) one that she chooses. */
  | {
      readonly kind: 'lend';
      readonly patron: PatronId;
      readonly age: Age;
      readonly item: ItemId | null;
    }
  | { readonly kind: 'restart'; readonly by: StaffId };
