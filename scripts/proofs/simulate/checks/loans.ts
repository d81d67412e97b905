import type { Event } from '../../../../src/circulation/event.js';
import { lockerOf } from '../../../../src/circulation/ledger.js';
import type { ItemId, LockerNo } from '../../../../src/kernel/ids.js';
import { partOf } from '../book-keeping.js';
import type { CheckKind } from '../check-kind.js';
import type { Duty } from '../ground-truth.js';
import type { World } from '../world.js';

/** By then a board has reported an opening. */
const reportedByMs = 100;

/** What is wrong with an event about a door; null when it is as it was. */
function lieOf({ truth, time, cabinet }: World, event: Event): string | null {
  if (!('locker' in event) || !('visit' in event)) return null;
  const opening = truth.openings.get(event.locker);
  if (partOf(event) === 'opened') {
    const isOpen = cabinet.locker(event.locker).door === 'open' || opening?.isReported === false;
    return isOpen ? null : `${event.type}: the door of ${event.locker} did not open`;
  }
  if (!('reason' in event) || event.reason === 'outcome-unknown' || !opening || opening.isReported)
    return null;
  const began = truth.visits.get(event.visit)?.beganMs ?? 0;
  const isIn = opening.atMs >= began && opening.atMs < time.nowMs - reportedByMs;
  const { isReady, isPlugged, forgotMs } = cabinet.boardOf(event.locker);
  const isKnown = opening.isSeen && isReady && isPlugged && forgotMs <= opening.atMs;
  return isIn && isKnown ? `${event.reason}: the door of ${event.locker} did open` : null;
}

/** Whether a locker is, or after `sinceMs` was, kept for staff to look at: there the journal says that it does not know. */
function isDoubted({ truth, machine }: World, locker: LockerNo, sinceMs: number): boolean {
  if (lockerOf(machine.state.ledger, locker).withheld !== null) return true;
  return (truth.doubtedMs.get(locker) ?? Number.NEGATIVE_INFINITY) >= sinceMs;
}

/** What the journal says of a book that was handled by the rules, where it is wrong. */
function wrongOf(world: World, item: ItemId, duty: Duty): string | null {
  if (duty.kind === 'unsure' || isDoubted(world, duty.locker, duty.sinceMs)) return null;
  const { lockers, loans } = world.machine.state.ledger;
  const place = [...lockers].find(([, record]) => record.item === item)?.[0];
  const loan = loans.get(item)?.patron;
  const said =
    place !== undefined ? `in locker ${place}` : loan !== undefined ? `lent to ${loan}` : 'nowhere';
  const truth =
    duty.kind === 'stands'
      ? `in locker ${duty.locker}`
      : duty.kind === 'lent'
        ? `lent to ${duty.patron}`
        : 'nowhere';
  return said === truth ? null : `book ${item} is ${truth} and said to be ${said}`;
}

/** A loan exists when its door really opened, never else; and who took or brought a book by the rules has or has not its loan. */
export const loanMatchesHands: CheckKind = {
  name: 'loan-matches-hands',
  promises: [1, 3],
  create(world, fail) {
    return {
      recorded(event) {
        const lie = lieOf(world, event);
        if (lie !== null) fail(lie);
      },
      atRest() {
        for (const [item, duty] of world.truth.duties) {
          const wrong = wrongOf(world, item, duty);
          if (wrong !== null) fail(wrong);
        }
      },
    };
  },
};
