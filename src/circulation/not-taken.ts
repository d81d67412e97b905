import type { LockerNo } from '../kernel/ids.js';
import type { Moment } from '../kernel/time.js';
import { type Decision, farewellVisit, refuse, transition } from './decision.js';
import { withheldEvents } from './doors.js';
import { lockerOf } from './ledger.js';
import type { RecentLoan, State } from './state.js';

/**
 * The borrower reports that the book is still behind its door: the loan is undone. Where no sensor sees the book,
 * staff look before anybody else is sent to that door.
 */
export function reportNotTaken(state: State, locker: LockerNo, moment: Moment): Decision {
  const lent = state.recentLoans.get(locker);
  if (!lent || moment.elapsedMs >= lent.until || !isBorrowerPresent(state, locker, lent))
    return refuse(state, 'not-your-loan', moment);
  const { item, visit } = lent;
  const sensed = state.items.get(locker) ?? 'unknown';
  if (sensed === 'absent' || state.doors.get(locker) !== 'closed') return refuse(state, 'item-taken', moment);
  const recentLoans = new Map(state.recentLoans);
  recentLoans.delete(locker);
  return transition(
    { ...state, recentLoans },
    [
      { type: 'checkout-undone', visit, locker, item },
      ...(sensed === 'present' ? [] : withheldEvents(state, locker, 'not-taken')),
    ],
    farewellVisit(state, { kind: 'undone', item }, locker, moment),
  );
}

/** She is still there, or has shown her pass again; and nothing has happened to the book or its locker since. */
function isBorrowerPresent(
  { visit, ledger }: State,
  locker: LockerNo,
  { item, patron }: RecentLoan,
): boolean {
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
