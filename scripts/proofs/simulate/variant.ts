import type { decide } from '../../../src/circulation/decide.js';
import type { Decision } from '../../../src/circulation/decision.js';
import type { Event } from '../../../src/circulation/event.js';
import type { Input } from '../../../src/circulation/input.js';
import { applyEvent } from '../../../src/circulation/ledger-changes.js';
import type { State } from '../../../src/circulation/state.js';
import type { Journal } from '../../../src/journal/journal.js';
import type { Moment } from '../../../src/kernel/time.js';
import type { KioskParts } from '../../../src/kiosk/kiosk.js';
import { overriding } from '../support/stand-ins.js';
import { type Breaker, sound } from './check.js';

/** A kiosk broken on purpose in one way, to prove that a check can fail. */
export interface Variant {
  readonly name: string;
  readonly wrong: string;
  /** The check that must find it, all by itself. */
  readonly check: string;
  /** Created anew for each run: some have state. */
  create(): Breaker;
}

/** A shell that is broken in some of its parts. */
export const brokenParts = (change: (parts: KioskParts) => Partial<KioskParts>) => (): Breaker => ({
  ...sound,
  parts: (parts) => ({ ...parts, ...change(parts) }),
});

/** A kiosk whose journal is broken in some of its methods. */
export const brokenJournal = (change: (journal: Journal) => Partial<Journal>) => (): Breaker => ({
  ...sound,
  ports: (ports) => ({ ...ports, journal: overriding(ports.journal, change(ports.journal)) }),
});

/** A core that asks the sound one and spoils the answer. */
export const brokenAnswer = (
  spoil: (decision: Decision, before: State, input: Input, moment: Moment) => Decision,
) =>
  brokenParts((parts) => ({
    decide: (state, input, moment) => spoil(parts.decide(state, input, moment), state, input, moment),
  }));

/** A core that spoils the question before it asks the sound one. What is recorded is applied to the true ledger. */
export const brokenQuestion = (
  spoil: (ask: typeof decide, state: State, input: Input, moment: Moment) => Decision,
) =>
  brokenParts((parts) => ({
    decide: (state, input, moment) => {
      const decision = spoil(parts.decide, state, input, moment);
      return withEvents(decision, state, decision.events);
    },
  }));

/** `decision` with other events, so that memory and journal agree about them. */
export function withEvents(decision: Decision, before: State, events: readonly Event[]): Decision {
  const ledger = events.reduce(applyEvent, before.ledger);
  return { ...decision, events, state: { ...decision.state, ledger } };
}
