import { answer, type CabinetState, type HandOutcome, newCabinet, type Placement } from './cabinet.js';
import type { HandResult } from './snapshot.js';

/** The present state of a cabinet, which its boards share: books go from one board's lockers to another's. */
export class CabinetModel {
  #state: CabinetState;
  readonly #listeners = new Set<() => void>();

  constructor(lockers: readonly number[], placements: readonly Placement[] = []) {
    this.#state = newCabinet(lockers, placements);
  }

  get state(): CabinetState {
    return this.#state;
  }

  /** Called after each change. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  become(state: CabinetState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  /** Adopts the outcome of an action. */
  take(outcome: HandOutcome): HandResult {
    if (outcome.ok) this.become(outcome.state);
    return answer(outcome);
  }
}
