import type { RecordedEvent } from '../../../../src/circulation/event.js';
import type { Observation } from './observation.js';

/** A door that was open for so long was open for everybody: past the debounce, a frame and its repetition. */
const surelyOpenMs = 1_000;

/** What the journal says of doors that did not do it. */
export interface WrongClaims {
  /** Recorded as lent or returned, and the door had not opened since its intent. */
  readonly neverOpened: readonly RecordedEvent[];
  /** Recorded as never opened, and the door had been open for long. */
  readonly wasOpen: readonly RecordedEvent[];
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Holds what the journal says of visits against what the doors' contacts were meanwhile. */
export function wrongClaims(
  observations: readonly Observation[],
  events: readonly RecordedEvent[],
): WrongClaims {
  const intendedMs = new Map<number, number>();
  const open = openStretches(observations);
  const openIn = (locker: number, fromMs: number, toMs: number, forMs: number) =>
    (open.get(locker) ?? []).some(
      (stretch) => Math.min(stretch.toMs, toMs) - Math.max(stretch.fromMs, fromMs) >= forMs,
    );
  const neverOpened: RecordedEvent[] = [];
  const wasOpen: RecordedEvent[] = [];
  for (const recorded of events) {
    const { event, at } = recorded;
    if (event.type === 'checkout-intended' || event.type === 'checkin-intended') {
      intendedMs.set(event.visit, at);
    } else if (event.type === 'item-lent' || event.type === 'checkin-opened') {
      if (!openIn(event.locker, intendedMs.get(event.visit) ?? at, at, 0)) neverOpened.push(recorded);
    } else if (
      (event.type === 'checkout-cancelled' || event.type === 'checkin-cancelled') &&
      event.reason !== 'outcome-unknown'
    ) {
      if (openIn(event.locker, intendedMs.get(event.visit) ?? at, at, surelyOpenMs)) wasOpen.push(recorded);
    }
  }
  return { neverOpened, wasOpen };
}

function openStretches(observations: readonly Observation[]): Map<number, Stretch[]> {
  const stretches = new Map<number, Stretch[]>();
  const sinceMs = new Map<number, number>();
  const end = (locker: number, toMs: number) => {
    const fromMs = sinceMs.get(locker);
    if (fromMs === undefined) return;
    sinceMs.delete(locker);
    stretches.set(locker, [...(stretches.get(locker) ?? []), { fromMs, toMs }]);
  };
  for (const each of observations) {
    if (each.kind !== 'switch') continue;
    if (each.door === 'open') sinceMs.set(each.locker, each.atMs);
    else end(each.locker, each.atMs);
  }
  for (const locker of [...sinceMs.keys()]) end(locker, Number.POSITIVE_INFINITY);
  return stretches;
}

/** What the lock pins did. */
export interface LockFigures {
  readonly pulses: number;
  /** In the board's own time. */
  readonly longestOnMs: number;
  readonly mostOnAtOnce: number;
}

/** Reads the lock pins' changes; a lock that is still on has been so until `endBoardMs`. */
export function judgeLocks(observations: readonly Observation[], endBoardMs: number): LockFigures {
  const onSince = new Map<number, number>();
  const figures = { pulses: 0, longestOnMs: 0, mostOnAtOnce: 0 };
  const wasOn = (sinceMs: number, untilMs: number) => {
    figures.longestOnMs = Math.max(figures.longestOnMs, untilMs - sinceMs);
  };
  for (const each of observations) {
    if (each.kind !== 'relay') continue;
    const { locker, on, boardMs } = each;
    const sinceMs = onSince.get(locker);
    if (on && sinceMs === undefined) {
      onSince.set(locker, boardMs);
      figures.pulses += 1;
      figures.mostOnAtOnce = Math.max(figures.mostOnAtOnce, onSince.size);
    } else if (!on && sinceMs !== undefined) {
      onSince.delete(locker);
      wasOn(sinceMs, boardMs);
    }
  }
  for (const sinceMs of onSince.values()) wasOn(sinceMs, endBoardMs);
  return figures;
}

/** A pulse may be on its way while its visit ends: repetitions to the board, and one wire's length. */
const underWayMs = 1_000;

/** An unlock that the journal intended, from its record to its outcome. */
interface Intention {
  readonly locker: number;
  readonly fromMs: number;
  untilMs: number;
  outcomes: number;
  pulses: number;
}

/** What the journal's intents and the lock pins have to do with each other. */
export interface IntentFigures {
  readonly intents: number;
  readonly loans: number;
  readonly returns: number;
  /** Lock pins that went on with no intent under way for them. */
  readonly withoutIntent: readonly Observation[];
  /** Visits with more than one outcome, or with one and no intent. */
  readonly wrongOutcomes: readonly number[];
  /** Visits without an outcome yet. */
  readonly underWay: readonly number[];
  readonly mostPulsesPerIntent: number;
}

/** Holds the lock pins against the journal, and each intent against its outcomes. */
export function judgeIntents(
  observations: readonly Observation[],
  events: readonly RecordedEvent[],
): IntentFigures {
  const { intentions, orphans } = intentionsIn(events);
  const withoutIntent = observations.filter((each) => {
    if (each.kind !== 'relay' || !each.on) return false;
    const intention = [...intentions.values()].find(
      ({ locker, fromMs, untilMs }) =>
        locker === each.locker && fromMs <= each.atMs && each.atMs <= untilMs + underWayMs,
    );
    if (intention) intention.pulses += 1;
    return intention === undefined;
  });
  const visits = [...intentions];
  const count = (type: string) => events.filter(({ event }) => event.type === type).length;
  return {
    intents: intentions.size,
    loans: count('item-lent'),
    returns: count('item-returned'),
    withoutIntent,
    wrongOutcomes: [...orphans, ...visits.filter(([, { outcomes }]) => outcomes > 1).map(([visit]) => visit)],
    underWay: visits.filter(([, { outcomes }]) => outcomes === 0).map(([visit]) => visit),
    mostPulsesPerIntent: Math.max(0, ...visits.map(([, { pulses }]) => pulses)),
  };
}

function intentionsIn(events: readonly RecordedEvent[]) {
  const intentions = new Map<number, Intention>();
  const orphans: number[] = [];
  for (const { at, event } of events) {
    switch (event.type) {
      case 'checkout-intended':
      case 'checkin-intended':
        intentions.set(event.visit, {
          locker: event.locker,
          fromMs: at,
          untilMs: Number.POSITIVE_INFINITY,
          outcomes: 0,
          pulses: 0,
        });
        break;
      case 'item-lent':
      case 'item-returned':
      case 'checkout-cancelled':
      case 'checkin-cancelled': {
        const intention = intentions.get(event.visit);
        if (!intention) {
          orphans.push(event.visit);
          break;
        }
        intention.outcomes += 1;
        intention.untilMs = at;
        break;
      }
      default:
    }
  }
  return { intentions, orphans };
}
