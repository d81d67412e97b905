import { limits } from '../../src/kernel/limits.js';
import type { Device } from './device.js';

/** After something happened the board is watched closely for this long: a debounce and its answer fit in. */
const attentiveMs = 60;

/**
 * Paces a machine to real time. A sleeping board costs next to nothing: it is brought up to date every few milliseconds,
 * and at once when the world touches it. When the computer was too slow or asleep, the lost time is skipped.
 */
export class RealTimeRunner {
  #startMs = 0;
  #attentiveUntilMs = 0;
  #timer: NodeJS.Timeout | null = null;
  #unsubscribe: (() => void) | null = null;
  #advancing = false;

  /** `nowMs` is a monotonic clock. */
  constructor(
    private readonly machine: Pick<Device, 'elapsedMs' | 'runUntil' | 'onSent'>,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  start(): void {
    if (this.#timer) return;
    this.#startMs = this.nowMs() - this.machine.elapsedMs;
    this.#unsubscribe = this.machine.onSent(() => this.#attend());
    this.#attend();
    this.#arm();
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#unsubscribe?.();
    this.#unsubscribe = null;
  }

  /** Does something to the board at the present moment: everything up to now has happened before it. */
  act<Value>(touch: () => Value): Value {
    this.#advance();
    const value = touch();
    this.#attend();
    if (this.#timer && !this.#advancing) this.#arm();
    return value;
  }

  #attend(): void {
    this.#attentiveUntilMs = this.nowMs() + attentiveMs;
  }

  #arm(): void {
    if (this.#timer) clearTimeout(this.#timer);
    const attentive = this.nowMs() < this.#attentiveUntilMs;
    const waitMs = attentive ? limits.emulatorBusyMs : limits.emulatorIdleMs;
    this.#timer = setTimeout(() => {
      this.#advance();
      if (this.#timer) this.#arm();
    }, waitMs);
  }

  #advance(): void {
    if (!this.#timer || this.#advancing) return;
    const lagMs = this.nowMs() - this.#startMs - this.machine.elapsedMs;
    if (lagMs > limits.emulatorLagMs) this.#startMs += lagMs - limits.emulatorLagMs;
    this.#advancing = true;
    try {
      this.machine.runUntil(this.nowMs() - this.#startMs);
    } finally {
      this.#advancing = false;
    }
  }
}
