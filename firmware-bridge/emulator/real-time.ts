import { limits } from '../../src/kernel/limits.js';
import { type Cancel, realTimers, type Timers } from '../../src/kernel/wait.js';
import type { Device } from './device.js';

/** After an event the board is updated more often for this long: a debounce and its answer fit in. */
const busyMs = 60;

/**
 * Runs a device at the pace of a clock. An idle board costs almost no processor time: it is run up to the present every few
 * milliseconds, and at once before something acts on it. When the computer was too slow or asleep, the lost time is skipped.
 */
export class RealTimeRunner {
  #startMs = 0;
  #busyUntilMs = 0;
  #cancel: Cancel | null = null;
  #unsubscribe: (() => void) | null = null;
  #advancing = false;

  constructor(
    private readonly device: Pick<Device, 'elapsedMs' | 'runUntil' | 'onSent'>,
    private readonly timers: Timers = realTimers,
  ) {}

  start(): void {
    if (this.#cancel) return;
    this.#startMs = this.timers.nowMs - this.device.elapsedMs;
    this.#unsubscribe = this.device.onSent(() => this.#markBusy());
    this.#markBusy();
    this.#arm();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#unsubscribe?.();
    this.#unsubscribe = null;
  }

  /** Runs the board up to the present, then calls `touch`. */
  act<Value>(touch: () => Value): Value {
    this.#advance();
    const value = touch();
    this.#markBusy();
    if (this.#cancel && !this.#advancing) this.#arm();
    return value;
  }

  #markBusy(): void {
    this.#busyUntilMs = this.timers.nowMs + busyMs;
  }

  #arm(): void {
    this.#cancel?.();
    const isBusy = this.timers.nowMs < this.#busyUntilMs;
    this.#cancel = this.timers.wait(isBusy ? limits.emulatorBusyMs : limits.emulatorIdleMs, () => {
      this.#advance();
      if (this.#cancel) this.#arm();
    });
  }

  #advance(): void {
    if (!this.#cancel || this.#advancing) return;
    const lagMs = this.timers.nowMs - this.#startMs - this.device.elapsedMs;
    if (lagMs > limits.emulatorLagMs) this.#startMs += lagMs - limits.emulatorLagMs;
    this.#advancing = true;
    try {
      this.device.runUntil(this.timers.nowMs - this.#startMs);
    } finally {
      this.#advancing = false;
    }
  }
}
