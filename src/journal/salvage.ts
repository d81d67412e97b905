import type { RecordedEvent } from '../circulation/event.js';
import type { Ledger } from '../circulation/ledger.js';
import { Fault } from '../kernel/faults.js';
import { visitNo } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import { type EpochMs, epochMs, isEpochMs } from '../kernel/time.js';
import type { Base } from './base.js';
import type { DamagedJournal } from './damaged-journal.js';
import { ledgerOf, type PartRow } from './parts.js';
import { fold } from './rebuild.js';
import type { LedgerRules } from './rules.js';

/** A consistent journal made from a damaged one, and what was lost. */
export interface Salvage {
  readonly base: Base;
  readonly events: readonly RecordedEvent[];
  readonly sentMark: number;
  /** Whether positions mean something else now. */
  readonly newEpoch: boolean;
  readonly ledger: Ledger;
  /**
   * `whole`: nothing is lost. `history`: only events that the catalogue has. `untold`: events that it may never have
   * received; the lockers are as last recorded. `state`: everything after the last event kept.
   */
  readonly lost: 'whole' | 'history' | 'untold' | 'state';
}

/**
 * Recovers a journal from what is readable. The events are used as long as none is missing. If some are, the ledger is
 * used; without it, the events before the first gap. Throws `journal.damaged` when not even those can be read.
 */
export function salvage(debris: DamagedJournal, rules: LedgerRules): Salvage {
  const { marks, events, isTailLost } = debris;
  if (marks === null) throw new Fault('journal.damaged', 'not even its epoch can be read: restore a backup');
  const sent = Number(marks.get('sent') ?? 0);
  const base = baseIn(debris, marks, rules);
  const run = base ? runAfter(base.position, events) : [];
  const reached = run.at(-1)?.position ?? base?.position ?? 0;
  const isWhole = reached >= (events.at(-1)?.position ?? 0) && reached >= sent && !isTailLost;
  if (base && isWhole) return fromEvents(base, run, sent, rules, 'whole');
  const ledger = ledgerIn(debris, marks, rules);
  const trusted = trustedIn(marks);
  if (ledger) return fromLedger(ledger, debris, { sent, trusted }, rules);
  if (base) return fromEvents(base, run, Math.min(sent, reached), rules, 'state');
  throw new Fault('journal.damaged', 'neither its ledger nor its beginning can be read: restore a backup');
}

type Marks = ReadonlyMap<string, string | number>;

/** The next visit after those before the first event; a mark that makes no sense is as good as none. */
function nextVisitIn(marks: Marks): number {
  const next = Number(marks.get('folded-next-visit'));
  return Number.isSafeInteger(next) && next >= 1 ? next : 1;
}

/** The last trusted time of those events, in the same way. */
function trustedIn(marks: Marks): EpochMs {
  const trusted = Number(marks.get('folded-trusted'));
  return epochMs(isEpochMs(trusted) ? trusted : 0);
}

function baseIn({ base }: DamagedJournal, marks: Marks, rules: LedgerRules): Base | null {
  const ledger = base && ledgerFrom(base, nextVisitIn(marks), rules);
  if (!ledger) return null;
  return {
    ledger,
    position: Number(marks.get('folded') ?? 0),
    lastTrustedMs: trustedIn(marks),
  };
}

/** The ledger as it was last written. Visits of events that are lost may have had higher numbers than any known. */
function ledgerIn({ ledger, events }: DamagedJournal, marks: Marks, rules: LedgerRules): Ledger | null {
  const visits = events.map(({ event }) => ('visit' in event ? event.visit : 0));
  const known = visits.reduce((highest, visit) => Math.max(highest, visit + 1), 1);
  const next = Math.max(known, nextVisitIn(marks)) + limits.journalGapEvents;
  return ledger && ledgerFrom(ledger, next, rules);
}

function ledgerFrom(rows: readonly PartRow[], nextVisit: number, rules: LedgerRules): Ledger | null {
  const isForeign = rows.some(({ part }) => !(part in rules.emptyLedger));
  return isForeign ? null : ledgerOf(rules.emptyLedger, rows, visitNo(nextVisit));
}

/** The events that follow `position` without a gap. */
function runAfter(position: number, events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const after = events.filter((event) => event.position > position);
  const gap = after.findIndex((event, index) => event.position !== position + index + 1);
  return gap < 0 ? after : after.slice(0, gap);
}

function fromEvents(
  base: Base,
  events: readonly RecordedEvent[],
  sentMark: number,
  rules: LedgerRules,
  lost: 'whole' | 'state',
): Salvage {
  const { ledger } = fold(base, events, rules);
  return { base, events, sentMark, newEpoch: false, ledger, lost };
}

/** Keeps the ledger, and of the events only those that the catalogue has not acknowledged. */
function fromLedger(
  ledger: Ledger,
  { events, isTailLost }: DamagedJournal,
  { sent, trusted }: { readonly sent: number; readonly trusted: EpochMs },
  rules: LedgerRules,
): Salvage {
  const lastTrustedMs = events.findLast(({ trust }) => trust === 'trusted')?.at ?? trusted;
  const unacknowledged = runAfter(sent, events);
  const last = unacknowledged.at(-1)?.position ?? sent;
  if (!isTailLost && last >= (events.at(-1)?.position ?? 0)) {
    const base = { ledger, position: last, lastTrustedMs };
    return { base, events: unacknowledged, sentMark: sent, newEpoch: false, ledger, lost: 'history' };
  }
  const at = events.at(-1)?.at ?? lastTrustedMs;
  const stock = rules
    .stockEventsOf(ledger)
    .map((event) => ({ position: 0, at, trust: 'floor' as const, event }));
  const kept = [...events.filter(({ position }) => position > sent), ...stock];
  const renumbered = kept.map((each, index) => ({ ...each, position: index + 1 }));
  const base = { ledger, position: renumbered.length, lastTrustedMs };
  return { base, events: renumbered, sentMark: 0, newEpoch: true, ledger, lost: 'untold' };
}
