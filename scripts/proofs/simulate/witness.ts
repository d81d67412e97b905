import type { Decision } from '../../../src/circulation/decision.js';
import type { Event } from '../../../src/circulation/event.js';
import type { Answer, Effect, Input, Unlock } from '../../../src/circulation/input.js';
import type { State } from '../../../src/circulation/state.js';
import type { Journal } from '../../../src/journal/journal.js';
import type { Epoch } from '../../../src/kernel/ids.js';
import type { Moment } from '../../../src/kernel/time.js';
import type { KioskParts } from '../../../src/kiosk/kiosk.js';
import type { LinkOptions } from '../../../src/link/link.js';

export type CheckPin = Extract<Effect, { kind: 'check-pin' }>;

/** Whoever watches a kiosk from outside; told of each thing at once. */
export interface Witness {
  /** The core was asked and answered; nothing of it is durable or done yet. */
  decided(before: State, input: Input, moment: Moment, decision: Decision): void;
  /** The events are durable, whatever happens next. */
  appended(moment: Moment, events: readonly Event[]): void;
  /** A lock is about to be released. */
  unlocking(effect: Unlock): void;
  /** A PIN is about to be looked at. */
  checkingPin(effect: CheckPin): void;
  /** The catalogue is told what became of a command. */
  answered(effect: Answer): void;
  /** A step is complete. */
  stepped(state: State, moment: Moment): void;
  /** The journal was opened, as the last life left it. */
  booted(journal: Journal): void;
  /** The program begins, and knows nothing else. */
  began(state: State): void;
  /** The link moved the mark up to which the catalogue has stored the journal. */
  marked(epoch: Epoch, position: number): void;
  /** The journal began another epoch: what it has is told anew. */
  epochBegan(journal: Journal): void;
  /** A log line was written. */
  logged(fields: object): void;
}

/** Breaks a kiosk on purpose, from outside. */
export interface Breaker {
  parts(parts: Required<KioskParts>): Required<KioskParts>;
  /** What the program believes when it begins. */
  begin(state: State): State;
  link(options: LinkOptions): LinkOptions;
  /** Does a piece of the journal’s housekeeping by `really`; true while there is more. */
  tidy(really: () => boolean): boolean;
}

/** Breaks nothing. */
export const sound: Breaker = {
  parts: (parts) => parts,
  begin: (state) => state,
  link: (options) => options,
  tidy: (really) => really(),
};
