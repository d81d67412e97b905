/**
 * What the cabinet page sees. Types only, so that the page (a browser module) and the emulator share one shape.
 */

/** One locker as it stands. `relayOn` is what the board does; `lock` and `door` are what the steel does. */
export interface LockerSnapshot {
  readonly locker: number;
  readonly lock: 'latched' | 'free';
  readonly relayOn: boolean;
  readonly door: 'open' | 'closed';
  /** The item number of the book inside, or null. */
  readonly item: string | null;
}

/** A resident of the demonstration: `pass` and `card` are texts to present to the reader. */
export interface PersonProp {
  readonly name: string;
  readonly label: string;
  /** What they can hold up, most usual first. */
  readonly codes: readonly { readonly zh: string; readonly en: string; readonly text: string }[];
}

/** A book of the demonstration; `item` is the text of its label, presented to the reader as it is. */
export interface ItemProp {
  readonly item: string;
  readonly title: string;
  readonly author: string;
}

/** Answer of `GET /api/cabinet` and data of every event of `GET /api/live`. */
export interface CabinetSnapshot {
  readonly lockers: readonly LockerSnapshot[];
  /** Item numbers of the books outside the cabinet, on the table. */
  readonly hand: readonly string[];
  readonly props: { readonly people: readonly PersonProp[]; readonly items: readonly ItemProp[] };
  readonly boards: readonly BoardSnapshot[];
}

/** One board of the cabinet. */
export interface BoardSnapshot {
  readonly board: string;
  /** It has power. */
  readonly running: boolean;
  /** Its cable is in the computer. */
  readonly plugged: boolean;
  /** The first few commands that could damage a real board, e.g. to open all locks. */
  readonly violations: readonly string[];
}

/** Why a hand could not do something. */
export type Refusal =
  | 'locker-unknown'
  | 'board-unknown'
  | 'item-unknown'
  | 'door-latched'
  | 'door-already-open'
  | 'door-already-closed'
  | 'door-closed'
  | 'locker-full'
  | 'locker-empty'
  | 'other-item-inside'
  | 'item-not-on-table'
  | 'text-not-readable'
  | 'reader-busy';

/** Body of `POST /api/door`. */
export interface DoorRequest {
  readonly locker: number;
  readonly action: 'open' | 'close';
}

/** Body of `POST /api/book`. `take` moves the item from the locker to the table, `put` back in. */
export interface BookRequest {
  readonly action: 'take' | 'put';
  readonly locker: number;
  readonly item: string;
}

/** Body of `POST /api/scan`: the text is sent from the reader as it is, followed by CR. */
export interface ScanRequest {
  readonly text: string;
}

/**
 * Body of `POST /api/fault`: injects or removes a fault. `power-cut` lasts 300 ms. `unplug` and `plug` are about the
 * board's cable, `jam` and `free` about a latch, `force` opens a door by force, `chatter` and `quiet` are about a door's switch.
 */
export type FaultRequest =
  | { readonly kind: 'reset' | 'power-cut' | 'unplug' | 'plug'; readonly board: string }
  | { readonly kind: 'jam' | 'free' | 'force' | 'quiet'; readonly locker: number }
  /** The switch toggles every `everyMs`. */
  | { readonly kind: 'chatter'; readonly locker: number; readonly everyMs: number };

/** Answer of every POST. */
export type HandResult = { readonly ok: true } | { readonly ok: false; readonly reason: Refusal };
