import { AssertionError } from './assert.js';

/**
 * Identifiers as distinct types, so that a barcode can never be passed where a patron is expected.
 * They are plain strings and numbers at run time. A value gets its type at the edge whose schema validated it; the
 * factories check its shape once more, and one that fails there is a bug. Their errors never quote a text: it may name a
 * person.
 */
declare const brand: unique symbol;
type Id<Name extends string, Base = string> = Base & { readonly [brand]: Name };

/** One kiosk of the street, e.g. `jn-01`: lower-case letters, digits, hyphens. */
export type KioskId = Id<'KioskId'>;
/** A borrower's pseudonym: 16 hex digits made by the catalogue; never a name or a phone number. */
export type PatronId = Id<'PatronId'>;
/** The barcode of one physical book (14-digit library barcode). */
export type ItemId = Id<'ItemId'>;
/** The edition a book is a copy of. */
export type TitleId = Id<'TitleId'>;
/** One door of this cabinet, counted from 1 as printed on the door. */
export type LockerNo = Id<'LockerNo', number>;
/** One board of this cabinet, by its name in the cabinet description, e.g. `left`. */
export type BoardId = Id<'BoardId'>;
/** One visit of this journal, counted from 1; also the tag a pulse carries to the board. */
export type VisitNo = Id<'VisitNo', number>;
/** Identifies one signed pass (16 hex digits); a single-use pass is remembered by it. */
export type PassId = Id<'PassId'>;
/** A member of staff’s pseudonym: 16 hex digits made by the catalogue. */
export type StaffId = Id<'StaffId'>;
/** One reservation of an item, as the catalogue numbers it. */
export type HoldId = Id<'HoldId'>;
/** One order of the catalogue to one kiosk (16 hex digits). */
export type CommandId = Id<'CommandId'>;
/** One lifetime of a journal: 16 hex digits, new when a journal is created or found rewound. */
export type Epoch = Id<'Epoch'>;

/** The shapes of ids, for the schemas of what comes from outside. */
export const idPattern = {
  kiosk: /^[a-z0-9][a-z0-9-]{0,30}$/,
  /** Pseudonyms, passes, commands, epochs. */
  hex16: /^[0-9a-f]{16}$/,
  /** Items, and library cards. */
  barcode: /^\d{14}$/,
  /** What the catalogue or a cabinet description names as it likes. */
  name: /^.{1,40}$/su,
} as const;

/** Door numbers have three digits at most. */
export const lockerNoMax = 999;

const idFrom =
  <T extends string>(what: string, pattern: RegExp) =>
  (text: string): T => {
    if (!pattern.test(text)) throw new AssertionError(`${what} is written as ${pattern}`);
    return text as T;
  };

const numberFrom =
  <T extends number>(what: string, max: number) =>
  (value: number): T => {
    if (!Number.isSafeInteger(value) || value < 1 || value > max) {
      throw new AssertionError(`${what} is a whole number from 1 to ${max}, not ${value}`);
    }
    return value as T;
  };

export const kioskId = idFrom<KioskId>('a kiosk', idPattern.kiosk);
export const patronId = idFrom<PatronId>('a patron', idPattern.hex16);
export const itemId = idFrom<ItemId>('an item', idPattern.barcode);
export const titleId = idFrom<TitleId>('a title', idPattern.name);
export const lockerNo = numberFrom<LockerNo>('a locker', lockerNoMax);
export const boardId = idFrom<BoardId>('a board', idPattern.name);
export const visitNo = numberFrom<VisitNo>('a visit', Number.MAX_SAFE_INTEGER);
export const passId = idFrom<PassId>('a pass', idPattern.hex16);
export const staffId = idFrom<StaffId>('a member of staff', idPattern.hex16);
export const holdId = idFrom<HoldId>('a hold', idPattern.name);
export const commandId = idFrom<CommandId>('a command', idPattern.hex16);
export const epoch = idFrom<Epoch>('an epoch', idPattern.hex16);

/** Stands in a journal where a patron or a pass stood that the kiosk need not know any more. */
export const erasedId = '0000000000000000';
