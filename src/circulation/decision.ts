import type { LockerNo } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { Duration, ElapsedMs, Moment } from '../kernel/time.js';
import { after, milliseconds } from '../kernel/time.js';
import type { Event } from './event.js';
import type { Effect } from './input.js';
import { applyEvent } from './ledger-changes.js';
import type { Refusal } from './refusal.js';
import type { Outcome, PassHolder, State, Visit } from './state.js';

/** A decision of the core: events to record, then effects to perform, and the next state. */
export interface Decision {
  readonly state: State;
  readonly events: readonly Event[];
  readonly effects: readonly Effect[];
}

/** The next state, with no events and no effects. */
export function stateOnly(state: State): Decision {
  return { state, events: [], effects: [] };
}

/** Records `events`, moves to `visit`, then does `effects`. Clears an earlier notice. */
export function transition(
  state: State,
  events: readonly Event[],
  visit: Visit,
  effects: readonly Effect[] = [],
): Decision {
  const ledger = events.reduce(applyEvent, state.ledger);
  return { state: { ...state, ledger, visit, notice: null }, events, effects };
}

/** Records `events`; the visit stays as it is. */
export function recordEvents(state: State, events: readonly Event[]): Decision {
  return { state: { ...state, ledger: events.reduce(applyEvent, state.ledger) }, events, effects: [] };
}

/** Moves to `visit` without events. */
export function changeVisit(state: State, visit: Visit): Decision {
  return transition(state, [], visit);
}

/** Shows a refusal; the visit stays as it is. `events` are those already recorded in `state`. */
export function refuse(
  state: State,
  refusal: Refusal,
  moment: Moment,
  events: readonly Event[] = [],
): Decision {
  const notice = { refusal, deadline: deadlineIn(moment, state.waits.farewell) };
  return { state: { ...state, notice }, events, effects: [] };
}

/** Refuses a request that does not fit the visit: `busy` at a door, else `too-late`. */
export function refuseMistimed(state: State, moment: Moment): Decision {
  const { kind } = state.visit;
  return refuse(state, kind === 'opening' || kind === 'open' ? 'busy' : 'too-late', moment);
}

/** Extends `first` with the decision for each of `things`, in order. */
export function decideEach<T>(
  first: Decision,
  things: Iterable<T>,
  decide: (state: State, thing: T) => Decision,
): Decision {
  let decision = first;
  for (const thing of things) {
    const { state, events, effects } = decide(decision.state, thing);
    decision = {
      state,
      events: [...decision.events, ...events],
      effects: [...decision.effects, ...effects],
    };
  }
  return decision;
}

/** The visit state that shows an outcome; `holder` may choose another book. */
export function farewellVisit(
  state: State,
  outcome: Outcome,
  locker: LockerNo | null,
  moment: Moment,
  holder: PassHolder | null = null,
): Visit {
  const deadline = deadlineIn(moment, farewellDuration(state, outcome));
  return { kind: 'farewell', outcome, locker, holder, deadline };
}

/** How long an outcome is shown: longer where there is something to choose, or a receipt to photograph. */
export function farewellDuration({ waits }: State, { kind }: Outcome): Duration {
  if (kind === 'returned') return milliseconds(waits.farewell * limits.farewellReceiptTimes);
  const isChoice = kind === 'lent' || kind === 'renewed' || kind === 'renewal-asked';
  return isChoice ? milliseconds(waits.farewell * limits.farewellChoiceTimes) : waits.farewell;
}

/** The end of a wait that starts at `moment`. */
export function deadlineIn(moment: Moment, wait: Duration): ElapsedMs {
  return after(moment.elapsedMs, wait);
}
