import { milliseconds } from '../kernel/time.js';
import type { State } from './state.js';

/** The tries to open one door, in their order. The last holds the coil longer, for a latch that sticks. */
export const ladder = ['normal', 'normal', 'long'] as const;

/** The time of one try: the whole wait for a door is shared among them. */
export const tryWait = ({ waits }: Pick<State, 'waits'>) => milliseconds(waits.doorOpen / ladder.length);
