import { type Observation, type Pause, pausesIn, runningSince } from './observation.js';

/** A contact moved and was reported at the latest this much later, while everybody ran. */
const toldWithinMs = 1_000;
/**
 * So long the kiosk may take a door for what it no longer is: a board whose power failed is noticed by its heartbeat, which is
 * asked for every half second and has two seconds to come; one more for the wire and the kiosk.
 */
const believedAtMostMs = 3_500;
/** Two clocks that count milliseconds are one apart. */
const roundingMs = 1;

/** A contact's position from a moment on. */
interface Position {
  readonly fromMs: number;
  readonly door: 'open' | 'closed';
}

/** Reports of a door that say what its contact was not at any instant of the second before. */
export function wrongReports(observations: readonly Observation[]): Observation[] {
  const contacts = contactsIn(observations);
  const pauses = pausesIn(observations);
  return observations.filter((each) => {
    if (each.kind !== 'door' || each.door === 'unknown') return false;
    const sinceMs = runningSince(each.atMs, toldWithinMs, pauses);
    const positions = positionsBetween(contacts.get(each.locker) ?? [], sinceMs, each.atMs + roundingMs);
    return !positions.includes(each.door);
  });
}

/** What a contact was at `fromMs` and became until `toMs`. */
function positionsBetween(positions: readonly Position[], fromMs: number, toMs: number): string[] {
  return positions
    .filter((position, index) => {
      const endMs = positions[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
      return position.fromMs <= toMs && endMs >= fromMs;
    })
    .map(({ door }) => door);
}

function contactsIn(observations: readonly Observation[]): Map<number, Position[]> {
  const contacts = new Map<number, Position[]>();
  for (const each of observations) {
    if (each.kind !== 'switch') continue;
    const positions = contacts.get(each.locker) ?? [];
    positions.push({ fromMs: each.atMs, door: each.door });
    contacts.set(each.locker, positions);
  }
  return contacts;
}

/** A door taken for what it was not. */
export interface WrongBelief {
  readonly locker: number;
  readonly believed: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Stretches in which a kiosk with a ready board took a door for what its contact was not, for too long to be on its way. */
export function wrongBeliefs(observations: readonly Observation[], endMs: number): WrongBelief[] {
  const beliefs = new Beliefs(pausesIn(observations));
  for (const each of observations) beliefs.take(each);
  beliefs.endAll(endMs);
  return beliefs.wrong;
}

/** Follows what the kiosk says and what the contacts are, in the order of time. */
class Beliefs {
  readonly wrong: WrongBelief[] = [];
  readonly #contacts = new Map<number, string>();
  readonly #believed = new Map<number, string>();
  readonly #differentSince = new Map<number, number>();

  constructor(private readonly pauses: readonly Pause[]) {}

  take(each: Observation): void {
    if (each.kind === 'switch') this.#change(this.#contacts, each.locker, each.door, each.atMs);
    if (each.kind === 'door') this.#change(this.#believed, each.locker, each.door, each.atMs);
    // A lost board makes its doors unknown, and so does a kiosk that is no more.
    if (each.kind === 'lost' || (each.kind === 'fault' && each.fault.startsWith('kiosk killed'))) {
      this.endAll(each.atMs);
    }
  }

  endAll(atMs: number): void {
    for (const locker of [...this.#believed.keys()]) this.#change(this.#believed, locker, 'unknown', atMs);
  }

  #change(of: Map<number, string>, locker: number, door: string, atMs: number): void {
    if (of.get(locker) === door) return;
    this.#settle(locker, atMs);
    of.set(locker, door);
    const believed = this.#believed.get(locker) ?? 'unknown';
    const contact = this.#contacts.get(locker);
    if (believed !== 'unknown' && contact !== undefined && contact !== believed) {
      this.#differentSince.set(locker, atMs);
    }
  }

  #settle(locker: number, toMs: number): void {
    const fromMs = this.#differentSince.get(locker);
    this.#differentSince.delete(locker);
    if (fromMs === undefined || fromMs >= runningSince(toMs, believedAtMostMs, this.pauses)) return;
    this.wrong.push({ locker, believed: this.#believed.get(locker) ?? 'unknown', fromMs, toMs });
  }
}
