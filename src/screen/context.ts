import type { Outcome } from '../circulation/state.js';
import type { BookTitle, Sentence } from '../display/phrases.js';
import type { ItemId, KioskId } from '../kernel/ids.js';
import type { Moment } from '../kernel/time.js';

/** What a view needs besides the state. Nothing in it, or in a view, tells who the resident is. */
export interface ViewContext {
  readonly kiosk: { readonly id: KioskId; readonly name: Sentence };
  /** The title of an item, or null where the kiosk does not know it. */
  readonly titleOf: (item: ItemId) => BookTitle | null;
  /** Whether the catalogue answers; lending goes on either way. */
  readonly online: boolean;
  /** Where to go when this kiosk is full or out of service, the nearest first. */
  readonly neighbours: readonly Sentence[];
  /** The text of the receipt for what a visit ended with, to be shown as a QR code; null where there is none. */
  readonly receiptOf: (outcome: Outcome) => string | null;
  /** Whether a maintainer is looking for this kiosk at the moment. */
  readonly isLookedFor?: boolean;
  /** The address that the QR for phones leads to. */
  readonly invitation: string;
  /** Now; deadlines that have come by then are not shown any more. */
  readonly moment: Moment;
}
