import type { Event, RecordedEvent } from '../../../../src/circulation/event.js';
import type { WitnessRecord } from './witness-log.js';

/** An event by itself, wherever it stands: the kiosk's clock gives each append a time of its own. */
export type EventKey = string;

/** When and why a journal lost or pruned an event. */
export interface Drop {
  readonly ms: number;
  /** Another card took the place of the one with the event, or the journal began another epoch. */
  readonly why: 'card' | 'epoch';
}

/** The history of one kiosk, from its witness log. */
export interface KioskHistory {
  /** Every event that was ever durable, and the time of its first record. */
  readonly recorded: ReadonlyMap<EventKey, number>;
  /** Those that the journal did not have in the end, with the last reason. */
  readonly dropped: ReadonlyMap<EventKey, Drop>;
  /** Whether `next` ever stood just after `previous` (null: at the beginning) in `epoch`. */
  follows(epoch: string, previous: EventKey | null, next: EventKey): boolean;
  /** The times at which each command was taken into the journal (`taken ID`) and released a lock (`unlocked ID`). */
  readonly commandRuns: ReadonlyMap<string, readonly number[]>;
  readonly connections: number;
}

/** The key of an event: its time and content, independent of the order of fields. */
export function keyOf({ at, trust, event }: Pick<RecordedEvent, 'at' | 'trust' | 'event'>): EventKey {
  return `${at} ${trust} ${JSON.stringify(Object.entries(event).sort(([a], [b]) => (a < b ? -1 : 1)))}`;
}

/** Builds a kiosk's history from its witness log; its card was replaced at `cardsMs`, while it was stopped. */
export function buildHistory(entries: readonly WitnessRecord[], cardsMs: readonly number[]): KioskHistory {
  const made = new Map<EventKey, number>();
  const dropped = new Map<EventKey, Drop>();
  const chains = new Set<string>();
  const runs = new Map<string, number[]>();
  const ran = (what: string, ms: number) => runs.set(what, [...(runs.get(what) ?? []), ms]);
  let held: EventKey[] = [];
  let [lastMs, connections] = [0, 0];
  for (const entry of entries) {
    const { ms, kind } = entry;
    if (kind === 'online') connections += 1;
    else if (kind === 'unlocked') ran(`unlocked ${entry.command}`, ms);
    else {
      if (kind === 'has') {
        const why = cardsMs.some((cardMs) => cardMs >= lastMs && cardMs <= ms) ? 'card' : 'epoch';
        for (const key of held) dropped.set(key, { ms, why });
        held = [];
      }
      for (const recorded of entry.events) {
        const key = keyOf(recorded);
        const command = commandTakenIn(recorded.event);
        if (command !== null && !made.has(key)) ran(`taken ${command}`, ms);
        if (!made.has(key)) made.set(key, ms);
        dropped.delete(key);
        chains.add(link(entry.epoch, held.at(-1) ?? null, key));
        held.push(key);
      }
    }
    lastMs = ms;
  }
  return {
    ...{ recorded: made, dropped, commandRuns: runs, connections },
    follows: (epoch, previous, next) => chains.has(link(epoch, previous, next)),
  };
}

const link = (epoch: string, previous: EventKey | null, next: EventKey) => `${epoch} ${previous} ${next}`;

/** The command in an event that records its acceptance; null for any other event. */
function commandTakenIn(event: Event): string | null {
  return event.type === 'command-taken' && event.answer !== 'refused' ? event.command : null;
}
