import { createHash } from 'node:crypto';
import type { Journal } from '../../src/journal/journal.js';
import { sorted } from './history.js';

/** All of a journal that housekeeping must not change, as something short to compare. */
export interface State {
  readonly epoch: string;
  readonly last: number;
  readonly sent: number;
  readonly gone: number;
  readonly ledger: string;
  /** Each event by position, as short text without the patron. */
  readonly events: Readonly<Record<number, string>>;
}

const short = (value: unknown) =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);

/** What `journal` is now. */
export function stateOf(journal: Journal): State {
  const events = journal.read(1, 1_000).map(({ position, at, event }) => {
    const anonymous = Object.entries(event).filter(([key]) => key !== 'patron' && key !== 'pass');
    return [position, short([at, anonymous])];
  });
  return {
    epoch: journal.epoch,
    last: journal.lastPosition(),
    sent: journal.sentMark(),
    gone: journal.prunedUpTo(),
    ledger: short(sorted(journal.load())),
    events: Object.fromEntries(events),
  };
}
