import { decide, nextDeadline } from './circulation/decide.js';
import type { Event } from './circulation/event.js';
import type { Effect, Input } from './circulation/input.js';
import type { State } from './circulation/state.js';
import { assert } from './kernel/assert.js';
import { Fault } from './kernel/faults.js';
import { limits } from './kernel/limits.js';
import type { Log } from './kernel/log.js';
import type { Clock, Moment } from './kernel/time.js';

/** What the shell needs of the world around the core. */
export interface KioskParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Makes `events` durable before it returns; throws `journal.write` when it cannot. */
  append(moment: Moment, events: readonly Event[]): void;
  /** Does one effect; called only after the events that ordered it are durable. */
  perform(effect: Effect): void;
  /** Called after each step with the new state and whether the journal grew. */
  onStep(state: State, moment: Moment, grew: boolean): void;
}

/** The core at work: what it knows, and the one way in. */
export interface Kiosk {
  readonly state: State;
  /** Hands one input to the core; inputs are decided strictly one after another. */
  submit(input: Input): void;
  /** Stops waiting; later inputs are ignored. */
  close(): void;
}

/** The imperative shell: one queue of inputs → the core → the journal → effects, in that order. */
export function createKiosk(initial: State, parts: KioskParts): Kiosk {
  let state = initial;
  let timer: NodeJS.Timeout | undefined;
  let busy = false;
  let closed = false;
  const queue: Input[] = [];

  function submit(input: Input): void {
    if (closed) return;
    assert(queue.length < limits.inputQueueLength, 'inputs are decided faster than they arrive');
    queue.push(input);
    // An effect may report back at once; its input waits until this step is complete.
    if (busy) return;
    busy = true;
    try {
      for (let next = queue.shift(); next; next = queue.shift()) step(next);
    } finally {
      busy = false;
    }
  }

  function step(input: Input): void {
    const moment = parts.clock.now();
    const decision = decide(state, input, moment);
    if (decision.events.length > 0 && !isDurable(moment, decision.events)) {
      step({ kind: 'journal-failed' });
      return;
    }
    state = decision.state;
    for (const effect of decision.effects) parts.perform(effect);
    waitForDeadline(moment);
    parts.onStep(state, moment, decision.events.length > 0);
  }

  function isDurable(moment: Moment, events: readonly Event[]): boolean {
    try {
      parts.append(moment, events);
      return true;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      parts.log.error({ code: error.code, cause: String(error.cause) }, error.message);
      return false;
    }
  }

  function waitForDeadline(moment: Moment): void {
    clearTimeout(timer);
    const deadline = nextDeadline(state);
    if (deadline === null) return;
    timer = setTimeout(
      () => submit({ kind: 'time-passed' }),
      Math.max(1, Math.ceil(deadline - moment.elapsedMs)),
    );
  }

  return {
    get state() {
      return state;
    },
    submit,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
