import { assert } from '../kernel/assert.js';
import type { ItemId, LockerNo } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { Moment } from '../kernel/time.js';
import { type Decision, decideEach, recordEvents, stateOnly, transition } from './decision.js';
import { doorVisit, finishAfterOpening, openedEvents, recordOpened, withheldEvents } from './doors.js';
import type { Event, WithheldReason } from './event.js';
import { type Intent, lockerOf } from './ledger.js';
import { applyEvent } from './ledger-changes.js';
import { hasPendingIntent } from './lending.js';
import { hasOpenedAfterMiss, keepOtherVisit, settleIntent } from './settlement.js';
import type { BoardState, Door, ItemSensed, LastPulse, LateVisit, State } from './state.js';

/** Records a door's new state and settles its locker's intent, as far as the door shows it. */
export function recordDoorState(state: State, locker: LockerNo, door: Door, moment: Moment): Decision {
  const before = state.doors.get(locker) ?? 'unknown';
  const seen: State = { ...state, doors: new Map(state.doors).set(locker, door) };
  const shut = door === 'closed' && before === 'open';
  const known = door === 'open' ? markPulseOpened(seen, locker) : seen;
  const next = shut
    ? { ...known, lastClosedAt: new Map(seen.lastClosedAt).set(locker, moment.elapsedMs) }
    : known;
  const { intent } = lockerOf(next.ledger, locker);
  if (door === 'unknown') return stateOnly(before === 'unknown' ? next : forgetUnopenedPulse(next, locker));
  // Its latch was free while its door was unknown.
  if (!intent && before === 'unknown' && state.lateVisits.has(locker))
    return withholdLocker(
      { ...next, lateVisits: withoutKey(next.lateVisits, locker) },
      locker,
      'outcome-unknown',
    );
  if (!intent)
    return before === 'closed' && door === 'open'
      ? handleUnrequestedOpening(next, locker, moment)
      : stateOnly(next);
  // An unlocked door that is still shut changes nothing, unless its state was unknown before.
  return before === door ? stateOnly(next) : settleIntent(next, locker, moment);
}

/** Drops the last pulse of a door that became unknown and had not been seen open. */
function forgetUnopenedPulse(state: State, locker: LockerNo): State {
  const forget = (board: BoardState): BoardState =>
    board.lastPulse?.locker === locker && !board.lastPulse.opened ? { ...board, lastPulse: null } : board;
  return { ...state, boards: new Map([...state.boards].map(([id, board]) => [id, forget(board)])) };
}

/** Marks the last pulse's door as opened, as the board does: perhaps that could not be recorded. */
function markPulseOpened(state: State, locker: LockerNo): State {
  const remember = (board: BoardState): BoardState =>
    board.lastPulse?.locker === locker
      ? { ...board, lastPulse: { ...board.lastPulse, opened: true } }
      : board;
  return { ...state, boards: new Map([...state.boards].map(([id, board]) => [id, remember(board)])) };
}

/** A door opened without a pending intent. */
export function handleUnrequestedOpening(state: State, locker: LockerNo, moment: Moment): Decision {
  const closedAt = state.lastClosedAt.get(locker);
  // Pushed to and sprung open again: its latch had not caught yet.
  if (closedAt !== undefined && moment.elapsedMs - closedAt < limits.latchCatchMs) return stateOnly(state);
  const late = state.lateVisits.get(locker);
  if (late && moment.elapsedMs < late.until) return startLateVisit(state, locker, late, moment);
  return withholdLocker(state, locker, 'door-forced');
}

/** Starts a new visit for a door that opened just after its visit was cancelled: it is the same person. */
function startLateVisit(state: State, locker: LockerNo, late: LateVisit, moment: Moment): Decision {
  const begin = lateIntentEvent(state, locker, late);
  if (!begin) return withholdLocker(state, locker, 'door-forced');
  const current: State = { ...state, lateVisits: withoutKey(state.lateVisits, locker) };
  const { intent } = lockerOf(applyEvent(state.ledger, begin), locker);
  assert(intent !== null, 'an intent that was recorded is there');
  const events = [begin, ...openedEvents(current, locker, intent, moment)];
  const taken = transition(current, events, doorVisit(current, locker, { ...intent, opened: true }, moment));
  // A patron who was offered another book is the same person; the visit of anybody else does not change.
  const isSame =
    state.visit.kind === 'choosing' &&
    intent.purpose === 'checkout' &&
    state.visit.holder.patron === intent.patron;
  return isSame ? taken : keepOtherVisit(state, locker, taken);
}

/**
 * Handles an opening that the board saw while it was not connected, at a door unlocked for a cancelled visit: shortly after
 * that visit it was the same person, later it is not known who.
 */
export function detectMissedOpening(state: State, pulse: LastPulse, moment: Moment): Decision {
  const { locker, tag, opened } = pulse;
  const late = state.lateVisits.get(locker);
  const door = state.doors.get(locker);
  if (!opened || door === 'unknown') return stateOnly(state);
  // The program was restarted since the visit was cancelled.
  const isIdle = !late && lockerOf(state.ledger, locker).intent === null;
  if (isIdle && hasOpenedAfterMiss(state, pulse, locker))
    return withholdLocker(state, locker, 'outcome-unknown');
  if (door !== 'closed' || !late || (late.intent.visit & 0xffff) !== tag) return stateOnly(state);
  if (moment.elapsedMs >= late.until) return withholdLocker(state, locker, 'outcome-unknown');
  const begun = startLateVisit(state, locker, late, moment);
  const { intent } = lockerOf(begun.state.ledger, locker);
  return intent ? keepOtherVisit(state, locker, finishAfterOpening(begun, locker, 'closed', moment)) : begun;
}

/** The intent event of a late visit; null when the locker has changed, or it is not known whose visit it would be. */
function lateIntentEvent(state: State, locker: LockerNo, { intent, loan, holder }: LateVisit): Event | null {
  const visit = state.ledger.nextVisit;
  const inside = lockerOf(state.ledger, locker).item;
  switch (intent.purpose) {
    case 'checkin': {
      const { item } = intent;
      const isSameLoan = state.ledger.loans.get(item) === loan;
      return inside === null && isSameLoan && !isInAnyLocker(state, item)
        ? { type: 'checkin-intended', visit, locker, item }
        : null;
    }
    case 'access': {
      const { staff, task, item } = intent;
      // A restock continues at the next empty locker with the same book.
      const isAsItWas =
        task === 'restock'
          ? inside === null && (item === null || !isInAnyLocker(state, item))
          : item === null || inside === item;
      return isAsItWas ? { type: 'access-intended', visit, locker, staff, task, item } : null;
    }
    case 'checkout': {
      if (inside !== intent.item || !holder || hasPendingIntent(state, inside)) return null;
      const { patron, pass } = holder;
      const credential = pass === null ? {} : { pass };
      return { type: 'checkout-intended', visit, locker, item: inside, patron, ...credential };
    }
  }
}

/** Records a change of an item sensor. */
export function recordItemSensed(state: State, locker: LockerNo, item: ItemSensed, moment: Moment): Decision {
  const before = state.items.get(locker) ?? 'unknown';
  const next = { ...state, items: new Map(state.items).set(locker, item) };
  const isChange = before !== 'unknown' && item !== 'unknown' && before !== item;
  if (!isChange || state.doors.get(locker) !== 'closed' || isSettling(state, locker, moment))
    return stateOnly(next);
  const { intent } = lockerOf(next.ledger, locker);
  const done =
    intent && !intent.opened && matchesIntent(intent, item)
      ? finishWithoutDoorReport(next, locker, intent, moment)
      : stateOnly(next);
  return decideEach(done, [locker], (each) => withholdLocker(each, locker, 'door-silent'));
}

/** A sensor may need a moment after the door was shut. */
function isSettling({ lastClosedAt }: State, locker: LockerNo, { elapsedMs }: Moment): boolean {
  const shut = lastClosedAt.get(locker);
  return shut !== undefined && elapsedMs - shut < limits.itemSettleMs;
}

/** Whether a sensor change matches the purpose of the visit. */
function matchesIntent(intent: Intent, item: ItemSensed): boolean {
  const isTaking =
    intent.purpose === 'checkout' || (intent.purpose === 'access' && intent.task === 'withdraw');
  return isTaking === (item === 'absent');
}

/** Finishes a visit whose item was taken or put in although the door switch reports shut. */
function finishWithoutDoorReport(state: State, locker: LockerNo, intent: Intent, moment: Moment): Decision {
  const done = finishAfterOpening(recordOpened(state, locker, intent, moment), locker, 'unknown', moment);
  return keepOtherVisit(state, locker, done);
}

/** Records that a door switch started or stopped chattering; the door's state is reported separately. */
export function recordChatter(state: State, locker: LockerNo, chatters: boolean): Decision {
  const chattering = new Set(state.chattering);
  if (chatters) chattering.add(locker);
  else chattering.delete(locker);
  return stateOnly({ ...state, chattering });
}

/** Withholds a locker for the maintainer; visits at other lockers continue. */
function withholdLocker(state: State, locker: LockerNo, reason: WithheldReason): Decision {
  return recordEvents(state, withheldEvents(state, locker, reason));
}

function isInAnyLocker({ ledger }: State, item: ItemId): boolean {
  return [...ledger.lockers.values()].some((each) => each.item === item || each.intent?.item === item);
}

function withoutKey<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): ReadonlyMap<Key, Value> {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}
