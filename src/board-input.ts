import type { BoardEvent } from '../firmware-bridge/board/index.js';
import type { Input } from './circulation/input.js';
import { type Ledger, lockerOf } from './circulation/ledger.js';
import { unreachable } from './kernel/assert.js';
import type { BoardId, VisitNo } from './kernel/ids.js';

/** The tag a pulse carries to the board, so that the board can be asked about it after an interruption. */
export const pulseTag = (visit: VisitNo): number => visit & 0xffff;

/** What the board reports, as the core sees it; null for what only the log wants to know. */
export function inputOfBoard(_board: BoardId, event: BoardEvent, ledger: Ledger): Input | null {
  switch (event.kind) {
    case 'ready':
      return { kind: 'board-ready', doors: event.doors, lastPulse: event.lastPulse };
    case 'lost':
      return { kind: 'board-lost' };
    case 'door':
      return { kind: 'door', locker: event.locker, door: event.door };
    case 'pulse': {
      const { intent } = lockerOf(ledger, event.locker);
      const isOurs = intent !== null && pulseTag(intent.visit) === event.tag;
      // Accepted, done or unanswered: the door tells, or the visit's deadline.
      if (event.outcome.kind !== 'refused' || !isOurs) return null;
      return { kind: 'lock-refused', locker: event.locker, visit: intent.visit };
    }
    case 'item':
    case 'chatter':
    case 'noise':
      return null;
    default:
      return unreachable(event);
  }
}
