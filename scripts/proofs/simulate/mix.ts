import type { Random } from '../support/random.js';

/** What may go wrong, in groups that a seed can leave out: some things are only found where little else is wrong. */
export const troubles = ['power', 'clock', 'boards', 'steel', 'hands', 'network', 'journal'] as const;
export type Trouble = (typeof troubles)[number];

/** How much of each trouble a story has: 0 none, 1 as usual. */
export type Mix = Readonly<Record<Trouble, number>>;

/** The troubles of a seed; one in ten has none at all. */
export function mixOf(random: Random): Mix {
  const isQuiet = random.chance(0.1);
  const share = () => (isQuiet ? 0 : random.pick([0, 0, 0.3, 1, 1, 3]));
  const [power, clock, boards, steel, hands, network, journal] = troubles.map(share);
  return {
    power: power ?? 0,
    clock: clock ?? 0,
    boards: boards ?? 0,
    steel: steel ?? 0,
    hands: hands ?? 0,
    network: network ?? 0,
    journal: journal ?? 0,
  };
}
