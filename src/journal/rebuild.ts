import type { RecordedEvent } from '../circulation/event.js';
import { limits } from '../kernel/limits.js';
import type { Base } from './base.js';
import type { LedgerRules } from './rules.js';

/** `base` with `events` put on top of it, the first of them at the position after it. */
export function fold(base: Base, events: readonly RecordedEvent[], { applyEvent }: LedgerRules): Base {
  const trusted = events.findLast(({ trust }) => trust === 'trusted');
  return {
    ledger: events.reduce((ledger, { event }) => applyEvent(ledger, event), base.ledger),
    position: events.at(-1)?.position ?? base.position,
    lastTrustedMs: trusted?.at ?? base.lastTrustedMs,
  };
}

/** What `base` and the events after it add up to, read slice by slice until `read` gives none or `upTo` is reached. */
export function rebuild(
  base: Base,
  read: (from: number, count: number) => readonly RecordedEvent[],
  rules: LedgerRules,
  upTo = Number.POSITIVE_INFINITY,
): Base {
  let sum = base;
  for (;;) {
    const count = Math.min(limits.journalSliceEvents, upTo - sum.position);
    const events = count > 0 ? read(sum.position + 1, count) : [];
    if (events.length === 0) return sum;
    sum = fold(sum, events, rules);
  }
}
