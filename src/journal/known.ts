import type { Ledger } from '../circulation/ledger.js';
import type { Epoch } from '../kernel/ids.js';
import type { EpochMs } from '../kernel/time.js';
import type { Store } from './store.js';

/** What the file says, kept in memory. */
export interface Known {
  readonly epoch: Epoch;
  readonly ledger: Ledger;
  readonly lastPosition: number;
  readonly lastTrustedMs: EpochMs;
  readonly goneTo: number;
  /** The mark in the file; `#sentMark` may be ahead of it. */
  readonly writtenMark: number;
}

/** Reads it all; throws as `Store.recount` does. */
export function knownFrom(store: Store): Known {
  store.recount();
  return {
    epoch: store.epoch(),
    ledger: store.load(),
    lastPosition: store.lastPosition(),
    lastTrustedMs: store.lastTrustedMs(),
    goneTo: store.goneTo(),
    writtenMark: store.sentMark(),
  };
}
