import type { Settings } from '../../../src/circulation/decide.js';
import { defaultPolicy, type ItemDetails } from '../../../src/circulation/directory.js';
import type { Event } from '../../../src/circulation/event.js';
import { defaultTimeouts } from '../../../src/circulation/timeouts.js';
import {
  type BoardId,
  boardId,
  type ItemId,
  itemId,
  kioskId,
  type LockerNo,
  lockerNo,
  type PatronId,
  patronId,
  type StaffId,
  staffId,
} from '../../../src/kernel/ids.js';
import type { Random } from '../support/random.js';

/** One kiosk of the simulated street: what it is made of and what stands in it at first. */
export interface Actors {
  readonly boards: ReadonlyMap<BoardId, readonly LockerNo[]>;
  readonly lockers: readonly LockerNo[];
  /** Lockers with a sensor that sees whether a book is inside. */
  readonly sensed: ReadonlySet<LockerNo>;
  /** Lockers whose latch stays free after its pulse until the door was opened; others catch again after a while. */
  readonly holding: ReadonlySet<LockerNo>;
  /** All books; some stand in the kiosk at first, the others are in residents' hands. */
  readonly items: readonly ItemId[];
  /** Borrowers; each is also one person who walks about. */
  readonly patrons: readonly PatronId[];
  readonly staff: StaffId;
  readonly facts: ReadonlyMap<ItemId, ItemDetails>;
  readonly settings: Settings;
}

export const kiosk = kioskId('jn-01');

/** The kiosk and the people of a seed. */
export function createActors(random: Random): Actors {
  const sizes = random.pick([[4], [3, 3], [2, 3], [2, 2, 2]] as const);
  const boards = new Map<BoardId, readonly LockerNo[]>();
  const lockers: LockerNo[] = [];
  for (const [index, size] of sizes.entries()) {
    const its = Array.from({ length: size }, (_, at) => lockerNo(lockers.length + at + 1));
    boards.set(boardId(`board-${index + 1}`), its);
    lockers.push(...its);
  }
  const items = Array.from({ length: lockers.length + 4 }, (_, at) =>
    itemId(`3010600000${String(at + 1).padStart(4, '0')}`),
  );
  // The last is a stranger to the catalogue.
  const facts = new Map(
    items
      .slice(0, -1)
      .map((item): [ItemId, ItemDetails] => [
        item,
        { loanClass: random.chance(0.2) ? 'short' : null, adultsOnly: random.chance(0.2) },
      ]),
  );
  const some = (share: number) => new Set(lockers.filter(() => random.chance(share)));
  return {
    boards,
    lockers,
    sensed: some(0.4),
    holding: some(0.3),
    items,
    patrons: Array.from({ length: 4 }, (_, at) => patronId(String(at + 1).repeat(16))),
    staff: staffId('5'.repeat(16)),
    facts,
    settings: {
      boards,
      policy: { ...defaultPolicy, loansPerPatron: 3 },
      waits: defaultTimeouts,
    },
  };
}

/** The first stock: about half of the lockers. */
export function firstStock({ lockers, items }: Actors): readonly Extract<Event, { type: 'item-stocked' }>[] {
  return lockers.slice(0, Math.ceil(lockers.length / 2)).flatMap((locker, at) => {
    const item = items[at];
    return item === undefined ? [] : [{ type: 'item-stocked', locker, item } as const];
  });
}

/** Groups of faults that a seed can leave out: some things are only found where little else is wrong. */
export const faultGroups = ['power', 'clock', 'boards', 'steel', 'hands', 'network', 'journal'] as const;
export type FaultGroup = (typeof faultGroups)[number];

/** How much of each fault group a run has: 0 none, 1 as usual. */
export type Mix = Readonly<Record<FaultGroup, number>>;

/** The faults of a seed; one in ten has none at all. */
export function createMix(random: Random): Mix {
  const isQuiet = random.chance(0.1);
  const share = () => (isQuiet ? 0 : random.pick([0, 0, 0.3, 1, 1, 3]));
  const shares = faultGroups.map((group): [FaultGroup, number] => [group, share()]);
  return Object.fromEntries(shares) as Mix;
}
