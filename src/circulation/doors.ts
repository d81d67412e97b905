import { assert } from '../kernel/assert.js';
import type { LockerNo } from '../kernel/ids.js';
import type { Moment } from '../kernel/time.js';
import { carryOn, type Decision, deadlineIn, farewell, record } from './decision.js';
import { dueAt } from './due.js';
import type { CancelReason, DoorAtEnd, Event } from './event.js';
import { type Intent, lockerOf } from './ledger.js';
import type { Door, LastPulse, Outcome, State, Visit } from './state.js';

/** A door changed: its locker's intent, if any, comes a step nearer to its outcome. */
export function seeDoor(state: State, locker: LockerNo, door: Door, moment: Moment): Decision {
  const wasKnown = state.doors.get(locker) !== 'unknown';
  const next = { ...state, doors: new Map(state.doors).set(locker, door) };
  // A released door that is still shut is no news; only after a gap in our knowledge must it be settled.
  const { intent } = lockerOf(state.ledger, locker);
  const stillShut = wasKnown && door === 'closed' && intent !== null && !intent.opened;
  return stillShut ? carryOn(next) : settle(next, locker, moment);
}

/** The board is ready: its doors are known again, and what was interrupted can be settled. */
export function boardReady(
  state: State,
  doors: ReadonlyMap<LockerNo, Door>,
  lastPulse: LastPulse | null,
  moment: Moment,
): Decision {
  return settleAll({ ...state, boardReady: true, doors: new Map(doors), lastPulse }, moment);
}

/** Settles every intent that waits for its outcome, as far as its door is known. */
export function settleAll(state: State, moment: Moment): Decision {
  let decision = carryOn(state);
  for (const locker of state.ledger.lockers.keys()) {
    const next = settle(decision.state, locker, moment);
    decision = { state: next.state, events: [...decision.events, ...next.events], effects: [] };
  }
  return decision;
}

/** The board is lost: no door is known any more. An unlock under way keeps its deadline. */
export function boardLost(state: State): Decision {
  const doors = new Map(state.lockers.map((locker): [LockerNo, Door] => [locker, 'unknown']));
  const { visit } = state;
  const waiting = visit.kind === 'choosing' || visit.kind === 'identifying';
  return carryOn({ ...state, boardReady: false, doors, visit: waiting ? { kind: 'idle' } : visit });
}

/** Moves the intent recorded at `locker` on, as far as its door and the board's memory tell. */
function settle(state: State, locker: LockerNo, moment: Moment): Decision {
  const { intent } = lockerOf(state.ledger, locker);
  const door = state.doors.get(locker) ?? 'unknown';
  // One door at a time: an interrupted visit waits until the one at hand is over.
  if (!intent || door === 'unknown' || isElsewhere(state, locker)) return carryOn(state);
  if (door === 'closed') {
    return intent.opened
      ? finish(state, locker, intent, 'closed', moment)
      : shutAgain(state, locker, intent, moment);
  }
  return intent.opened ? watch(state, locker, intent, moment) : opened(state, locker, intent, moment);
}

/** Whether a visit is under way at another door. */
function isElsewhere({ visit }: State, locker: LockerNo): boolean {
  return (visit.kind === 'opening' || visit.kind === 'open') && visit.locker !== locker;
}

/** The door is shut and not recorded to have opened: the board remembers whether it did. */
function shutAgain(state: State, locker: LockerNo, intent: Intent, moment: Moment): Decision {
  const pulsed = state.lastPulse?.locker === locker && state.lastPulse.tag === (intent.visit & 0xffff);
  if (!pulsed) return cancel(state, locker, intent, 'interrupted', moment);
  if (!state.lastPulse?.opened) return watch(state, locker, intent, moment);
  const first = opened(state, locker, intent, moment);
  const { intent: openedIntent } = lockerOf(first.state.ledger, locker);
  assert(openedIntent !== null, 'an opened intent stays until its visit is finished');
  const second = finish(first.state, locker, openedIntent, 'closed', moment);
  return { ...second, events: [...first.events, ...second.events] };
}

/** Takes up a visit that was interrupted, unless it is the one at hand already. */
function watch(state: State, locker: LockerNo, intent: Intent, moment: Moment): Decision {
  const { visit } = state;
  const atHand = (visit.kind === 'opening' || visit.kind === 'open') && visit.visit === intent.visit;
  return atHand ? carryOn(state) : carryOn({ ...state, visit: waitFor(state, locker, intent, moment) });
}

function waitFor(state: State, locker: LockerNo, intent: Intent, moment: Moment): Visit {
  const wait = intent.opened ? state.waits.doorClose : state.waits.doorOpen;
  const kind = intent.opened ? 'open' : 'opening';
  return { kind, locker, visit: intent.visit, deadline: deadlineIn(moment, wait) };
}

/** The door really opened: from this moment a loan exists. */
function opened(state: State, locker: LockerNo, intent: Intent, moment: Moment): Decision {
  const { visit } = intent;
  const event =
    intent.purpose === 'checkout'
      ? lent(state, locker, intent, moment)
      : ({ type: 'checkin-opened', visit, locker } as const);
  return record(state, [event], waitFor(state, locker, { ...intent, opened: true }, moment));
}

function lent(state: State, locker: LockerNo, intent: Intent, moment: Moment): Event {
  const { visit, item, patron } = intent;
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
  return record(state, [event], farewell(state, outcomeOf(state, intent), locker, moment));
}

function outcomeOf(state: State, intent: Intent): Outcome {
  const { item } = intent;
  if (intent.purpose === 'checkin') return { kind: 'returned', item };
  const loan = state.ledger.loans.get(item);
  assert(loan !== undefined, 'an opened checkout has its loan');
  return { kind: 'lent', item, dueAt: loan.dueAt, dueProvisional: loan.dueProvisional };
}

/** The intent ends with nothing lent or returned. */
export function cancel(
  state: State,
  locker: LockerNo,
  intent: Intent,
  reason: CancelReason,
  moment: Moment,
): Decision {
  const { visit, item, purpose } = intent;
  const type = purpose === 'checkout' ? 'checkout-cancelled' : 'checkin-cancelled';
  const kind = reason === 'lock-refused' ? 'lock-refused' : 'never-opened';
  return record(
    state,
    [{ type, visit, locker, item, reason }],
    farewell(state, { kind, purpose }, locker, moment),
  );
}
