import type { Event, RecordedEvent } from '../../../../src/circulation/event.js';
import type { WitnessRecord } from './witness-log.js';

/** An event by itself, wherever it stands: the kiosk's clock gives each append a time of its own. */
export type EventKey = string;

/** When, and why, a journal did not have an event any more. */
export interface Drop {
  readonly ms: number;
  /** Another card took the place of the one with the event, or the journal began another epoch. */
  readonly why: 'card' | 'epoch';
}

/** All that one kiosk said, put together. */
export interface KioskHistory {
  /** Every event that was ever durable, and when that was first said. */
  readonly recorded: ReadonlyMap<EventKey, number>;
  /** Those of them that the journal did not have in the end, and what became of them last. */
  readonly dropped: ReadonlyMap<EventKey, Drop>;
  /** Whether `next` ever stood just after `previous` (null: at the beginning) in `epoch`. */
  follows(epoch: string, previous: EventKey | null, next: EventKey): boolean;
  /** When something was done for a command: by its id and what it was, being put on record or releasing a lock. */
  readonly commandRuns: ReadonlyMap<string, readonly number[]>;
  readonly connections: number;
}

/** The key of an event: what it says, and when, whatever the order of its fields. */
export function keyOf({ at, trust, event }: Pick<RecordedEvent, 'at' | 'trust' | 'event'>): EventKey {
  return `${at} ${trust} ${JSON.stringify(Object.entries(event).sort(([a], [b]) => (a < b ? -1 : 1)))}`;
}

/** Puts together what a kiosk said; its card was replaced at `cardsMs`, while it was dead. */
export function buildHistory(testimony: readonly WitnessRecord[], cardsMs: readonly number[]): KioskHistory {
  const made = new Map<EventKey, number>();
  const letGo = new Map<EventKey, Drop>();
  const chains = new Set<string>();
  const runs = new Map<string, number[]>();
  const ran = (what: string, ms: number) => runs.set(what, [...(runs.get(what) ?? []), ms]);
  let held: EventKey[] = [];
  let [saidMs, connections] = [0, 0];
  for (const said of testimony) {
    const { ms, kind } = said;
    if (kind === 'online') connections += 1;
    else if (kind === 'unlocked') ran(`unlocked ${said.command}`, ms);
    else {
      if (kind === 'has') {
        const why = cardsMs.some((cardMs) => cardMs >= saidMs && cardMs <= ms) ? 'card' : 'epoch';
        for (const key of held) letGo.set(key, { ms, why });
        held = [];
      }
      for (const recorded of said.events) {
        const key = keyOf(recorded);
        const command = commandTakenIn(recorded.event);
        if (command !== null && !made.has(key)) ran(`taken ${command}`, ms);
        if (!made.has(key)) made.set(key, ms);
        letGo.delete(key);
        chains.add(link(said.epoch, held.at(-1) ?? null, key));
        held.push(key);
      }
    }
    saidMs = ms;
  }
  return {
    ...{ recorded: made, dropped: letGo, commandRuns: runs, connections },
    follows: (epoch, previous, next) => chains.has(link(epoch, previous, next)),
  };
}

const link = (epoch: string, previous: EventKey | null, next: EventKey) => `${epoch} ${previous} ${next}`;

/** The command that a kiosk took, where an event says that it did, and did not refuse. */
function commandTakenIn(event: Event): string | null {
  return event.type === 'command-taken' && event.answer !== 'refused' ? event.command : null;
}
