import { type Moment, milliseconds } from '../kernel/time.js';
import { type Decision, deadlineIn, transition } from './decision.js';
import type { Event } from './event.js';
import type { Unlock } from './input.js';
import type { Opening, State } from './state.js';

/** The coil times of the attempts to open one door, in their order. The last is longer, for a latch that sticks. */
export const unlockStrengths = ['normal', 'normal', 'long'] as const satisfies readonly Unlock['strength'][];

/** The coil times of the attempts that are left; none for a visit resumed after an interruption. */
export function remainingStrengths({ attempt }: Pick<Opening, 'attempt'>): readonly Unlock['strength'][] {
  return attempt === 0 ? [] : unlockStrengths.slice(attempt);
}

/** How long one attempt waits: the time for a door to open is shared among the attempts. */
export const attemptDuration = ({ waits }: Pick<State, 'waits'>) =>
  milliseconds(Math.floor(waits.doorOpen / unlockStrengths.length));

type Intended = Extract<Event, { type: 'checkout-intended' | 'checkin-intended' | 'access-intended' }>;

/** Records the intent, starts the wait for its door and pulses the lock for the first time. */
export function unlock(
  state: State,
  intended: Intended,
  { holder, work }: Pick<Opening, 'holder' | 'work'>,
  moment: Moment,
): Decision {
  const { locker, visit } = intended;
  const opening: Opening = {
    kind: 'opening',
    locker,
    visit,
    holder,
    work,
    attempt: 1,
    attemptStartedAt: moment.elapsedMs,
    stuck: false,
    deadline: deadlineIn(moment, attemptDuration(state)),
  };
  // From now on an opening of this door does not belong to the visit before.
  const lateVisits = new Map(state.lateVisits);
  lateVisits.delete(locker);
  const recentLoans = new Map(state.recentLoans);
  recentLoans.delete(locker);
  return transition({ ...state, lateVisits, recentLoans }, [intended], opening, [
    { kind: 'unlock', locker, visit, strength: unlockStrengths[0] },
  ]);
}
