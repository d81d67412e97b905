import type { Event } from '../../../../src/circulation/event.js';
import { type ItemMove, itemMoveOf } from '../../../../src/circulation/item-moves.js';
import { type Ledger, lockerOf } from '../../../../src/circulation/ledger.js';
import { unreachable } from '../../../../src/kernel/assert.js';
import type { ItemId, LockerNo } from '../../../../src/kernel/ids.js';
import { partOf } from '../book-keeping.js';
import { check } from '../check-kind.js';
import type { Duty } from '../ground-truth.js';
import type { World } from '../world.js';

/** An item is in one locker or on loan or gone; a locker holds one. Kept by itself, to judge the core's ledger. */
class Places {
  readonly #items = new Map<LockerNo, ItemId>();
  readonly #loans = new Set<ItemId>();
  /** Lockers whose book turned up elsewhere and that nobody has been sent to yet. */
  readonly #missed = new Set<LockerNo>();
  readonly #withheld = new Set<LockerNo>();

  /** Takes in what is recorded in one step; what it says that cannot be, in words. */
  take(events: readonly Event[]): string | null {
    let wrong: string | null = null;
    for (const event of events) wrong ??= this.#takeOne(event);
    const [missed] = [...this.#missed].filter((locker) => !this.#withheld.has(locker));
    this.#missed.clear();
    return (
      wrong ??
      (missed === undefined ? null : `the book of locker ${missed} turns up elsewhere, and it stays in use`)
    );
  }

  #takeOne(event: Event): string | null {
    if (event.type === 'locker-withheld') this.#withheld.add(event.locker);
    if (event.type === 'loan-closed' && !this.#loans.delete(event.item))
      return `${event.item} was not on loan`;
    if (event.type === 'locker-restored') this.#withheld.delete(event.locker);
    if (event.type === 'checkout-intended' && this.#items.get(event.locker) !== event.item)
      return `locker ${event.locker} has no ${event.item}`;
    if (event.type === 'checkin-intended' && this.#items.has(event.locker))
      return `locker ${event.locker} is taken`;
    const moving = itemMoveOf(event);
    return moving && this.#move(moving);
  }

  #move(event: ItemMove): string | null {
    const { locker } = event;
    const there = this.#items.get(locker);
    switch (event.type) {
      case 'item-lent':
        this.#items.delete(locker);
        this.#loans.add(event.item);
        return there === event.item ? null : `${event.item} is lent from locker ${locker}, where it was not`;
      case 'item-withdrawn':
        this.#items.delete(locker);
        return there === event.item
          ? null
          : `${event.item} is withdrawn from locker ${locker}, where it was not`;
      case 'item-counted':
        this.#items.delete(locker);
        if (event.item !== null) this.#put(locker, event.item);
        return null;
      case 'item-stocked':
        this.#put(locker, event.item);
        return there === undefined ? null : `locker ${locker} holds ${there} and gets ${event.item}`;
      case 'item-returned': {
        const elsewhere = this.#put(locker, event.item);
        if (elsewhere !== null) this.#missed.add(elsewhere);
        return there === undefined ? null : `locker ${locker} holds ${there} and gets ${event.item}`;
      }
      case 'checkout-undone': {
        const wasLent = this.#loans.has(event.item);
        this.#put(locker, event.item);
        return wasLent && there === undefined ? null : `${event.item} was not lent from locker ${locker}`;
      }
      default:
        return unreachable(event);
    }
  }

  /** Where else it was said to be. */
  #put(locker: LockerNo, item: ItemId): LockerNo | null {
    const [elsewhere] = [...this.#items].filter(([other, each]) => each === item && other !== locker);
    if (elsewhere) this.#items.delete(elsewhere[0]);
    this.#loans.delete(item);
    this.#items.set(locker, item);
    return elsewhere?.[0] ?? null;
  }

  /** What a ledger says otherwise, in words. */
  differsFrom({ lockers, loans }: Ledger): string | null {
    for (const [locker, { item }] of lockers) {
      if ((this.#items.get(locker) ?? null) !== item) return `locker ${locker} is said to hold ${item}`;
      if (item !== null && loans.has(item)) return `${item} is in locker ${locker} and on loan`;
    }
    for (const item of this.#loans) if (!loans.has(item)) return `${item} is said not to be on loan`;
    return loans.size === this.#loans.size ? null : 'too many items are said to be on loan';
  }
}

/** An item is in at most one locker, a locker holds at most one item, an item on loan is in none. */
export const itemInOnePlace = check('item-in-one-place', [3], (_world, fail) => {
  const places = new Places();
  let isNew = false;
  return {
    appended(events) {
      isNew = true;
      const wrong = places.take(events);
      if (wrong !== null) fail(wrong);
    },
    stepped({ ledger, journalWritable }) {
      if (!isNew || !journalWritable) return;
      isNew = false;
      const wrong = places.differsFrom(ledger);
      if (wrong !== null) fail(wrong);
    },
  };
});

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
export const loanMatchesHands = check('loan-matches-hands', [1, 3], (world, fail) => ({
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
}));
