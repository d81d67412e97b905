import type { DoorState } from '../driver/locker-board.js';

/** A poll that differs from the one before counts this much, and every poll takes one away. */
const changeCount = 4;
/** From here on the contact chatters, until the count is back at nothing: a resident's hand does not reach it. */
const chatterCount = 24;

/** What polls have shown of one hook. Made anew with every connection. */
export interface Hook {
  /** What the last poll said; null before the first. */
  readonly last: boolean | null;
  /** Believed when two polls in a row agreed; unknown while the contact chatters. */
  readonly door: DoorState;
  readonly restlessness: number;
  readonly chatters: boolean;
}

/** A hook that no poll has shown yet. */
export const unseenHook: Hook = { last: null, door: 'unknown', restlessness: 0, chatters: false };

/** What one more poll says of a hook; pure. A hook that holds is a door that is shut: on these locks it lets go of it only to spring open. */
export function pollHook(hook: Hook, holds: boolean): Hook {
  const agrees = hook.last === holds;
  const changed = hook.last !== null && !agrees;
  const restlessness = Math.max(0, hook.restlessness - 1) + (changed ? changeCount : 0);
  const chatters = restlessness >= chatterCount || (hook.chatters && restlessness > 0);
  return { last: holds, door: chatters ? 'unknown' : believed(hook, holds, agrees), restlessness, chatters };
}

function believed(hook: Hook, holds: boolean, agrees: boolean): DoorState {
  if (!agrees) return hook.door;
  return holds ? 'closed' : 'open';
}
