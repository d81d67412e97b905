/**
 * Identifiers as distinct types, so that a barcode can never be passed where a patron is expected.
 * They are plain strings and numbers at run time; a value gets its type at the edge that validated it.
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

export const kioskId = (text: string) => text as KioskId;
export const patronId = (text: string) => text as PatronId;
export const itemId = (text: string) => text as ItemId;
export const titleId = (text: string) => text as TitleId;
export const lockerNo = (value: number) => value as LockerNo;
export const boardId = (text: string) => text as BoardId;
export const visitNo = (value: number) => value as VisitNo;
export const passId = (text: string) => text as PassId;
export const staffId = (text: string) => text as StaffId;
export const holdId = (text: string) => text as HoldId;
export const commandId = (text: string) => text as CommandId;
export const epoch = (text: string) => text as Epoch;

/** Stands in a journal where a patron or a pass stood that the kiosk need not know any more. */
export const erasedId = '0000000000000000';
