import type { ItemId, PassId, PatronId } from '../kernel/ids.js';

/** The age group of a borrower: some items are not lent to children. */
export type Age = 'adult' | 'child';

/** What lending needs to know of an item. */
export interface ItemDetails {
  /** Which loan period of the policy is its; null: the usual one. */
  readonly loanClass: string | null;
  /** Not for children. */
  readonly adultsOnly: boolean;
}

/** The catalogue's data about books and patrons; kept and used while offline. */
export interface Directory {
  /** Items the catalogue knows; null before its first list. */
  readonly items: ReadonlyMap<ItemId, ItemDetails> | null;
  /** Items that are needed elsewhere: not renewed, and taken out by staff. */
  readonly wanted: ReadonlySet<ItemId>;
  /** Patrons who may not borrow at present. */
  readonly blocked: ReadonlySet<PatronId>;
  /** Passes that were given back or lost. */
  readonly revoked: ReadonlySet<PassId>;
}

/** The directory of a kiosk without any document. */
export const emptyDirectory: Directory = {
  items: null,
  wanted: new Set(),
  blocked: new Set(),
  revoked: new Set(),
};

/** What the street decided about lending. */
export interface Policy {
  readonly loanDays: number;
  /** Loan periods, in days, of classes that differ from the usual one. */
  readonly loanDaysOfClass: ReadonlyMap<string, number>;
  /** Days in Shanghai, `2026-10-01`, on which nothing falls due. */
  readonly closedDays: ReadonlySet<string>;
  readonly loansPerPatron: number;
  /** The limit while the catalogue cannot be asked what a patron has from other kiosks. */
  readonly loansPerPatronOffline: number;
  /** How often a loan may be renewed. */
  readonly renewals: number;
}

/** What a street lends by until it decides otherwise. */
export const defaultPolicy: Policy = {
  loanDays: 28,
  loanDaysOfClass: new Map(),
  closedDays: new Set(),
  loansPerPatron: 5,
  loansPerPatronOffline: 2,
  renewals: 1,
};
