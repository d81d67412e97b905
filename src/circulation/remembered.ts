import { limits } from '../kernel/limits.js';
import type { Event } from './event.js';
import type { Ledger, LedgerChange } from './ledger.js';

// What is remembered so that it is not done twice: passes for one loan, and commands.

/** Remembers a single-use pass; of very many, those whose time ends first are forgotten. */
export function spend(
  { spent }: Ledger,
  { pass, singleUseUntil }: Extract<Event, { type: 'checkout-intended' }>,
): readonly LedgerChange[] {
  if (pass === undefined || singleUseUntil === undefined) return [];
  const remembered: LedgerChange = { part: 'spent', key: pass, row: singleUseUntil };
  if (spent.size < limits.spentPassesLength) return [remembered];
  const [oldest] = [...spent].sort(([, a], [, b]) => a - b);
  return oldest ? [{ part: 'spent', key: oldest[0], row: null }, remembered] : [remembered];
}

/** Remembers a command. What ended well before it was issued could not be taken again, and is forgotten. */
export function taken(
  { commands }: Ledger,
  { command, issuedAt, expiresAt, answer, reason }: Extract<Event, { type: 'command-taken' }>,
): readonly LedgerChange[] {
  const over = [...commands].filter(([, row]) => row.expiresAt + limits.commandSkewMs <= issuedAt);
  return [
    ...over.map(([key]) => ({ part: 'commands', key, row: null }) as const),
    {
      part: 'commands',
      key: command,
      row: { issuedAt, expiresAt, answer, reason: reason ?? null, visit: null },
    },
  ];
}

/** A command is carried out in this visit. */
export function takenUp(
  { commands }: Ledger,
  { command, visit }: Extract<Event, { type: 'checkout-intended' | 'access-intended' }>,
): readonly LedgerChange[] {
  const row = command && commands.get(command);
  return command && row ? [{ part: 'commands', key: command, row: { ...row, visit } }] : [];
}
