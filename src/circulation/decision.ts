import type { LockerNo } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { Duration, ElapsedMs, Moment } from '../kernel/time.js';
import { after, milliseconds } from '../kernel/time.js';
import type { Event } from './event.js';
import type { Effect } from './input.js';
import { applyEvent } from './ledger-changes.js';
import type { Refusal } from './refusal.js';
import type { Outcome, PassHolder, State, Visit } from './state.js';

/** What the core decided: facts to record, then things to do, and what it knows from then on. */
export interface Decision {
  readonly state: State;
  readonly events: readonly Event[];
  readonly effects: readonly Effect[];
}

/** Nothing to record, nothing to do. */
export function stateOnly(state: State): Decision {
  return { state, events: [], effects: [] };
}

/** Records `events`, moves to `visit`, then does `effects`. A new step makes an earlier notice pointless. */
export function transition(
  state: State,
  events: readonly Event[],
  visit: Visit,
  effects: readonly Effect[] = [],
): Decision {
  const ledger = events.reduce(applyEvent, state.ledger);
  return { state: { ...state, ledger, visit, notice: null }, events, effects };
}

/** Records `events` beside whatever the visit is doing. */
export function recordEvents(state: State, events: readonly Event[]): Decision {
  return { state: { ...state, ledger: events.reduce(applyEvent, state.ledger) }, events, effects: [] };
}

/** Moves to `visit` with nothing to record. */
export function changeVisit(state: State, visit: Visit): Decision {
  return transition(state, [], visit);
}

/** Tells the resident why not; whatever the visit was doing goes on. `events` were recorded before. */
export function refuse(
  state: State,
  refusal: Refusal,
  moment: Moment,
  events: readonly Event[] = [],
): Decision {
  const notice = { refusal, deadline: deadlineIn(moment, state.waits.farewell) };
  return { state: { ...state, notice }, events, effects: [] };
}

/** What was asked for belongs to a visit that is over, or to none at all; at a door, one thing comes after another. */
export function refuseMistimed(state: State, moment: Moment): Decision {
  const { kind } = state.visit;
  return refuse(state, kind === 'opening' || kind === 'open' ? 'busy' : 'too-late', moment);
}

/** `first`, and then what `decide` says about each of `things`, one after another. */
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

/** The last words of a visit; `holder` may go on to another book. */
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

/** How long the last words stay: longer where there is something to choose, or a receipt to photograph. */
export function farewellDuration({ waits }: State, { kind }: Outcome): Duration {
  if (kind === 'returned') return milliseconds(waits.farewell * limits.farewellReceiptTimes);
  const isChoice = kind === 'lent' || kind === 'renewed' || kind === 'renewal-asked';
  return isChoice ? milliseconds(waits.farewell * limits.farewellChoiceTimes) : waits.farewell;
}

/** The end of a wait that starts at `moment`. */
export function deadlineIn(moment: Moment, wait: Duration): ElapsedMs {
  return after(moment.elapsedMs, wait);
}
