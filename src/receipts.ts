import type { Outcome } from './circulation/state.js';
import type { Journal } from './journal/journal.js';
import type { KioskId } from './kernel/ids.js';
import { loadOrMakeKioskKey } from './passes/key-file.js';
import { issueReceipt } from './passes/receipt.js';

/**
 * Makes the function that writes the receipt for what a visit ended with: signed with the key kept in `dataFolder`, the
 * same text as often as it is shown; null where nothing was returned. Throws `pass.key-unusable`.
 */
export function createReceipts(
  kiosk: KioskId,
  dataFolder: string,
  journal: Pick<Journal, 'epoch'>,
): (outcome: Outcome) => string | null {
  const key = loadOrMakeKioskKey(dataFolder);
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
