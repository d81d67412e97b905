import type { Moment } from '../kernel/time.js';
import { type Decision, deadlineIn, record } from './decision.js';
import type { Event } from './event.js';
import type { Opening, State } from './state.js';
import { ladder, tryWait } from './unlock-attempts.js';

type Intended = Extract<Event, { type: 'checkout-intended' | 'checkin-intended' | 'access-intended' }>;

/** Records the intent, waits for its door, and then has the lock released for the first time. */
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
    since: moment.elapsedMs,
    stuck: false,
    deadline: deadlineIn(moment, tryWait(state)),
  };
  // From now on, whoever opens this door is not the one before.
  const late = new Map(state.late);
  late.delete(locker);
  const justLent = new Map(state.justLent);
  justLent.delete(locker);
  return record({ ...state, late, justLent }, [intended], opening, [
    { kind: 'unlock', locker, visit, strength: ladder[0] },
  ]);
}
