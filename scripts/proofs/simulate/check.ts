import type { Decision } from '../../../src/circulation/decision.js';
import type { Event } from '../../../src/circulation/event.js';
import type { Effect, Input, Unlock } from '../../../src/circulation/input.js';
import type { State } from '../../../src/circulation/state.js';
import type { Journal } from '../../../src/journal/journal.js';
import type { Epoch } from '../../../src/kernel/ids.js';
import type { Moment } from '../../../src/kernel/time.js';
import type { KioskParts } from '../../../src/kiosk/kiosk.js';
import type { KioskPorts } from '../../../src/kiosk/wire-kiosk.js';
import type { ShownPass } from './phone.js';

/** Something that must never happen has happened. */
export class Violation extends Error {
  override readonly name = 'Violation';

  constructor(
    readonly check: string,
    message: string,
  ) {
    super(message);
  }
}

/** One decision of the core, as `decide` was asked and answered; nothing of it is durable or done yet. */
export interface Decided {
  readonly before: State;
  readonly input: Input;
  readonly moment: Moment;
  readonly decision: Decision;
}

/** Watches one kiosk for one promise; throws a `Violation` when it is broken. Each hook is called at once. */
export interface Check {
  decided?(decided: Decided): void;
  /** Events became durable, all of one step; the ground truth does not have them yet. */
  recording?(events: readonly Event[]): void;
  /** The same one by one, each before the ground truth has it. */
  recorded?(event: Event): void;
  /** Events became durable, all of one step. */
  appended?(events: readonly Event[], moment: Moment): void;
  unlocking?(effect: Unlock): void;
  checkingPin?(effect: Extract<Effect, { kind: 'check-pin' }>): void;
  /** A pass was held before the reader: what it really is, and what the edge made of it. */
  scanned?(pass: ShownPass, input: Input, believed: Moment): void;
  /** A step is complete: the shell waits for the next input. */
  stepped?(state: State, moment: Moment): void;
  /** The journal was opened, as the last run of the program left it. */
  booted?(journal: Journal): void;
  began?(state: State): void;
  /** The link moved the mark up to which the catalogue has stored the journal. */
  marked?(epoch: Epoch, position: number): void;
  /** The journal began another epoch: what it has is sent again. */
  epochBegan?(journal: Journal): void;
  logged?(fields: object): void;
  /** All faults are over, everybody has left, and time enough has passed. */
  atRest?(): void;
}

type Hooks = 'stepped' | 'booted' | 'began' | 'marked' | 'epochBegan' | 'logged';

/** Observes a kiosk from outside, some of it with the hooks of checks; each method is called at once. */
export interface Observer extends Required<Pick<Check, Hooks>> {
  /** The core was asked and answered; nothing of it is durable or done yet. */
  decided(before: State, input: Input, moment: Moment, decision: Decision): void;
  /** The events are durable, whatever happens next. */
  appended(moment: Moment, events: readonly Event[]): void;
  performing(effect: Effect): void;
}

/** Breaks a kiosk on purpose, from outside. */
export interface Breaker {
  /** The shell’s parts, as the wiring connects them. */
  parts(parts: KioskParts): KioskParts;
  ports(ports: KioskPorts): KioskPorts;
}

/** Breaks nothing. */
export const sound: Breaker = {
  parts: (parts) => parts,
  ports: (ports) => ports,
};
