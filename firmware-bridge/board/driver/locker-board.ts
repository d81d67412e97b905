import type { BoardDescription } from '../../../hardware/cabinet.js';
import type { Fault } from '../../../src/kernel/faults.js';
import type { LockerNo } from '../../../src/kernel/ids.js';
import type { Log } from '../../../src/kernel/log.js';
import type { Host } from '../../port/index.js';

/** A door as its switch says; `unknown` until the switch has been stable. */
export type DoorState = 'open' | 'closed' | 'unknown';

/** Whether the sensor sees an item behind the door; `unknown` also where no sensor is fitted. */
export type ItemState = 'present' | 'absent' | 'unknown';

/** How long an unlock holds the coil, by name; the board's description says how many milliseconds each is. */
export type PulseStrength = 'normal' | 'long';

/** How a pulse went; every pulse has exactly one outcome after which no other follows (all but `accepted`). */
export type PulseOutcome =
  /** The lock is on. */
  | { readonly kind: 'accepted' }
  /** The lock was on for that long; of a board that does not measure: it was seen to let go so long after. */
  | { readonly kind: 'done'; readonly measuredMs: number }
  /** The lock was not switched; the reason is one word of the board or of its driver. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Nobody knows: the board did not answer, or did not report the end. */
  | { readonly kind: 'unanswered' };

/** The last pulse a board remembers, also across its resets (but not its power-off). */
export interface LastPulse {
  readonly tag: number;
  readonly locker: LockerNo;
  /** Whether the door was seen open after it. */
  readonly opened: boolean;
}

/** What is known of a board when it has become ready; its maps have every locker of the board. */
export interface Readiness {
  /** Name and version, e.g. `lening 1.0`. */
  readonly firmware: string;
  /** A Mega tells another number after each reset; 0 for a board that counts none. */
  readonly bootId: number;
  readonly doors: ReadonlyMap<LockerNo, DoorState>;
  readonly items: ReadonlyMap<LockerNo, ItemState>;
  /** Lockers one of whose switches changes so often that the board no longer reports it. */
  readonly chattering: ReadonlySet<LockerNo>;
  readonly lastPulse: LastPulse | null;
}

/** What a board tells the kiosk. Between `lost` and `ready` no door, item or lock is to be relied on. */
export type BoardEvent =
  | ({ readonly kind: 'ready' } & Readiness)
  /** Told once per loss, and again only when a retry fails for another reason. */
  | { readonly kind: 'lost'; readonly fault: Fault }
  | { readonly kind: 'door'; readonly locker: LockerNo; readonly door: DoorState }
  | { readonly kind: 'item'; readonly locker: LockerNo; readonly item: ItemState }
  | { readonly kind: 'chatter'; readonly locker: LockerNo; readonly chatters: boolean }
  | {
      readonly kind: 'pulse';
      readonly locker: LockerNo;
      readonly tag: number;
      readonly outcome: PulseOutcome;
    }
  /** Bytes that were no message; about twice a second at most. */
  | { readonly kind: 'noise'; readonly discardedBytes: number };

export interface LockerBoardOptions<Description = BoardDescription> {
  readonly description: Description;
  /** A device path or `tcp://host:port`. */
  readonly path: string;
  /**
   * How long a lock that must rest is waited for at most, `limits.lockRestWaitMs` unless given. To be shorter than
   * whoever asks for the pulse waits for the door.
   */
  readonly restWaitMs?: number;
  /** The computer that the port belongs to. */
  readonly host: Host;
  readonly log: Log;
  onEvent(event: BoardEvent): void;
}

/** The locker board behind one port, through all its unplugs and resets. */
export interface LockerBoard {
  /** Connects, and reconnects for ever until `close`. To be called once. */
  start(): void;
  /**
   * Pulses a lock; on the wire when this returns, or as soon as nobody else speaks on a shared line. `tag`: 16 bits of the caller's, remembered by the board.
   * A board that is not ready refuses (`board-not-ready`) at once: nothing is kept for later.
   */
  unlock(locker: LockerNo, tag: number, strength: PulseStrength): void;
  readonly ready: boolean;
  /** All locks off, session ended, port closed. */
  close(): Promise<void>;
}
