import { isDeepStrictEqual } from 'node:util';
import type { Event, RecordedEvent } from '../../../src/circulation/event.js';
import { itemMoveOf } from '../../../src/circulation/item-moves.js';
import { readPayload } from '../../../src/contract/payload.js';
import { batchSchema, topicsOf } from '../../../src/contract/topics.js';
import { type Epoch, erasedId, type ItemId, type LockerNo, type PatronId } from '../../../src/kernel/ids.js';
import { kiosk } from './actors.js';

export const street = 'simulated';
const topics = topicsOf(street, kiosk);

/** Who has which book and which book stands where, as the catalogue sees it. */
export interface Projection {
  readonly places: ReadonlyMap<LockerNo, ItemId>;
  readonly loans: ReadonlyMap<ItemId, PatronId>;
}

/** The catalogue as a list of events for each epoch, and what they add up to, worked out anew each time. */
export class CatalogueModel {
  #epochs = new Map<Epoch, RecordedEvent[]>();
  #copy: ReadonlyMap<Epoch, number> = new Map();
  /** The highest position it ever answered with, of each epoch. */
  readonly acknowledged = new Map<Epoch, number>();
  /** Events that differ from what is stored at their positions; none may ever be. */
  conflicts = 0;
  /** Messages it could not read; none may ever be. */
  unreadable = 0;

  /** What it says to a message on `topic`. */
  readonly answer = (topic: string, payload: string): readonly [string, string] | null => {
    if (topic !== topics.journal) return null;
    const batch = readPayload(batchSchema, Buffer.from(payload));
    if (!batch) {
      this.unreadable += 1;
      return null;
    }
    const { epoch, from, events } = batch;
    const stored = this.#epochs.get(epoch) ?? [];
    const differsAt = from <= stored.length + 1 ? this.#store(stored, events) : undefined;
    this.#epochs.set(epoch, stored);
    this.acknowledged.set(epoch, Math.max(this.acknowledged.get(epoch) ?? 0, stored.length));
    const to = from + events.length - 1;
    return [topics.journalAck, JSON.stringify({ epoch, upTo: stored.length, from, to, differsAt })];
  };

  /** Stores what is new, unless something differs from what is stored: then nothing, and it says where. */
  #store(stored: RecordedEvent[], events: readonly RecordedEvent[]): number | undefined {
    const differing = events.find((event) => {
      const known = stored[event.position - 1];
      return known !== undefined && !isSameEvent(known, event);
    });
    if (differing) {
      this.conflicts += 1;
      return differing.position;
    }
    stored.push(...events.filter(({ position }) => position > stored.length));
    return undefined;
  }

  stored(epoch: Epoch): readonly RecordedEvent[] {
    return this.#epochs.get(epoch) ?? [];
  }

  /** What it says of itself when it starts: up to where it has what. */
  get marks(): readonly (readonly [topic: string, payload: string])[] {
    return [...this.#epochs].map(([epoch, { length }]) => [
      topics.journalAck,
      JSON.stringify({ epoch, upTo: length }),
    ]);
  }

  backUp(): void {
    this.#copy = new Map([...this.#epochs].map(([epoch, events]) => [epoch, events.length]));
  }

  /** Its disk is replaced: it knows what its backup knew. */
  restore(): void {
    this.#epochs = new Map(
      [...this.#epochs].map(([epoch, events]) => [epoch, events.slice(0, this.#copy.get(epoch) ?? 0)]),
    );
  }

  /** What all events it received add up to. A new journal begins with what stands in its kiosk, so older places do not count. */
  project(): Projection {
    const places = new Map<LockerNo, ItemId>();
    const loans = new Map<ItemId, PatronId>();
    for (const events of this.#epochs.values()) {
      places.clear();
      for (const { event } of events) project(places, loans, event);
    }
    return { places, loans };
  }
}

/** A kiosk forgets its patrons: what it sends again may name nobody where the stored event does. */
export function isSameEvent(stored: RecordedEvent, sent: RecordedEvent): boolean {
  if (isDeepStrictEqual(stored, sent)) return true;
  const isNameless = [stored, sent].some((each) => JSON.stringify(each).includes(erasedId));
  return isNameless && isDeepStrictEqual(nameless(stored), nameless(sent));
}

const nameless = ({ event, ...recorded }: RecordedEvent) => ({
  ...recorded,
  event: { ...event, patron: erasedId, pass: erasedId },
});

/** What an event means to the catalogue; written for itself, to be compared with what the kiosk makes of it. */
function project(places: Map<LockerNo, ItemId>, loans: Map<ItemId, PatronId>, event: Event): void {
  if (event.type === 'loan-closed') loans.delete(event.item);
  const moving = itemMoveOf(event);
  if (!moving) return;
  const { locker, item } = moving;
  // A book is in one place, whatever was said before.
  for (const [other, each] of places) if (each === item) places.delete(other);
  if (item !== null && moving.type !== 'item-withdrawn') loans.delete(item);
  if (item === null || moving.type === 'item-withdrawn') places.delete(locker);
  else if (moving.type === 'item-lent') {
    places.delete(locker);
    loans.set(item, moving.patron);
  } else places.set(locker, item);
}
