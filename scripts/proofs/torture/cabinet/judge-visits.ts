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
