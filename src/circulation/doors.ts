import { assert } from '../kernel/assert.js';
import type { LockerNo } from '../kernel/ids.js';
import type { ElapsedMs, Moment } from '../kernel/time.js';
import { boardOf } from './boards.js';
import { carryOn, type Decision, deadlineIn, farewell, inTurn, record } from './decision.js';
import { dueAt } from './due.js';
import type { CancelReason, DoorAtEnd, Event, WithheldReason } from './event.js';
import { type Intent, lockerOf } from './ledger.js';
import type { Outcome, State, Visit } from './state.js';

/** Settles each intent at `lockers` that waits for its outcome, as far as its door is known. */
export function settleEach(state: State, lockers: Iterable<LockerNo>, moment: Moment): Decision {
  return inTurn(carryOn(state), lockers, (each, locker) => settle(each, locker, moment));
}

/**
 * Moves the intent recorded at `locker` on, as far as its door and the board's memory tell. Whoever else is at the kiosk
 * is not disturbed: what can be told is recorded, and what must be waited for waits until nobody is there.
 */
export function settle(state: State, locker: LockerNo, moment: Moment): Decision {
  const { intent } = lockerOf(state.ledger, locker);
  const door = state.doors.get(locker) ?? 'unknown';
  if (!intent || door === 'unknown') return carryOn(state);
  return besides(state, locker, settled(state, locker, intent, door, moment));
}

function settled(
  state: State,
  locker: LockerNo,
  intent: Intent,
  door: 'open' | 'closed',
  moment: Moment,
): Decision {
  if (door === 'closed') {
    return intent.opened
      ? finish(state, locker, intent, 'closed', moment)
      : shutAgain(state, locker, intent, moment);
  }
  return intent.opened ? watch(state, locker, intent, moment) : opened(state, locker, intent, moment);
}

/** `decision` about `locker`, without moving the visit of somebody who is at the kiosk for something else. */
export function besides({ visit, notice }: State, locker: LockerNo, decision: Decision): Decision {
  const isFree = visit.kind === 'idle' || ('locker' in visit && visit.locker === locker);
  return isFree ? decision : { ...decision, state: { ...decision.state, visit, notice } };
}

/** Whether the visit of `intent` is the one at hand. */
export function isAtHand({ visit }: State, intent: Intent): boolean {
  return (visit.kind === 'opening' || visit.kind === 'open') && visit.visit === intent.visit;
}

/** The door is shut and not recorded to have opened: the board remembers whether it did. */
function shutAgain(state: State, locker: LockerNo, intent: Intent, moment: Moment): Decision {
  const { lastPulse = null, since = 0 } = boardOf(state, locker) ?? {};
  // A board that lost its supply forgot its pulse; and since the board was asked, only the switch could have told.
  if (!lastPulse || intent.visit >= since) return loseTrack(state, locker, intent, moment);
  const since16 = (intent.visit - lastPulse.tag) & 0xffff;
  if (since16 > 0 && since16 < 0x8000) return cancel(state, locker, intent, 'interrupted', moment);
  // A later visit's pulse has taken the place of this one's in the board's memory.
  if (since16 !== 0 || lastPulse.locker !== locker) return loseTrack(state, locker, intent, moment);
  if (!lastPulse.opened) return watch(state, locker, intent, moment);
  const first = opened(state, locker, intent, moment);
  return finishOpened(first, locker, 'closed', moment);
}

/** Nobody can tell how a visit ended: its locker is kept for the maintainer. */
function loseTrack(state: State, locker: LockerNo, intent: Intent, moment: Moment): Decision {
  const { purpose } = intent;
  return record(
    state,
    [cancelled(locker, intent, 'outcome-unknown'), ...withheld(state, locker, 'outcome-unknown')],
    farewell(state, { kind: 'outcome-unknown', purpose }, locker, moment),
  );
}

/** Ends a visit whose opening is part of the same decision. */
export function finishOpened(first: Decision, locker: LockerNo, door: DoorAtEnd, moment: Moment): Decision {
  const { intent } = lockerOf(first.state.ledger, locker);
  assert(intent !== null, 'an opened intent stays until its visit is finished');
  const second = finish(first.state, locker, intent, door, moment);
  return { ...second, events: [...first.events, ...second.events] };
}

/** Takes up a visit that was interrupted, unless it is the one at hand already. */
function watch(state: State, locker: LockerNo, intent: Intent, moment: Moment): Decision {
  if (isAtHand(state, intent)) return carryOn(state);
  return carryOn({ ...state, visit: waitFor(state, locker, intent, moment) });
}

/** The visit at an unlocked or open door. */
export function waitFor(state: State, locker: LockerNo, intent: Intent, moment: Moment): Visit {
  const { visit } = intent;
  if (!intent.opened) {
    const since = moment.elapsedMs;
    const deadline = deadlineIn(moment, state.waits.doorOpen);
    return { kind: 'opening', locker, visit, holder: null, attempt: 0, since, stuck: false, deadline };
  }
  const deadline = deadlineIn(moment, state.waits.doorClose);
  return { kind: 'open', locker, visit, deadline, remindAt: remindAt(state, moment), reminders: 0 };
}

/** When to ask for the door to be shut. */
export function remindAt(state: State, moment: Moment): ElapsedMs {
  return deadlineIn(moment, state.waits.doorRemind);
}

/** The door really opened: from this moment a loan exists. */
export function opened(state: State, locker: LockerNo, intent: Intent, moment: Moment): Decision {
  const events = [openedEvent(state, locker, intent, moment)];
  return record(state, events, waitFor(state, locker, { ...intent, opened: true }, moment));
}

/** What to record when the door of `intent` has opened. */
export function openedEvent(state: State, locker: LockerNo, intent: Intent, moment: Moment): Event {
  const { visit, item, patron } = intent;
  if (intent.purpose === 'checkin') return { type: 'checkin-opened', visit, locker };
  assert(patron !== null, 'a checkout intent names its patron');
  return {
    type: 'item-lent',
    visit,
    locker,
    item,
    patron,
    dueAt: dueAt(moment.calendarMs, state.policy.loanDays),
    dueProvisional: moment.trust !== 'trusted',
  };
}

/** The visit at an opened door is over. */
export function finish(
  state: State,
  locker: LockerNo,
  intent: Intent,
  door: DoorAtEnd,
  moment: Moment,
): Decision {
  const { visit, item } = intent;
  const event: Event =
    intent.purpose === 'checkout'
      ? { type: 'checkout-completed', visit, locker, door }
      : { type: 'item-returned', visit, locker, item, door };
  // Also where the door was not seen to shut: a sensor behind it may still settle.
  const shutAt = door === 'closed' ? new Map(state.shutAt).set(locker, moment.elapsedMs) : state.shutAt;
  return record({ ...state, shutAt }, [event], farewell(state, outcomeOf(state, intent), locker, moment));
}

function outcomeOf(state: State, intent: Intent): Outcome {
  const { item } = intent;
  if (intent.purpose === 'checkin') return { kind: 'returned', item };
  const loan = state.ledger.loans.get(item);
  assert(loan !== undefined, 'an opened checkout has its loan');
  return { kind: 'lent', item, dueAt: loan.dueAt, dueProvisional: loan.dueProvisional };
}

/** The event that keeps `locker` for the maintainer; none when it is kept already. */
export function withheld(state: State, locker: LockerNo, reason: WithheldReason): readonly Event[] {
  const isKept = lockerOf(state.ledger, locker).withheld !== null;
  return isKept ? [] : [{ type: 'locker-withheld', locker, reason }];
}

/** The event that ends an intent with nothing lent or returned. */
export function cancelled(locker: LockerNo, intent: Intent, reason: CancelReason): Event {
  const { visit, item, purpose } = intent;
  const type = purpose === 'checkout' ? 'checkout-cancelled' : 'checkin-cancelled';
  return { type, visit, locker, item, reason };
}

/** The intent ends with nothing lent or returned. */
export function cancel(
  state: State,
  locker: LockerNo,
  intent: Intent,
  reason: CancelReason,
  moment: Moment,
): Decision {
  const kind = reason === 'lock-refused' ? 'lock-refused' : 'never-opened';
  const outcome = { kind, purpose: intent.purpose } as const;
  return record(state, [cancelled(locker, intent, reason)], farewell(state, outcome, locker, moment));
}
