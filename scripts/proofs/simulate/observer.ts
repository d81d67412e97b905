import type { Decision } from '../../../src/circulation/decision.js';
import type { Event } from '../../../src/circulation/event.js';
import type { Effect, Input } from '../../../src/circulation/input.js';
import type { State } from '../../../src/circulation/state.js';
import type { Journal } from '../../../src/journal/journal.js';
import type { Epoch } from '../../../src/kernel/ids.js';
import type { Moment } from '../../../src/kernel/time.js';
import type { KioskParts } from '../../../src/kiosk/kiosk.js';
import type { KioskPorts } from '../../../src/kiosk/wire-kiosk.js';

export type CheckPin = Extract<Effect, { kind: 'check-pin' }>;

/** Observes a kiosk from outside; each method is called at once. */
export interface Observer {
  /** The core was asked and answered; nothing of it is durable or done yet. */
  decided(before: State, input: Input, moment: Moment, decision: Decision): void;
  /** The events are durable, whatever happens next. */
  appended(moment: Moment, events: readonly Event[]): void;
  /** An effect is about to be done. */
  performing(effect: Effect): void;
  /** A step is complete. */
  stepped(state: State, moment: Moment): void;
  /** The journal was opened, as the last life left it. */
  booted(journal: Journal): void;
  /** The program begins, and knows nothing else. */
  began(state: State): void;
  /** The link moved the mark up to which the catalogue has stored the journal. */
  marked(epoch: Epoch, position: number): void;
  /** The journal began another epoch: what it has is sent again. */
  epochBegan(journal: Journal): void;
  /** A log line was written. */
  logged(fields: object): void;
}

/** Breaks a kiosk on purpose, from outside. */
export interface Breaker {
  /** The shell’s parts, as the wiring connects them. */
  parts(parts: KioskParts): KioskParts;
  /** What the kiosk is wired from. */
  ports(ports: KioskPorts): KioskPorts;
}

/** Breaks nothing. */
export const sound: Breaker = {
  parts: (parts) => parts,
  ports: (ports) => ports,
};
