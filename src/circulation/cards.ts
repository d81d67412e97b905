import type { PatronId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import { after, elapsedMs, type Moment, milliseconds } from '../kernel/time.js';
import {
  changeVisit,
  type Decision,
  deadlineIn,
  refuse,
  refuseMistimed,
  stateOnly,
  transition,
} from './decision.js';
import type { Input } from './input.js';
import { isInService, preselectedLocker, showPass } from './lending.js';
import type { EnteringPin, PassHolder, State } from './state.js';

/** A library card was shown: asks for its PIN. */
export function showCard(
  state: State,
  owner: Extract<Input, { kind: 'card-shown' }>['owner'],
  moment: Moment,
): Decision {
  const { visit } = state;
  if (visit.kind === 'opening' || visit.kind === 'open' || visit.kind === 'working')
    return refuse(state, 'busy', moment);
  if (!isInService(state)) return refuse(state, 'out-of-service', moment);
  // The visit before is over: a new card ends it.
  const idle: State = { ...state, visit: { kind: 'idle' } };
  if (!owner) return refuse(idle, 'card-unknown', moment);
  if (state.directory.blocked.has(owner.patron)) return refuse(idle, 'patron-blocked', moment);
  const waiting = startPinWait(idle, owner.patron, moment);
  if (isPinBlocked(waiting, owner.patron, moment)) return refuse(waiting, 'pin-wait', moment);
  const locker = preselectedLocker(state, owner.patron);
  const deadline = deadlineIn(moment, state.waits.visitIdle);
  return changeVisit(waiting, { kind: 'pin', ...owner, locker, isChecking: false, deadline });
}

/** A PIN was entered: records the attempt before the PIN is compared. */
export function enterPin(state: State, pin: string, moment: Moment): Decision {
  const { visit } = state;
  if (visit.kind !== 'pin') return refuseMistimed(state, moment);
  if (visit.isChecking) return refuse(state, 'busy', moment);
  const { patron } = visit;
  const deadline = deadlineIn(moment, milliseconds(limits.pinCheckMs));
  return transition(state, [{ type: 'pin-tried', patron }], { ...visit, isChecking: true, deadline }, [
    { kind: 'check-pin', patron, pin },
  ]);
}

/** Handles the result of a PIN comparison; ignored once the visit is over. */
export function handlePinResult(state: State, patron: PatronId, isRight: boolean, moment: Moment): Decision {
  const { visit } = state;
  if (visit.kind !== 'pin' || !visit.isChecking || visit.patron !== patron) return stateOnly(state);
  return isRight ? acceptPin(state, visit, moment) : rejectPin(state, visit, moment);
}

function acceptPin(state: State, { patron, age, locker }: EnteringPin, moment: Moment): Decision {
  const pinWaits = new Map(state.pinWaits);
  pinWaits.delete(patron);
  const deadline = deadlineIn(moment, state.waits.visitIdle);
  const accepted = transition(
    { ...state, pinWaits },
    [{ type: 'pin-accepted', patron }],
    locker === null ? { kind: 'idle' } : { kind: 'identifying', locker, deadline },
  );
  const holder: PassHolder = { patron, age, pass: null, grant: null };
  const next = showPass(accepted.state, holder, moment);
  return { ...next, events: [...accepted.events, ...next.events] };
}

function rejectPin(state: State, visit: EnteringPin, moment: Moment): Decision {
  // A right PIN does not reset the count: an attacker may have a card of her own.
  const from = elapsedMs(Math.max(moment.elapsedMs, state.pinFailuresClearAt));
  const pinFailuresClearAt = after(from, milliseconds(limits.pinAllCardsWaitMs));
  const pinWaits = new Map(state.pinWaits);
  pinWaits.delete(visit.patron);
  const next = startPinWait({ ...state, pinWaits, pinFailuresClearAt }, visit.patron, moment);
  if (isPinBlocked(next, visit.patron, moment))
    return refuse({ ...next, visit: { kind: 'idle' } }, 'pin-wait', moment);
  const deadline = deadlineIn(moment, state.waits.visitIdle);
  return refuse({ ...next, visit: { ...visit, isChecking: false, deadline } }, 'pin-wrong', moment);
}

/** The wait after this many wrong PINs in a row: none at first, then twice as long each time. */
export function pinWaitMs(tries: number): number {
  const over = tries - limits.pinFreeAttempts;
  return over < 0 ? 0 : Math.min(limits.pinWaitFirstMs * 2 ** Math.min(over, 20), limits.pinWaitMaxMs);
}

/**
 * A wait is measured in elapsed time, which starts with the program: after a power cut the whole wait starts again.
 */
function startPinWait(state: State, patron: PatronId, { elapsedMs }: Moment): State {
  const wait = pinWaitMs(state.ledger.pinTries.get(patron) ?? 0);
  if (wait === 0 || state.pinWaits.has(patron)) return state;
  return {
    ...state,
    pinWaits: new Map(state.pinWaits).set(patron, after(elapsedMs, milliseconds(wait))),
  };
}

function isPinBlocked(
  { pinWaits, pinFailuresClearAt }: State,
  patron: PatronId,
  { elapsedMs }: Moment,
): boolean {
  const calmMs = (limits.pinAllCardsAttempts - 1) * limits.pinAllCardsWaitMs;
  return elapsedMs < (pinWaits.get(patron) ?? 0) || pinFailuresClearAt - elapsedMs > calmMs;
}
