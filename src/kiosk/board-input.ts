import type { BoardEvent } from '../../firmware-bridge/board/index.js';
import type { Input } from '../circulation/input.js';
import { type Ledger, lockerOf } from '../circulation/ledger.js';
import { unreachable } from '../kernel/assert.js';
import type { BoardId, VisitNo } from '../kernel/ids.js';

/** The tag of a lock pulse: identifies the visit when the board reports its last pulse after a reconnect. */
export const pulseTag = (visit: VisitNo): number => visit & 0xffff;

/** Refusals of a lock that is on or cooling down: the core retries by itself. */
const retriedRefusals: readonly string[] = ['lock-resting', 'lock-busy'];

/** Translates a board event into an input for the core; null for events that are only logged. */
export function inputOfBoard(board: BoardId, event: BoardEvent, ledger: Ledger): Input | null {
  switch (event.kind) {
    case 'ready':
      return {
        kind: 'board-ready',
        board,
        doors: event.doors,
        items: event.items,
        chattering: event.chattering,
        lastPulse: event.lastPulse,
      };
    case 'lost':
      return { kind: 'board-lost', board };
    case 'door':
      return { kind: 'door', locker: event.locker, door: event.door };
    case 'pulse': {
      const { intent } = lockerOf(ledger, event.locker);
      const isOurs = intent !== null && pulseTag(intent.visit) === event.tag;
      // Accepted, done, unanswered or retried: the door report or the deadline decides.
      if (event.outcome.kind !== 'refused' || retriedRefusals.includes(event.outcome.reason) || !isOurs)
        return null;
      return { kind: 'lock-refused', locker: event.locker, visit: intent.visit };
    }
    case 'item':
      return { kind: 'item-sensed', locker: event.locker, item: event.item };
    case 'chatter':
      return { kind: 'switch-chatters', locker: event.locker, chatters: event.chatters };
    case 'noise':
      return null;
    default:
      return unreachable(event);
  }
}
