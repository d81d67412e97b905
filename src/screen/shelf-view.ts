import { holdPatronOf } from '../circulation/holds.js';
import { lockerOf } from '../circulation/ledger.js';
import { lockerRefusal } from '../circulation/lending.js';
import type { State, Visit } from '../circulation/state.js';
import type { ItemId, LockerNo, PatronId } from '../kernel/ids.js';
import type { ViewContext } from './context.js';

/** One locker as a reader of the screen sees it. Name and author are null where there is no book to show. */
export interface Shelf {
  readonly locker: LockerNo;
  readonly name: string | null;
  readonly author: string | null;
  /**
   * `kept`: for whoever has shown her pass; `reserved`: for somebody, who may be the one who has shown none yet;
   * `unavailable`: not lent at present.
   */
  readonly state: 'available' | 'kept' | 'reserved' | 'empty' | 'unavailable' | 'chosen';
  readonly mayChoose: boolean;
}

/** All lockers; to whoever has shown her pass those first in which something is kept for her. */
export function shelvesOf(state: State, visit: Visit, context: ViewContext): readonly Shelf[] {
  const shelves = state.lockers.map((locker) => shelfOf(state, visit, locker, context));
  const isKept = (shelf: Shelf) => shelf.state === 'kept';
  return [...shelves.filter(isKept), ...shelves.filter((shelf) => !isKept(shelf))];
}

/** How many books somebody may borrow. */
export function booksIn(shelves: readonly Shelf[]): number {
  return shelves.filter(({ mayChoose }) => mayChoose).length;
}

function shelfOf(state: State, visit: Visit, locker: LockerNo, context: ViewContext): Shelf {
  const { item, intent } = lockerOf(state.ledger, locker);
  const isChosen = visit.kind !== 'farewell' && 'locker' in visit && visit.locker === locker;
  const about = item ?? (isChosen && intent ? intent.item : null);
  const title = about === null ? null : context.titleOf(about);
  const now = isChosen ? 'chosen' : stateOf(state, visit, locker, item, context);
  return {
    locker,
    name: title?.name ?? null,
    author: title?.author ?? null,
    state: now,
    // A reserved book may be hers as long as nobody knows who she is.
    mayChoose: now === 'reserved' ? visit.kind !== 'choosing' : now !== 'empty' && now !== 'unavailable',
  };
}

function stateOf(
  state: State,
  visit: Visit,
  locker: LockerNo,
  item: ItemId | null,
  { moment }: ViewContext,
): Shelf['state'] {
  const refusal = lockerRefusal(state, locker);
  if (refusal === 'locker-empty') return 'empty';
  if (refusal !== null || item === null) return 'unavailable';
  const keptFor = holdPatronOf(state.ledger, item, moment);
  if (keptFor === undefined) return 'available';
  return keptFor === whoseVisit(visit) ? 'kept' : 'reserved';
}

/** Who has shown her pass or card and may choose; null when nobody. */
function whoseVisit(visit: Visit): PatronId | null {
  return visit.kind === 'choosing' ? visit.holder.patron : null;
}
