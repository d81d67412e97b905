import type { BoardEvent } from '../../firmware-bridge/board/index.js';
import type { Input } from '../circulation/input.js';
import { type Ledger, lockerOf } from '../circulation/ledger.js';
import { unreachable } from '../kernel/assert.js';
import type { BoardId, VisitNo } from '../kernel/ids.js';

/** The tag a pulse carries to the board, so that the board can be asked about it after an interruption. */
export const pulseTag = (visit: VisitNo): number => visit & 0xffff;

/** Refusals of a lock that was on a moment ago; the next try comes when it has rested. */
const justPulsed: readonly string[] = ['lock-resting', 'lock-busy'];

/** What the board reports, as the core sees it; null for what only the log wants to know. */
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
      // Accepted, done, unanswered or only just pulsed: the door tells, or the deadline.
      if (event.outcome.kind !== 'refused' || justPulsed.includes(event.outcome.reason) || !isOurs)
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
