import { isDeepStrictEqual } from 'node:util';
import { emptyLedger, type Ledger } from '../../../../src/circulation/ledger.js';
import { applyEvent } from '../../../../src/circulation/ledger-changes.js';
import type { CheckKind } from '../check-kind.js';

/** Memory, tables and the events played anew agree. */
export const ledgerEqualsReplay: CheckKind = {
  name: 'ledger-equals-replay',
  promises: [1, 4],
  create(_world, fail) {
    let replayed: Ledger = emptyLedger;
    let count = 0;
    let seen: Ledger | null = null;
    return {
      appended(events) {
        replayed = events.reduce(applyEvent, replayed);
        count += events.length;
        seen = null;
      },
      stepped({ ledger, journalWritable }) {
        if (ledger === seen || !journalWritable) return;
        seen = ledger;
        if (!isDeepStrictEqual(ledger, replayed)) fail('the memory differs from what the events add up to');
      },
      booted(journal) {
        if (journal.lastPosition() !== count)
          fail(`${count} events were durable, ${journal.lastPosition()} are left`);
        if (!isDeepStrictEqual(journal.load(), replayed))
          fail('the tables differ from what the events add up to');
      },
      epochBegan(journal) {
        count = journal.lastPosition();
      },
      began({ ledger }) {
        if (!isDeepStrictEqual(ledger, replayed))
          fail('the program begins with another ledger than the journal’s');
      },
    };
  },
};
