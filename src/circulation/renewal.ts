import { assert } from '../kernel/assert.js';
import type { ItemId } from '../kernel/ids.js';
import type { Moment } from '../kernel/time.js';
import {
  type Decision,
  decideEach,
  farewellVisit,
  recordEvents,
  refuse,
  refuseMistimed,
  stateOnly,
  transition,
} from './decision.js';
import { dueDateOf } from './due.js';
import type { Event, RenewalRefusal } from './event.js';
import type { Loan } from './ledger.js';
import { holderRefusal } from './lending.js';
import type { PassHolder, State } from './state.js';

/** A patron asks to renew a loan. For a loan of another kiosk, the catalogue requests the renewal there. */
export function chooseRenewal(state: State, item: ItemId, moment: Moment): Decision {
  const { visit } = state;
  if (visit.kind !== 'choosing' && visit.kind !== 'asking') return refuseMistimed(state, moment);
  // The catalogue may have spoken since the pass was shown.
  const barred = holderRefusal(state, visit.holder);
  if (barred) return refuse({ ...state, visit: { kind: 'idle' } }, barred, moment);
  const loan = state.ledger.loans.get(item);
  if (loan && loan.patron !== visit.holder.patron) return refuse(state, 'not-your-loan', moment);
  const refusal = loan && renewalRefusal(state, item, loan);
  if (refusal) return refuse(state, refusal, moment);
  // It would use up a renewal without a later due date. With the clock in doubt that is not known: the catalogue sets the date.
  const isEarly = moment.trust === 'trusted' && loan && dueDateOf(state, item, moment) <= loan.dueAt;
  if (isEarly) return refuse(state, 'renewal-early', moment);
  return loan && state.online
    ? renewNow(state, item, visit.holder, moment)
    : requestRenewal(state, item, visit.holder, moment);
}

function renewNow(state: State, item: ItemId, holder: PassHolder, moment: Moment): Decision {
  const event = renewalEvent(state, item, moment);
  const { dueAt, dueProvisional } = event;
  const outcome = { kind: 'renewed', item, dueAt, dueProvisional } as const;
  return transition(state, [event], farewellVisit(state, outcome, null, moment, holderAfterVisit(holder)));
}

function requestRenewal(state: State, item: ItemId, holder: PassHolder, moment: Moment): Decision {
  const isAsked = state.ledger.loans.get(item)?.renewalAsked ?? false;
  const events: Event[] = isAsked ? [] : [{ type: 'renewal-asked', item, patron: holder.patron }];
  return transition(
    state,
    events,
    farewellVisit(state, { kind: 'renewal-asked', item }, null, moment, holderAfterVisit(holder)),
  );
}

/** Who may go on to another book: not with a pass for one loan. */
const holderAfterVisit = (holder: PassHolder) => (holder.grant ? null : holder);

/** The catalogue is connected again: pending renewals are granted or refused by its newest lists. */
export function settleRenewals(state: State, moment: Moment): Decision {
  const asked = [...state.ledger.loans].filter(([, { renewalAsked }]) => renewalAsked);
  return decideEach(stateOnly(state), asked, (each, [item, loan]) => {
    const reason = renewalRefusal(each, item, loan);
    return recordEvents(each, [
      reason ? { type: 'renewal-refused', item, reason } : renewalEvent(each, item, moment),
    ]);
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
function renewalEvent(state: State, item: ItemId, moment: Moment): Extract<Event, { type: 'item-renewed' }> {
  const loan = state.ledger.loans.get(item);
  assert(loan !== undefined, 'what is renewed is on loan');
  const next = dueDateOf(state, item, moment);
  const dueAt = next > loan.dueAt ? next : loan.dueAt;
  const dueProvisional = moment.trust !== 'trusted';
  return { type: 'item-renewed', item, patron: loan.patron, dueAt, dueProvisional };
}
