import type { ItemId, LockerNo } from '../kernel/ids.js';
import type { Moment } from '../kernel/time.js';
import {
  changeVisit,
  type Decision,
  deadlineIn,
  farewellDuration,
  recordEvents,
  refuse,
  refuseMistimed,
} from './decision.js';
import type { Damage } from './event.js';
import { lockerOf, lockerWith } from './ledger.js';
import { hasPendingIntent, isAvailable, isInService } from './lending.js';
import type { State } from './state.js';
import { unlock } from './unlock.js';

/** An item was shown: usually it is brought back; who has shown her pass before is asked. */
export function showItem(state: State, item: ItemId, moment: Moment): Decision {
  const { visit } = state;
  if (visit.kind === 'opening' || visit.kind === 'open') return refuse(state, 'busy', moment);
  if (visit.kind !== 'choosing' && visit.kind !== 'asking') return beginCheckin(state, item, moment);
  const { holder } = visit;
  if (state.ledger.loans.get(item)?.patron !== holder.patron) return beginCheckin(state, item, moment);
  return changeVisit(state, {
    kind: 'asking',
    holder,
    item,
    deadline: deadlineIn(moment, state.waits.visitIdle),
  });
}

/** Of the two things to do with the book in her hand, she chose to bring it back. */
export function chooseReturn(state: State, moment: Moment): Decision {
  const { visit } = state;
  return visit.kind === 'asking' ? beginCheckin(state, visit.item, moment) : refuseMistimed(state, moment);
}

/** An empty locker opens to take an item back. Anyone may bring anything, no pass needed. */
export function beginCheckin(state: State, item: ItemId, moment: Moment): Decision {
  if (!isInService(state)) return refuse(state, 'out-of-service', moment);
  if (isConfirmedHere(state, item)) return refuse(state, 'item-already-here', moment);
  const locker = findEmptyLocker(state);
  if (locker === undefined) return refuse(state, 'cabinet-full', moment);
  const visit = state.ledger.nextVisit;
  return unlock(
    state,
    { type: 'checkin-intended', visit, locker, item },
    { holder: null, work: null },
    moment,
  );
}

/** The first locker into which something can be put. */
export function findEmptyLocker(state: State): LockerNo | undefined {
  return state.lockers.find((l) => isAvailable(state, l) && lockerOf(state.ledger, l).item === null);
}

/**
 * Whether an item cannot be the one in somebody’s hand: it is under way at a door, or a sensor sees it. That it is only
 * recorded to be here proves nothing: it may have left by a door that was forced.
 */
function isConfirmedHere(state: State, item: ItemId): boolean {
  const locker = lockerWith(state.ledger, item);
  return hasPendingIntent(state, item) || (locker !== undefined && state.items.get(locker) === 'present');
}

/** A resident reports damage to the returned item, while its door is open or just after. */
export function reportDamage(state: State, damage: Damage, moment: Moment): Decision {
  const { visit, ledger } = state;
  if (visit.kind === 'open') {
    const { intent } = lockerOf(ledger, visit.locker);
    if (intent?.purpose !== 'checkin') return refuseMistimed(state, moment);
    return recordEvents(state, [{ type: 'item-damaged', locker: visit.locker, item: intent.item, damage }]);
  }
  if (visit.kind !== 'farewell' || visit.outcome.kind !== 'returned' || visit.locker === null)
    return refuseMistimed(state, moment);
  const { locker, outcome } = visit;
  const recorded = recordEvents(state, [{ type: 'item-damaged', locker, item: outcome.item, damage }]);
  const deadline = deadlineIn(moment, farewellDuration(state, outcome));
  return {
    ...recorded,
    state: { ...recorded.state, visit: { ...visit, outcome: { ...outcome, damage }, deadline } },
  };
}
