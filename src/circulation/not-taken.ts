import type { LockerNo } from '../kernel/ids.js';
import type { Moment } from '../kernel/time.js';
import { type Decision, farewell, record, refuse } from './decision.js';
import { withheld } from './doors.js';
import { lockerOf } from './ledger.js';
import type { JustLent, State } from './state.js';

/**
 * Who has just borrowed says that the book is still behind its door: the loan is undone. Where no sensor sees the book,
 * staff look before anybody else is sent to that door.
 */
export function reportNotTaken(state: State, locker: LockerNo, moment: Moment): Decision {
  const lent = state.justLent.get(locker);
  if (!lent || moment.elapsedMs >= lent.until || !isHers(state, locker, lent))
    return refuse(state, 'not-your-loan', moment);
  const { item, visit } = lent;
  const sensed = state.items.get(locker) ?? 'unknown';
  if (sensed === 'absent' || state.doors.get(locker) !== 'closed') return refuse(state, 'item-taken', moment);
  const justLent = new Map(state.justLent);
  justLent.delete(locker);
  return record(
    { ...state, justLent },
    [
      { type: 'checkout-undone', visit, locker, item },
      ...(sensed === 'present' ? [] : withheld(state, locker, 'not-taken')),
    ],
    farewell(state, { kind: 'undone', item }, locker, moment),
  );
}

/** She is still there, or has shown her pass again; and nothing has happened to the book or its locker since. */
function isHers({ visit, ledger }: State, locker: LockerNo, { item, patron }: JustLent): boolean {
  const isStillThere = visit.kind === 'farewell' && visit.outcome.kind === 'lent' && visit.locker === locker;
  const isBack = visit.kind === 'choosing' && visit.holder.patron === patron;
  const record = lockerOf(ledger, locker);
  return (
    (isStillThere || isBack) &&
    ledger.loans.get(item)?.patron === patron &&
    record.item === null &&
    record.intent === null
  );
}
