import { nextDeadline } from '../circulation/deadlines.js';
import { decide } from '../circulation/decide.js';
import type { Event } from '../circulation/event.js';
import type { Effect, Input } from '../circulation/input.js';
import type { State } from '../circulation/state.js';
import { assert } from '../kernel/assert.js';
import { Fault } from '../kernel/faults.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import type { Clock, Moment } from '../kernel/time.js';
import { type Cancel, realWait, type Wait } from '../kernel/wait.js';

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
  /** Overrides the machine's timers, where time is simulated. */
  readonly wait?: Wait;
  /** Stands in for the core: whoever simulates a kiosk watches it, or breaks it. */
  readonly decide?: typeof decide;
}

/** The imperative shell: one queue of inputs → the core → the journal → effects, in that order. */
export class Kiosk {
  #state: State;
  #cancelWait: Cancel = () => undefined;
  #busy = false;
  #closed = false;
  readonly #queue: Input[] = [];

  constructor(
    initial: State,
    private readonly parts: KioskParts,
  ) {
    this.#state = initial;
  }

  get state(): State {
    return this.#state;
  }

  /** Hands one input to the core; inputs are decided strictly one after another. */
  submit(input: Input): void {
    if (this.#closed) return;
    assert(this.#queue.length < limits.inputQueueLength, 'inputs are decided faster than they arrive');
    this.#queue.push(input);
    // An effect may report back at once; its input waits until this step is complete.
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) this.#step(next);
    } finally {
      this.#busy = false;
    }
  }

  /** Stops waiting; later inputs are ignored. */
  close(): void {
    this.#closed = true;
    this.#cancelWait();
  }

  #step(input: Input): void {
    const { clock, onStep, decide: judge = decide } = this.parts;
    const moment = clock.now();
    const { state, events, effects } = judge(this.#state, input, moment);
    if (events.length > 0 && !this.#isDurable(moment, events)) {
      // What was seen stays seen: doors are facts of the world, not decisions.
      const { boards, doors, lastClosedAt: shutAt, items, chattering } = state;
      this.#state = { ...this.#state, boards, doors, lastClosedAt: shutAt, items, chattering };
      this.#step({ kind: 'journal-failed' });
      return;
    }
    this.#state = state;
    for (const effect of effects) this.parts.perform(effect);
    this.#waitForDeadline(moment);
    onStep(state, moment, events.length > 0);
  }

  #isDurable(moment: Moment, events: readonly Event[]): boolean {
    try {
      this.parts.append(moment, events);
      return true;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.parts.log.error({ code: error.code, cause: String(error.cause) }, error.message);
      return false;
    }
  }

  #waitForDeadline({ elapsedMs }: Moment): void {
    this.#cancelWait();
    const deadline = nextDeadline(this.#state);
    if (deadline === null) return;
    const waitMs = Math.max(1, Math.ceil(deadline - elapsedMs));
    const { wait = realWait } = this.parts;
    this.#cancelWait = wait(waitMs, () => this.submit({ kind: 'time-passed' }));
  }
}
