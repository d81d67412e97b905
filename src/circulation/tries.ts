import { milliseconds } from '../kernel/time.js';
import type { Effect } from './input.js';
import type { Opening, State } from './state.js';

/** The tries to open one door, in their order. The last holds the coil longer, for a latch that sticks. */
export const ladder = ['normal', 'normal', 'long'] as const satisfies readonly Effect['strength'][];

/** How the lock is released next; null after the last try, and for a visit that is only waited for. */
export function nextTry({ attempt }: Pick<Opening, 'attempt'>): Effect['strength'] | null {
  return attempt === 0 ? null : (ladder[attempt] ?? null);
}

/** The time of one try: the whole wait for a door is shared among them. */
export const tryWait = ({ waits }: Pick<State, 'waits'>) => milliseconds(waits.doorOpen / ladder.length);
