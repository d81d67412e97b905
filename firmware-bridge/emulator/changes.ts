/** Lets any number of followers wait for the next change; one that is busy meanwhile sees several as one. */
export class Changes {
  readonly #waiting = new Set<() => void>();
  #followers = 0;

  get followers(): number {
    return this.#followers;
  }

  notify(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  /** Runs `report` now and after every change, one at a time, until `onLeave`'s callback is called. */
  async follow(onLeave: (leave: () => void) => void, report: () => Promise<void>): Promise<void> {
    let left = false;
    let wake: () => void = () => undefined;
    onLeave(() => {
      left = true;
      wake();
    });
    this.#followers++;
    try {
      while (!left) {
        // Waiting begins before the report, so that a change during it is not missed.
        const changed = new Promise<void>((resolve) => {
          wake = resolve;
          this.#waiting.add(resolve);
        });
        await report();
        await changed;
        this.#waiting.delete(wake);
      }
    } finally {
      this.#waiting.delete(wake);
      this.#followers--;
    }
  }
}
