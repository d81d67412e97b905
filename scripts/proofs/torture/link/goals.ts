import type { Goal } from '../../support/goals.js';
import type { EventCheck } from './event-check.js';

/** What became of one kiosk's events. */
export interface KioskCheck extends EventCheck {
  readonly name: string;
  readonly connections: number;
  readonly conflicts: number;
  /** Whether its card was ever replaced by an old one. */
  readonly hadOldCard: boolean;
}

/**
 * Everything is acknowledged so long after the last fault, at most: a dead connection is noticed (22 s), there is one
 * more wait before the next (10 s), and what was sent into the void is sent again (10 s).
 */
export const drainDeadlineMs = 45_000;

/** What was seen besides the events. */
export interface Totals {
  readonly unsent: number;
  readonly drainMs: number;
  readonly replayed: number;
  readonly crashes: number;
}

/** The figures, each beside what it should be. */
export function goalsOf(
  judged: readonly (KioskCheck & { readonly isElsewhere: boolean })[],
  { unsent, drainMs, replayed, crashes }: Totals,
): Goal[] {
  const sum = (of: (each: KioskCheck) => number) => judged.reduce((all, each) => all + of(each), 0);
  type Listed = 'lost' | 'doubled' | 'outOfOrder' | 'neverMade' | 'commandsRunTwice';
  const many = (of: Listed) => sum((each) => each[of].length);
  const none = (name: string, figure: number, detail?: string): Goal => ({
    ...{ name, figure, goal: { exactly: 0 } },
    ...(detail === undefined ? {} : { detail }),
  });
  const some = (name: string, figure: number, detail: string): Goal => ({
    ...{ name, figure, goal: { atLeast: 1 }, detail },
  });
  const conflicts = (hadOldCard: boolean) =>
    sum((each) => (each.hadOldCard === hadOldCard ? each.conflicts : 0));
  return [
    some(
      'events made',
      sum(({ made }) => made),
      `${judged.length} kiosks`,
    ),
    some(
      'events stored',
      sum(({ stored }) => stored),
      `${sum((each) => each.connections)} connections of kiosks`,
    ),
    none(
      'events lost',
      many('lost'),
      `${sum((each) => each.goneWithCard)} went with a card, unsent; ${sum((each) => each.goneWithBoth)} with a card and the catalogue's disk`,
    ),
    none('events doubled', many('doubled')),
    none('events out of order', many('outOfOrder')),
    none('events nobody made', many('neverMade')),
    none('events still unsent', unsent),
    none(
      'refused events of kiosks that never had an old card',
      conflicts(false),
      `${conflicts(true)} of the others`,
    ),
    none(
      'kiosks whose books the catalogue sees elsewhere',
      judged.filter(({ isElsewhere }) => isElsewhere).length,
    ),
    none(
      'commands run twice',
      many('commandsRunTwice'),
      `of ${sum((each) => each.commands)}; ${sum((each) => each.commandsRunAgainByOldCard)} again from an old card; ${replayed} messages said again`,
    ),
    none('programs that ended by themselves', crashes),
    {
      name: 'last fault to last acknowledgement, s',
      figure: drainMs / 1_000,
      goal: { atMost: drainDeadlineMs / 1_000 },
    },
  ];
}
