import type { LockerNo } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import { type ElapsedMs, type Moment, milliseconds } from '../kernel/time.js';
import { type Decision, deadlineIn, farewellVisit, refuse, transition } from './decision.js';
import { dueDateOf } from './due.js';
import type { CancelReason, DoorAtEnd, Event, WithheldReason } from './event.js';
import { holdFulfilledEvents } from './holds.js';
import { type Intent, lockerOf, lockerWith } from './ledger.js';
import { workingVisit } from './staff.js';
import { accessCompletedEvents } from './staff-access.js';
import type { Open, Outcome, State, Visit } from './state.js';

/** Whether `intent` belongs to the current visit. */
export function isCurrentVisit({ visit }: State, intent: Intent): boolean {
  return (visit.kind === 'opening' || visit.kind === 'open') && visit.visit === intent.visit;
}

/** Ends a visit whose opening is part of the same decision. */
export function finishAfterOpening(
  first: Decision,
  locker: LockerNo,
  door: DoorAtEnd,
  moment: Moment,
): Decision {
  const { intent } = lockerOf(first.state.ledger, locker);
  // In an emergency it is over as soon as the door has opened.
  if (!intent) return first;
  const second = finishVisit(first.state, locker, intent, door, moment);
  return { ...second, events: [...first.events, ...second.events] };
}

/** The visit at an unlocked or open door. */
export function doorVisit(state: State, locker: LockerNo, intent: Intent, moment: Moment): Visit {
  const { visit } = intent;
  const { holder, work } = participantsOf(state, intent);
  if (!intent.opened) {
    const since = moment.elapsedMs;
    const deadline = deadlineIn(moment, state.waits.doorOpen);
    return {
      kind: 'opening',
      locker,
      visit,
      holder,
      work,
      attempt: 0,
      attemptStartedAt: since,
      stuck: false,
      deadline,
    };
  }
  const deadline = deadlineIn(moment, state.waits.doorClose);
  return {
    kind: 'open',
    locker,
    visit,
    holder,
    work,
    deadline,
    remindAt: remindAt(state, moment),
    reminders: 0,
  };
}

/** The holder and staff work of the visit of `intent`; both null after an interruption. */
function participantsOf({ visit }: State, intent: Intent): Pick<Open, 'holder' | 'work'> {
  const isThere = (visit.kind === 'opening' || visit.kind === 'open') && visit.visit === intent.visit;
  return isThere ? { holder: visit.holder, work: visit.work } : { holder: null, work: null };
}

/** When to ask for the door to be shut. */
export function remindAt(state: State, moment: Moment): ElapsedMs {
  return deadlineIn(moment, state.waits.doorRemind);
}

/** The door really opened: from this moment a loan exists. */
export function recordOpened(state: State, locker: LockerNo, intent: Intent, moment: Moment): Decision {
  const now = { ...intent, opened: true };
  const events = openedEvents(state, locker, intent, moment);
  const first = transition(state, events, doorVisit(state, locker, now, moment));
  // In an emergency a door is left as it is.
  const isEmergency = intent.purpose === 'access' && intent.task === 'open-all';
  return isEmergency ? finishAfterOpening(first, locker, 'left-open', moment) : first;
}

/** What to record when the door of `intent` has opened. */
export function openedEvents(
  state: State,
  locker: LockerNo,
  intent: Intent,
  moment: Moment,
): readonly Event[] {
  const { visit } = intent;
  switch (intent.purpose) {
    case 'checkin':
      return [{ type: 'checkin-opened', visit, locker }];
    case 'access':
      return [{ type: 'access-opened', visit, locker }];
    case 'checkout': {
      const { item, patron } = intent;
      const dueProvisional = moment.trust !== 'trusted';
      const dueAt = dueDateOf(state, item, moment);
      return [
        { type: 'item-lent', visit, locker, item, patron, dueAt, dueProvisional },
        ...holdFulfilledEvents(state.ledger, item, patron),
      ];
    }
  }
}

/** The visit at an opened door is over. */
export function finishVisit(
  state: State,
  locker: LockerNo,
  intent: Intent,
  door: DoorAtEnd,
  moment: Moment,
): Decision {
  // Also where the door was not seen to shut: a sensor behind it may still settle.
  const lastClosedAt =
    door === 'closed' ? new Map(state.lastClosedAt).set(locker, moment.elapsedMs) : state.lastClosedAt;
  const next: State = {
    ...state,
    lastClosedAt,
    recentLoans: addRecentLoan(state, locker, intent, moment),
  };
  const events = finishedEvents(state, locker, intent, door);
  return transition(
    next,
    events,
    visitAfterDoor(state, locker, intent, outcomeOf(state, locker, intent, moment), moment),
  );
}

function finishedEvents(state: State, locker: LockerNo, intent: Intent, door: DoorAtEnd): readonly Event[] {
  const { visit } = intent;
  switch (intent.purpose) {
    case 'checkout':
      return [{ type: 'checkout-completed', visit, locker, door }];
    case 'checkin': {
      const { item } = intent;
      // What was recorded to be in another locker cannot be there: staff shall see what is.
      const other = lockerWith(state.ledger, item);
      return [
        { type: 'item-returned', visit, locker, item, door },
        ...(other === undefined ? [] : withheldEvents(state, other, 'misplaced')),
      ];
    }
    case 'access':
      return accessCompletedEvents(state, locker, intent, participantsOf(state, intent).work?.found, door);
  }
}

/** The visit after a door: staff return to their work; a resident is shown the outcome. */
export function visitAfterDoor(
  state: State,
  locker: LockerNo,
  intent: Intent,
  outcome: Outcome,
  moment: Moment,
): Visit {
  const { holder, work } = participantsOf(state, intent);
  if (work) return workingVisit(work, moment);
  const mayGoOn = outcome.kind === 'lent' && holder?.grant === null;
  return farewellVisit(state, outcome, locker, moment, mayGoOn ? holder : null);
}

function addRecentLoan(state: State, locker: LockerNo, intent: Intent, moment: Moment): State['recentLoans'] {
  if (intent.purpose !== 'checkout') return state.recentLoans;
  const { visit, item, patron } = intent;
  const until = deadlineIn(moment, milliseconds(limits.notTakenMs));
  return new Map(state.recentLoans).set(locker, { visit, item, patron, until });
}

function outcomeOf(state: State, locker: LockerNo, intent: Intent, moment: Moment): Outcome {
  const { visit } = intent;
  switch (intent.purpose) {
    case 'access':
      return { kind: 'worked' };
    case 'checkin': {
      const { damage } = lockerOf(state.ledger, locker);
      const { calendarMs: at, trust } = moment;
      return { kind: 'returned', item: intent.item, visit, at, trust, damage };
    }
    case 'checkout': {
      const { item } = intent;
      const loan = state.ledger.loans.get(item);
      // It was returned or found elsewhere before this door was known to be closed.
      if (loan?.visit !== visit) return { kind: 'outcome-unknown', purpose: 'checkout' };
      const { dueAt, dueProvisional } = loan;
      return { kind: 'lent', item, visit, dueAt, dueProvisional };
    }
  }
}

/** The event that withholds `locker`; none when it is withheld already. */
export function withheldEvents(state: State, locker: LockerNo, reason: WithheldReason): readonly Event[] {
  const isKept = lockerOf(state.ledger, locker).withheld !== null;
  return isKept ? [] : [{ type: 'locker-withheld', locker, reason }];
}

/** The event that ends an intent with nothing lent, returned or done. */
export function cancelledEvent(locker: LockerNo, intent: Intent, reason: CancelReason): Event {
  const { visit } = intent;
  switch (intent.purpose) {
    case 'checkout':
      return { type: 'checkout-cancelled', visit, locker, item: intent.item, reason };
    case 'checkin':
      return { type: 'checkin-cancelled', visit, locker, item: intent.item, reason };
    case 'access':
      return { type: 'access-cancelled', visit, locker, reason };
  }
}

/** The intent ends with nothing lent, returned or done. Staff get a message and continue their session. */
export function cancelIntent(
  state: State,
  locker: LockerNo,
  intent: Intent,
  reason: CancelReason,
  moment: Moment,
): Decision {
  const kind = reason === 'lock-refused' ? 'lock-refused' : 'never-opened';
  const outcome = { kind, purpose: intent.purpose } as const;
  const events = [cancelledEvent(locker, intent, reason)];
  const over = transition(state, events, visitAfterDoor(state, locker, intent, outcome, moment));
  if (over.state.visit.kind !== 'working') return over;
  return refuse(over.state, 'locker-stuck', moment, events);
}
