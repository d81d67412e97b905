import { milliseconds } from '../kernel/time.js';
import type { Unlock } from './input.js';
import type { Opening, State } from './state.js';

/** The tries to open one door, in their order. The last holds the coil longer, for a latch that sticks. */
export const ladder = ['normal', 'normal', 'long'] as const satisfies readonly Unlock['strength'][];

/** How the lock is released from now on, try by try; a visit that was taken up is only waited for. */
export function triesLeft({ attempt }: Pick<Opening, 'attempt'>): readonly Unlock['strength'][] {
  return attempt === 0 ? [] : ladder.slice(attempt);
}

/** The time of one try: the whole wait for a door is shared among them. */
export const tryWait = ({ waits }: Pick<State, 'waits'>) => milliseconds(waits.doorOpen / ladder.length);
