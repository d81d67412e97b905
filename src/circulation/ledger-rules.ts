import { applyEvent, changesOf, emptyLedger } from './ledger.js';

/** What a journal is to know of ledgers: how they begin, and what events do to them. */
export const ledgerRules = { emptyLedger, changesOf, applyEvent } as const;
