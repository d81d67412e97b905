import type { Random } from '../support/random.js';

/** Groups of faults that a seed can leave out: some things are only found where little else is wrong. */
export const faultGroups = ['power', 'clock', 'boards', 'steel', 'hands', 'network', 'journal'] as const;
export type FaultGroup = (typeof faultGroups)[number];

/** How much of each fault group a run has: 0 none, 1 as usual. */
export type Mix = Readonly<Record<FaultGroup, number>>;

/** The faults of a seed; one in ten has none at all. */
export function createMix(random: Random): Mix {
  const isQuiet = random.chance(0.1);
  const share = () => (isQuiet ? 0 : random.pick([0, 0, 0.3, 1, 1, 3]));
  const [power, clock, boards, steel, hands, network, journal] = faultGroups.map(share);
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
