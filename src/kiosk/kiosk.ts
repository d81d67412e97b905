import { nextDeadline } from '../circulation/deadlines.js';
import type { decide } from '../circulation/decide.js';
import type { Event } from '../circulation/event.js';
import type { Effect, Input } from '../circulation/input.js';
import type { State } from '../circulation/state.js';
import { assert } from '../kernel/assert.js';
import { Fault } from '../kernel/faults.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import type { Clock, Moment } from '../kernel/time.js';
import type { Cancel, Wait } from '../kernel/wait.js';

/** The parts that the shell carries out the core’s decisions with. */
export interface KioskParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Makes `events` durable before it returns; throws `journal.write` when it cannot. */
  append(moment: Moment, events: readonly Event[]): void;
  /** Performs one effect; called only after the step's events are durable. */
  perform(effect: Effect): void;
  /** Called after each step with the new state and whether the journal grew. */
  onStep(state: State, moment: Moment, journalGrew: boolean): void;
  readonly wait: Wait;
  /** The core. */
  readonly decide: typeof decide;
}

/**
 * The imperative shell: one queue of inputs → the core → the journal → effects, in that order. The queue exists before
 * the parts do, because some parts submit inputs to it.
 */
export class Kiosk {
  #state: State;
  #parts: KioskParts | null = null;
  #cancelWait: Cancel = () => undefined;
  #isDraining = false;
  #isClosed = false;
  readonly #queue: Input[] = [];

  constructor(initial: State) {
    this.#state = initial;
  }

  get state(): State {
    return this.#state;
  }

  /** Decides the queued inputs, and from now on each input as it is submitted. To be called once. */
  start(parts: KioskParts): void {
    assert(this.#parts === null, 'a kiosk is started once');
    this.#parts = parts;
    this.#drain(parts);
  }

  /** Queues one input for the core; inputs are decided strictly one after another, the first when the kiosk has started. */
  submit(input: Input): void {
    if (this.#isClosed) return;
    assert(this.#queue.length < limits.inputQueueLength, 'inputs are decided faster than they arrive');
    this.#queue.push(input);
    // An effect may submit an input at once; it is decided after this step.
    if (this.#parts && !this.#isDraining) this.#drain(this.#parts);
  }

  /** Cancels the deadline; later inputs are ignored. */
  close(): void {
    this.#isClosed = true;
    this.#cancelWait();
  }

  #drain(parts: KioskParts): void {
    this.#isDraining = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) this.#step(parts, next);
    } finally {
      this.#isDraining = false;
    }
  }

  #step(parts: KioskParts, input: Input): void {
    const moment = parts.clock.now();
    const { state, events, effects } = parts.decide(this.#state, input, moment);
    if (events.length > 0 && !tryAppend(parts, moment, events)) {
      // Observations of doors and boards are kept: they are facts, not decisions.
      const { boards, doors, lastClosedAt, items, chattering } = state;
      this.#state = { ...this.#state, boards, doors, lastClosedAt, items, chattering };
      this.#step(parts, { kind: 'journal-failed' });
      return;
    }
    this.#state = state;
    for (const effect of effects) parts.perform(effect);
    this.#waitForDeadline(parts.wait, moment);
    parts.onStep(state, moment, events.length > 0);
  }

  #waitForDeadline(wait: Wait, { elapsedMs }: Moment): void {
    this.#cancelWait();
    const deadline = nextDeadline(this.#state);
    if (deadline === null) return;
    const waitMs = Math.max(1, Math.ceil(deadline - elapsedMs));
    this.#cancelWait = wait(waitMs, () => this.submit({ kind: 'time-passed' }));
  }
}

/** Appends `events` to the journal; returns whether that succeeded, and logs a failure. */
function tryAppend({ append, log }: KioskParts, moment: Moment, events: readonly Event[]): boolean {
  try {
    append(moment, events);
    return true;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    log.error({ code: error.code, cause: String(error.cause) }, error.message);
    return false;
  }
}
