import { assert } from '../kernel/assert.js';
import type { ItemId } from '../kernel/ids.js';
import type { Moment } from '../kernel/time.js';
import { carryOn, type Decision, farewell, inTurn, note, outOfPlace, record, refuse } from './decision.js';
import { dueOf } from './due.js';
import type { Event, RenewalRefusal } from './event.js';
import type { Loan } from './ledger.js';
import { holderRefusal } from './lending.js';
import type { PassHolder, State } from './state.js';

/** Whoever showed her pass wants to keep a book longer. A book from another kiosk is asked for there by the catalogue. */
export function chooseRenewal(state: State, item: ItemId, moment: Moment): Decision {
  const { visit } = state;
  if (visit.kind !== 'choosing' && visit.kind !== 'asking') return outOfPlace(state, moment);
  // The catalogue may have spoken since the pass was shown.
  const barred = holderRefusal(state, visit.holder);
  if (barred) return refuse({ ...state, visit: { kind: 'idle' } }, barred, moment);
  const loan = state.ledger.loans.get(item);
  if (loan && loan.patron !== visit.holder.patron) return refuse(state, 'not-your-loan', moment);
  const refusal = loan && renewalRefusal(state, item, loan);
  if (refusal) return refuse(state, refusal, moment);
  // It would use up a renewal and win no day. By a clock that is not certain nobody can say so: the catalogue fixes the date.
  const isEarly = moment.trust === 'trusted' && loan && dueOf(state, item, moment) <= loan.dueAt;
  if (isEarly) return refuse(state, 'renewal-early', moment);
  return loan && state.online
    ? renewNow(state, item, visit.holder, moment)
    : askLater(state, item, visit.holder, moment);
}

function renewNow(state: State, item: ItemId, holder: PassHolder, moment: Moment): Decision {
  const event = renewed(state, item, moment);
  const { dueAt, dueProvisional } = event;
  const outcome = { kind: 'renewed', item, dueAt, dueProvisional } as const;
  return record(state, [event], farewell(state, outcome, null, moment, goingOn(holder)));
}

function askLater(state: State, item: ItemId, holder: PassHolder, moment: Moment): Decision {
  const isAsked = state.ledger.loans.get(item)?.renewalAsked ?? false;
  const events: Event[] = isAsked ? [] : [{ type: 'renewal-asked', item, patron: holder.patron }];
  return record(
    state,
    events,
    farewell(state, { kind: 'renewal-asked', item }, null, moment, goingOn(holder)),
  );
}

/** Who may go on to another book: not with a pass for one loan. */
const goingOn = (holder: PassHolder) => (holder.grant ? null : holder);

/** The catalogue can be asked again: what was asked for meanwhile is granted or refused, as its newest lists say. */
export function answerRenewals(state: State, moment: Moment): Decision {
  const asked = [...state.ledger.loans].filter(([, { renewalAsked }]) => renewalAsked);
  return inTurn(carryOn(state), asked, (each, [item, loan]) => {
    const reason = renewalRefusal(each, item, loan);
    return note(each, [reason ? { type: 'renewal-refused', item, reason } : renewed(each, item, moment)]);
  });
}

/** Why `loan` is not renewed; null when it is. */
export function renewalRefusal(
  { directory, policy }: State,
  item: ItemId,
  loan: Loan,
): RenewalRefusal | null {
  if (directory.wanted.has(item)) return 'renewal-wanted';
  return loan.renewals >= policy.renewals ? 'renewal-limit' : null;
}

/** A renewal never takes time away. */
function renewed(state: State, item: ItemId, moment: Moment): Extract<Event, { type: 'item-renewed' }> {
  const loan = state.ledger.loans.get(item);
  assert(loan !== undefined, 'what is renewed is on loan');
  const next = dueOf(state, item, moment);
  const dueAt = next > loan.dueAt ? next : loan.dueAt;
  const dueProvisional = moment.trust !== 'trusted';
  return { type: 'item-renewed', item, patron: loan.patron, dueAt, dueProvisional };
}
