/** Takes an alarm back. */
export type Cancel = () => void;

interface Alarm {
  readonly at: number;
  readonly ring: () => void;
}

/** What shall happen at moments of a machine's own time, in whichever unit the machine counts it. */
export class Alarms {
  /** In the order they ring. */
  #alarms: Alarm[] = [];

  /** When the next one rings; infinite when there is none. */
  get next(): number {
    return this.#alarms[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Rings once at that moment, after those set for it earlier. */
  set(at: number, ring: () => void): Cancel {
    const alarm = { at, ring };
    const later = this.#alarms.findIndex((each) => each.at > at);
    this.#alarms.splice(later < 0 ? this.#alarms.length : later, 0, alarm);
    return () => {
      this.#alarms = this.#alarms.filter((each) => each !== alarm);
    };
  }

  /** Rings all that are due at `now`. */
  ring(now: number): void {
    while (this.next <= now) this.#alarms.shift()?.ring();
  }
}
