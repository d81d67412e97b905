import type { Outcome } from '../circulation/state.js';
import type { Journal } from '../journal/journal.js';
import type { KioskId } from '../kernel/ids.js';
import type { SigningKey } from '../passes/keys.js';
import { issueReceipt } from '../passes/receipt.js';

/**
 * Makes the function that writes the receipt for what a visit ended with: signed with the kiosk’s own `key`, the same
 * text as often as it is shown; null where nothing was returned.
 */
export function createReceipts(
  kiosk: KioskId,
  key: SigningKey,
  journal: Pick<Journal, 'epoch'>,
): (outcome: Outcome) => string | null {
  let written: { readonly visit: number; readonly text: string } | null = null;
  return (outcome) => {
    if (outcome.kind !== 'returned') return null;
    const { item, visit, at, trust } = outcome;
    // The view is made anew with every tick of its countdown.
    if (written?.visit !== visit) {
      const text = issueReceipt({ kiosk, item, at, trust, epoch: journal.epoch, visit }, key);
      written = { visit, text };
    }
    return written.text;
  };
}
