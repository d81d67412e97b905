import type { Event, RecordedEvent } from '../circulation/event.js';
import type { Ledger } from '../circulation/ledger.js';
import { erasedId, type PatronId } from '../kernel/ids.js';
import type { Base } from './base.js';
import { ledgerOf, type PartRow, rowsOf } from './parts.js';
import type { LedgerRules } from './rules.js';

/** Patrons whose loans, holds or unacknowledged events are still in use: they are not erased. */
export interface PatronsInUse {
  readonly ledger: Ledger;
  /** The rows of the ledger as text, by each pseudonym and pass in them. */
  readonly rowsNaming: ReadonlyMap<string, readonly string[]>;
  /** Items and patrons in events that the catalogue has not acknowledged. */
  readonly unsent: ReadonlySet<string>;
}

/** The patrons in use in `ledger`, whose last events, `unsent`, are not acknowledged. */
export function patronsInUse(ledger: Ledger, unsent: readonly RecordedEvent[]): PatronsInUse {
  const rowsNaming = new Map<string, string[]>();
  for (const row of rowsOf(ledger)) {
    const text = textOf(row);
    for (const [name] of text.matchAll(/(?<=")[0-9a-f]{16}(?=")/g)) {
      rowsNaming.set(name, [...(rowsNaming.get(name) ?? []), text]);
    }
  }
  const names = unsent.flatMap(({ event }) => [itemOf(event), patronOf(event)]);
  return { ledger, rowsNaming, unsent: new Set(names.filter((name) => name !== null)) };
}

const textOf = ({ part, key, row }: PartRow) => JSON.stringify([part, key, row]);
const itemOf = (event: Event) => ('item' in event ? event.item : null);
const patronOf = (event: Event) => ('patron' in event ? event.patron : null);

/**
 * Returns an acknowledged event without its patron and pass; null when they are still needed: the patron's use of the item
 * has not ended, or its end is not acknowledged. A pass that the ledger remembers is kept.
 */
export function erasePatron(event: Event, inUse: PatronsInUse, rules: LedgerRules): Event | null {
  const patron = patronOf(event);
  if (patron === null || patron === erasedId || isPatronInUse(patron, itemOf(event), inUse, rules))
    return null;
  const isKey = (name: string) => rules.changesOf(rules.emptyLedger, event).some(({ key }) => key === name);
  const keepsPass = !('pass' in event) || event.pass === undefined || isKey(event.pass);
  return { ...event, patron: erasedId, ...(keepsPass ? {} : { pass: erasedId }) } as Event;
}

function isPatronInUse(
  patron: PatronId,
  item: string | null,
  inUse: PatronsInUse,
  rules: LedgerRules,
): boolean {
  const { ledger, rowsNaming, unsent } = inUse;
  if (unsent.has(item ?? patron)) return true;
  if (item === null) return rules.partsByPatron.some((part) => ledger[part].has(patron));
  return (rowsNaming.get(patron) ?? []).some((text) => text.includes(item));
}

/** Returns `base` without the patrons whom the current ledger no longer names in the same row. */
export function erasePatronsInBase(base: Base, { ledger, unsent }: PatronsInUse, rules: LedgerRules): Base {
  const name = ({ part, key }: PartRow) => `${part} ${key}`;
  const now = new Map(rowsOf(ledger).map((row) => [name(row), textOf(row)]));
  const rows = rowsOf(base.ledger).flatMap((row) => {
    const text = textOf(row);
    const isOver = (patron: string) => patron !== erasedId && !now.get(name(row))?.includes(patron);
    if ([...unsent].some((each) => text.includes(each))) return [row];
    if (isKeyedByPatron(row, rules)) return isOver(String(row.key)) ? [] : [row];
    const body = text.replaceAll(/(?<="patron":")[0-9a-f]{16}/g, (patron) =>
      isOver(patron) ? erasedId : patron,
    );
    return [body === text ? row : { ...row, row: JSON.parse(body)[2] }];
  });
  return { ...base, ledger: ledgerOf(rules.emptyLedger, rows, base.ledger.nextVisit) };
}

/** Returns `ledger` without the rows keyed by the erased id. */
export function withoutErasedRows(ledger: Ledger, rules: LedgerRules): Ledger {
  const rows = rowsOf(ledger).filter((row) => !(row.key === erasedId && isKeyedByPatron(row, rules)));
  return ledgerOf(rules.emptyLedger, rows, ledger.nextVisit);
}

const isKeyedByPatron = ({ part }: PartRow, { partsByPatron }: LedgerRules) =>
  partsByPatron.some((one) => one === part);
