import type { DoorState, PulseOutcome } from '../../../firmware-bridge/board/index.js';
import type { LockerNo } from '../../../src/kernel/ids.js';
import { limits } from '../../../src/kernel/limits.js';

/** What a trial is told: by the locker's board, by the technician, or by nobody but the clock. */
export type Happening =
  | { readonly kind: 'pulse'; readonly outcome: PulseOutcome }
  | { readonly kind: 'door'; readonly door: DoorState }
  | { readonly kind: 'chatter' }
  | { readonly kind: 'board-lost' }
  /** The technician sees the door open though the board does not. */
  | { readonly kind: 'said-open' }
  | { readonly kind: 'said-skip' }
  | { readonly kind: 'stop' };

/** How a trial ended. `ok` is the only good one. */
export type Result =
  | 'ok'
  | 'stands-open'
  | 'did-not-open'
  | 'did-not-close'
  | 'switch-silent'
  | 'switch-chatters'
  | 'refused'
  | 'unanswered'
  | 'board-lost'
  | 'skipped'
  | 'stopped';

/** What a trial waits for. */
export type Waiting = 'shut-first' | 'pulse' | 'open' | 'shut';

/** What was measured so far; null where it has not come to that. */
export interface Measures {
  /** How long the coil was on. */
  readonly pulseMs: number | null;
  /** From the coil going on to the door being seen open. */
  readonly openedMs: number | null;
  /** From then to the door being seen shut. */
  readonly closedMs: number | null;
}

/** What was found of one locker. */
export interface Finding extends Measures {
  readonly locker: LockerNo;
  readonly result: Result;
  /** Why the board refused. */
  readonly reason: string | null;
  /** Whether it was out of use and was put back. */
  readonly restored: boolean;
}

export interface TrialOptions {
  readonly locker: LockerNo;
  /** How long the technician may take to open and to shut the door; null: a pulse is all that is tried. */
  readonly waitMs: number | null;
  /** As the switch says before. */
  readonly door: DoorState;
  readonly chatters: boolean;
}

/** The trial of one locker: pulse, door seen opening, door seen shutting. Does no I/O; moments are of elapsed time. */
export class Trial {
  waiting: Waiting = 'pulse';
  /** When `timeIsUp` is to be called. */
  deadlineMs: number;
  readonly #options: TrialOptions;
  #door: DoorState;
  #result: Result | undefined;
  #reason: string | null = null;
  /** When the pulse was asked for, or better, accepted. */
  #pulsedAtMs: number;
  #openedAtMs: number | undefined;
  #measures: Measures = { pulseMs: null, openedMs: null, closedMs: null };

  constructor(options: TrialOptions, nowMs: number) {
    this.#options = options;
    this.#door = options.door;
    this.#pulsedAtMs = nowMs;
    this.deadlineMs = nowMs + limits.lockerTestPulseMs;
    if (options.waitMs === null) return;
    if (options.chatters) this.#result = 'switch-chatters';
    else if (options.door === 'open') this.#wait('shut-first', nowMs);
  }

  /** What was found; null while the trial goes on. */
  get finding(): Finding | null {
    if (this.#result === undefined) return null;
    return {
      locker: this.#options.locker,
      result: this.#result,
      reason: this.#reason,
      restored: false,
      ...this.#measures,
    };
  }

  get measures(): Measures {
    return this.#measures;
  }

  take(happening: Happening, nowMs: number): void {
    if (this.#result !== undefined) return;
    switch (happening.kind) {
      case 'pulse':
        this.#pulse(happening.outcome, nowMs);
        return;
      case 'door':
        this.#doorIs(happening.door, nowMs);
        return;
      case 'chatter':
        if (this.#options.waitMs !== null) this.#result = 'switch-chatters';
        return;
      case 'board-lost':
        this.#result = 'board-lost';
        return;
      case 'said-open':
        if (this.waiting === 'open') this.#result = 'switch-silent';
        return;
      case 'said-skip':
        this.#result = 'skipped';
        return;
      case 'stop':
        this.#result = 'stopped';
    }
  }

  timeIsUp(): void {
    const results = {
      'shut-first': 'stands-open',
      pulse: 'unanswered',
      // A switch that was never still is no witness that the door stayed shut.
      open: this.#door === 'unknown' ? 'switch-silent' : 'did-not-open',
      shut: 'did-not-close',
    } as const;
    this.#result ??= results[this.waiting];
  }

  #wait(waiting: Waiting, nowMs: number): void {
    this.waiting = waiting;
    if (waiting === 'pulse') this.#pulsedAtMs = nowMs;
    this.deadlineMs = nowMs + (waiting === 'pulse' ? limits.lockerTestPulseMs : (this.#options.waitMs ?? 0));
  }

  #pulse(outcome: PulseOutcome, nowMs: number): void {
    if (outcome.kind === 'accepted') {
      this.#pulsedAtMs = nowMs;
      return;
    }
    if (outcome.kind === 'refused') {
      this.#result = 'refused';
      this.#reason = outcome.reason;
      return;
    }
    if (outcome.kind === 'unanswered') {
      this.#result = 'unanswered';
      return;
    }
    this.#measures = { ...this.#measures, pulseMs: outcome.measuredMs };
    this.#goOn(nowMs);
  }

  #doorIs(door: DoorState, nowMs: number): void {
    this.#door = door;
    if (this.waiting === 'shut-first') {
      if (door === 'closed') this.#wait('pulse', nowMs);
      return;
    }
    const { openedMs, closedMs } = this.#measures;
    if (door === 'open' && openedMs === null) {
      this.#measures = { ...this.#measures, openedMs: nowMs - this.#pulsedAtMs };
      this.#openedAtMs = nowMs;
    }
    if (door === 'closed' && this.#openedAtMs !== undefined && closedMs === null) {
      this.#measures = { ...this.#measures, closedMs: nowMs - this.#openedAtMs };
    }
    this.#goOn(nowMs);
  }

  /** The next thing to wait for, once the pulse is over. */
  #goOn(nowMs: number): void {
    const { pulseMs, openedMs, closedMs } = this.#measures;
    if (pulseMs === null) return;
    if (this.#options.waitMs === null || closedMs !== null) this.#result = 'ok';
    else if (openedMs === null && this.waiting !== 'open') this.#wait('open', nowMs);
    else if (openedMs !== null && this.waiting !== 'shut') this.#wait('shut', nowMs);
  }
}
