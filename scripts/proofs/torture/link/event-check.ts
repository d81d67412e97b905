import type { EventKey, KioskHistory } from './kiosk-history.js';

/** An event of the kiosk as the catalogue has it; in the order of epochs and positions. */
export interface StoredEvent {
  readonly epoch: string;
  readonly position: number;
  readonly key: EventKey;
}

/** Everything there is to judge by, of one kiosk. */
export interface Evidence {
  readonly history: KioskHistory;
  readonly stored: readonly StoredEvent[];
  /** Each time an old card took the place of the kiosk's, and what the catalogue had of it at that moment. */
  readonly cards: readonly { readonly ms: number; readonly stored: ReadonlySet<EventKey> }[];
  /** Each time an old disk took the place of the catalogue's, and what was on the new one only. */
  readonly disks: readonly { readonly ms: number; readonly lost: ReadonlySet<EventKey> }[];
}

/** What became of all that one kiosk ever made durable. */
export interface EventCheck {
  readonly made: number;
  readonly stored: number;
  readonly lost: readonly EventKey[];
  /** Stored in more than one place. */
  readonly doubled: readonly EventKey[];
  /** Stored after another event than in the journal, or with a gap before it. */
  readonly outOfOrder: readonly EventKey[];
  readonly neverMade: readonly EventKey[];
  /** Not yet stored by the catalogue when their card was replaced by an old one: lost everywhere. */
  readonly goneWithCard: number;
  /** Lost by the catalogue's disk when the kiosk did not have them any more, for its card had been replaced. */
  readonly goneWithBoth: number;
  readonly commands: number;
  readonly commandsRunTwice: readonly string[];
  /** The same, where an old card had forgotten that they had been run. */
  readonly commandsRunAgainByOldCard: number;
}

/** A catalogue's answer may be so long on its way, and speak of the disk that was replaced since. */
const answerMs = 60_000;

/** Holds what one kiosk made against what the catalogue has. Pure. */
export function checkEvents(evidence: Evidence): EventCheck {
  const { history, stored, cards } = evidence;
  const has = new Set(stored.map(({ key }) => key));
  const missing = [...history.recorded.keys()].filter((key) => !has.has(key));
  const fates = missing.map((key) => ({ key, fate: fateOf(key, evidence) }));
  const count = (fate: Fate) => fates.filter((each) => each.fate === fate).length;
  const again = [...history.commandRuns].flatMap(([what, times]) =>
    times.slice(1).map((ms, before) => ({ what, ms, firstMs: times[before] ?? ms })),
  );
  const byOldCard = again.filter(({ ms, firstMs }) =>
    cards.some((card) => card.ms >= firstMs && card.ms <= ms),
  );
  return {
    made: history.recorded.size,
    stored: stored.length,
    lost: fates.filter(({ fate }) => fate === 'lost').map(({ key }) => key),
    doubled: repeated(stored.map(({ key }) => key)),
    outOfOrder: displaced(evidence),
    neverMade: stored.map(({ key }) => key).filter((key) => !history.recorded.has(key)),
    goneWithCard: count('card'),
    goneWithBoth: count('both'),
    commands: [...history.commandRuns.keys()].filter((what) => what.startsWith('taken')).length,
    commandsRunTwice: again.filter((each) => !byOldCard.includes(each)).map(({ what }) => what),
    commandsRunAgainByOldCard: byOldCard.length,
  };
}

type Fate = 'lost' | 'card' | 'both';

/** Why the catalogue does not have an event: `card`, `both` where it was lost on both sides. */
function fateOf(key: EventKey, { history, cards, disks }: Evidence): Fate {
  const letGo = history.dropped.get(key);
  if (!letGo) return 'lost';
  if (letGo.why === 'card') {
    const card = cards.findLast(({ ms }) => ms <= letGo.ms);
    if (card && !card.stored.has(key)) return 'card';
  }
  // A journal drops events that the catalogue had only after an old card, when it begins another epoch.
  const isExcused =
    cards.length > 0 && disks.some((disk) => disk.ms >= letGo.ms - answerMs && disk.lost.has(key));
  return isExcused ? 'both' : 'lost';
}

function displaced({ history, stored }: Evidence): EventKey[] {
  return stored
    .filter(({ epoch, position, key }, at) => {
      const before = stored[at - 1];
      const previous = before?.epoch === epoch ? before : null;
      const isNext = position === (previous?.position ?? 0) + 1;
      return !isNext || !history.follows(epoch, previous?.key ?? null, key);
    })
    .map(({ key }) => key);
}

function repeated<T>(names: readonly T[]): T[] {
  const seen = new Set<T>();
  return names.filter((name) => {
    const isAgain = seen.has(name);
    seen.add(name);
    return isAgain;
  });
}
