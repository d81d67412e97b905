import { assert } from '../kernel/assert.js';
import type { ItemId, LockerNo } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { Moment } from '../kernel/time.js';
import { type Decision, decideEach, recordEvents, stateOnly, transition } from './decision.js';
import {
  doorVisit,
  finishAfterOpening,
  hasOpenedAfterMiss,
  keepOtherVisit,
  openedEvents,
  recordOpened,
  settleIntent,
  withheldEvents,
} from './doors.js';
import type { Event, WithheldReason } from './event.js';
import { type Intent, lockerOf } from './ledger.js';
import { applyEvent } from './ledger-changes.js';
import { hasPendingIntent } from './lending.js';
import type { BoardState, Door, ItemSensed, LastPulse, LateVisit, State } from './state.js';

/** A door changed: its locker's intent, if any, comes a step nearer to its outcome. */
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
  // Its latch was free, and nobody could see what became of it.
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
  // A released door that is still shut is no news; only after a gap in our knowledge must it be settled.
  return before === door ? stateOnly(next) : settleIntent(next, locker, moment);
}

/** A door is not known any more: that its board had not seen it open until then tells nothing from now on. */
function forgetUnopenedPulse(state: State, locker: LockerNo): State {
  const forget = (board: BoardState): BoardState =>
    board.lastPulse?.locker === locker && !board.lastPulse.opened ? { ...board, lastPulse: null } : board;
  return { ...state, boards: new Map([...state.boards].map(([id, board]) => [id, forget(board)])) };
}

/** As its board does, the kiosk remembers that a door opened after its pulse: perhaps that could not be recorded. */
function markPulseOpened(state: State, locker: LockerNo): State {
  const remember = (board: BoardState): BoardState =>
    board.lastPulse?.locker === locker
      ? { ...board, lastPulse: { ...board.lastPulse, opened: true } }
      : board;
  return { ...state, boards: new Map([...state.boards].map(([id, board]) => [id, remember(board)])) };
}

/** A door opened and no intent is under way there. */
export function handleUnrequestedOpening(state: State, locker: LockerNo, moment: Moment): Decision {
  const shutAt = state.lastClosedAt.get(locker);
  // Pushed to and sprung open again: its latch had not caught yet.
  if (shutAt !== undefined && moment.elapsedMs - shutAt < limits.latchCatchMs) return stateOnly(state);
  const late = state.lateVisits.get(locker);
  if (late && moment.elapsedMs < late.until) return startLateVisit(state, locker, late, moment);
  return withholdLocker(state, locker, 'door-forced');
}

/** The door opened just after its visit was given up: the same person, a visit of its own. */
function startLateVisit(state: State, locker: LockerNo, late: LateVisit, moment: Moment): Decision {
  const begin = lateIntentEvent(state, locker, late);
  if (!begin) return withholdLocker(state, locker, 'door-forced');
  const current: State = { ...state, lateVisits: withoutKey(state.lateVisits, locker) };
  const { intent } = lockerOf(applyEvent(state.ledger, begin), locker);
  assert(intent !== null, 'an intent that was recorded is there');
  const events = [begin, ...openedEvents(current, locker, intent, moment)];
  const taken = transition(current, events, doorVisit(current, locker, { ...intent, opened: true }, moment));
  // Who was offered another book is the same person; anybody else is left alone.
  const isSame =
    state.visit.kind === 'choosing' &&
    intent.purpose === 'checkout' &&
    state.visit.holder.patron === intent.patron;
  return isSame ? taken : keepOtherVisit(state, locker, taken);
}

/**
 * A door that was unlocked for a visit that was given up is shut, and the board saw it open while nobody listened:
 * just after the visit it was the same person, and after that nobody knows who.
 */
export function detectMissedOpening(state: State, pulse: LastPulse, moment: Moment): Decision {
  const { locker, tag, opened } = pulse;
  const late = state.lateVisits.get(locker);
  const door = state.doors.get(locker);
  if (!opened || door === 'unknown') return stateOnly(state);
  // The program that gave up the visit is gone, and with it what it knew.
  const isIdle = !late && lockerOf(state.ledger, locker).intent === null;
  if (isIdle && hasOpenedAfterMiss(state, pulse, locker))
    return withholdLocker(state, locker, 'outcome-unknown');
  if (door !== 'closed' || !late || (late.intent.visit & 0xffff) !== tag) return stateOnly(state);
  if (moment.elapsedMs >= late.until) return withholdLocker(state, locker, 'outcome-unknown');
  const begun = startLateVisit(state, locker, late, moment);
  const { intent } = lockerOf(begun.state.ledger, locker);
  return intent ? keepOtherVisit(state, locker, finishAfterOpening(begun, locker, 'closed', moment)) : begun;
}

/** The intent of a late visit; null when the locker is not as it was, or nobody knows whose visit it would be. */
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
      // Who restocks goes on to the next empty locker with the same book.
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

/** A sensor changed its mind about the item behind a door. */
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
function isSettling({ lastClosedAt: shutAt }: State, locker: LockerNo, { elapsedMs }: Moment): boolean {
  const shut = shutAt.get(locker);
  return shut !== undefined && elapsedMs - shut < limits.itemSettleMs;
}

/** Whether what the sensor says now is what the visit was for; staff do not say what they take or put. */
function matchesIntent(intent: Intent, item: ItemSensed): boolean {
  const isTaking =
    intent.purpose === 'checkout' || (intent.purpose === 'access' && intent.task === 'withdraw');
  return isTaking === (item === 'absent');
}

/** The item was taken or put in: the door opened whatever its switch says. */
function finishWithoutDoorReport(state: State, locker: LockerNo, intent: Intent, moment: Moment): Decision {
  const done = finishAfterOpening(recordOpened(state, locker, intent, moment), locker, 'unknown', moment);
  return keepOtherVisit(state, locker, done);
}

/** A switch began to chatter, or is quiet again. Its door is told apart. */
export function recordChatter(state: State, locker: LockerNo, chatters: boolean): Decision {
  const chattering = new Set(state.chattering);
  if (chatters) chattering.add(locker);
  else chattering.delete(locker);
  return stateOnly({ ...state, chattering });
}

/** Keeps a locker for the maintainer; whatever goes on elsewhere goes on. */
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
