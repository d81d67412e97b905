import type { Outcome } from '../circulation/state.js';
import type { Journal } from '../journal/journal.js';
import type { KioskId } from '../kernel/ids.js';
import type { SigningKey } from '../passes/keys.js';
import { issueReceipt } from '../passes/receipt.js';

/**
 * Makes the function that issues the receipt for a visit's outcome, signed with the kiosk’s own `key`: the same text each
 * time it is shown; null where nothing was returned.
 */
export function createReceiptWriter(
  kiosk: KioskId,
  key: SigningKey,
  journal: Pick<Journal, 'epoch'>,
): (outcome: Outcome) => string | null {
  let issued: { readonly visit: number; readonly text: string } | null = null;
  return (outcome) => {
    if (outcome.kind !== 'returned') return null;
    const { item, visit, at, trust } = outcome;
    // The view is rendered with every tick of its countdown.
    if (issued?.visit !== visit) {
      const text = issueReceipt({ kiosk, item, at, trust, epoch: journal.epoch, visit }, key);
      issued = { visit, text };
    }
    return issued.text;
  };
}
