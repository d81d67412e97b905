import { TimerQueue } from '../../src/kernel/virtual-time.js';
import type { Cancel } from '../../src/kernel/wait.js';
import type { Device } from './device.js';
import { type KerongDialect, type Order, readOrder, requestBytesOf, statusFrame } from './kerong-protocol.js';
import { RxQueue } from './rx-queue.js';

/** 19 200 baud, 8N1. */
const byteMs = 10_000 / 19_200;
/** How long the board takes to turn the line round; not in the vendor's paper. */
const turnaroundMs = 2;
/** Silence after which half a request is forgotten; not in the vendor's paper either. */
const gapMs = 20;
/** How long the board holds a coil, by itself. */
export const coilMs = 500;
const violationsKept = 10;

export interface KerongOptions {
  readonly dialect: KerongDialect;
  /** What its address switches say. */
  readonly address: number;
  /** Some boards of CU16 are said to answer an unlock with their status. */
  readonly answersUnlock?: boolean;
  /** The status bit of a lock, as its contact is wired. */
  hookBit(lock: number): boolean;
}

/**
 * A Kerong lock board under virtual time, byte by byte: what does not fit its protocol is met with silence. Things that no
 * driver may do to it are done nevertheless, as the real board would, and written down as violations.
 */
export class KerongMachine implements Device {
  readonly uart = new RxQueue(() => this.#wake());
  #nowMs = 0;
  /** What the board itself is about to do; a reset forgets it. */
  #ownTimers = new TimerQueue();
  readonly #timers = new TimerQueue();
  #powered = true;
  #receiving = false;
  #partial: number[] = [];
  #heardMs = 0;
  #replyUntilMs = 0;
  readonly #coilsOn = new Set<number>();
  readonly #violations: string[] = [];
  readonly #sentListeners = new Set<(byte: number) => void>();
  readonly #runListeners = new Set<() => void>();
  readonly #coilListeners = new Set<(lock: number, on: boolean) => void>();

  constructor(private readonly options: KerongOptions) {}

  get elapsedMs(): number {
    return this.#nowMs;
  }

  get running(): boolean {
    return this.#powered;
  }

  /** What it was told that it should not have been; the first few. */
  get violations(): readonly string[] {
    return this.#violations;
  }

  runUntil(elapsedMs: number): void {
    for (;;) {
      const next = Math.min(this.#ownTimers.next, this.#timers.next);
      if (next > elapsedMs) break;
      this.#nowMs = Math.max(this.#nowMs, next);
      this.#ownTimers.fire(this.#nowMs);
      this.#timers.fire(this.#nowMs);
    }
    this.#nowMs = Math.max(this.#nowMs, elapsedMs);
    for (const listener of this.#runListeners) listener();
  }

  after(delayMs: number, act: () => void): Cancel {
    return this.#timers.add(this.#nowMs + delayMs, act);
  }

  onRun(listener: () => void): () => void {
    return subscribe(this.#runListeners, listener);
  }

  onSent(listener: (byte: number) => void): () => void {
    return subscribe(this.#sentListeners, listener);
  }

  /** Called when the board switches a coil; locks are numbered from 1. */
  onCoil(listener: (lock: number, on: boolean) => void): () => void {
    return subscribe(this.#coilListeners, listener);
  }

  reset(): void {
    this.#ownTimers = new TimerQueue();
    this.#receiving = false;
    this.#partial = [];
    this.#replyUntilMs = 0;
    for (const lock of [...this.#coilsOn]) this.#switch(lock, false);
  }

  powerOff(): void {
    this.#powered = false;
    this.reset();
    this.uart.clear();
  }

  powerOn(): void {
    this.#powered = true;
  }

  #wake(): void {
    if (!this.#powered) this.uart.clear();
    else if (!this.#receiving) this.#receiveNext();
  }

  #receiveNext(): void {
    this.#receiving = true;
    this.#plan(byteMs, () => {
      const byte = this.uart.take();
      this.#receiving = false;
      if (byte === undefined) return;
      this.#receiveNext();
      this.#hear(byte);
    });
  }

  #hear(byte: number): void {
    if (this.#nowMs < this.#replyUntilMs) {
      this.#violate('overlap: a byte came while the answer was due');
      return;
    }
    if (this.#nowMs - this.#heardMs > gapMs) this.#partial = [];
    this.#heardMs = this.#nowMs;
    this.#partial.push(byte);
    const whole = requestBytesOf(this.options.dialect);
    while (this.#partial.length >= whole) {
      const order = readOrder(this.options.dialect, this.options.address, this.#partial.slice(0, whole));
      this.#partial.splice(0, order ? whole : 1);
      if (order) this.#obey(order);
    }
  }

  #obey({ kind, locks, everyone }: Order): void {
    if (everyone) this.#violate(`open-all: ${kind} for everyone`);
    if (kind === 'status') {
      this.#reply();
      return;
    }
    for (const lock of locks) this.#energise(lock);
    if (this.options.answersUnlock) this.#reply();
  }

  #energise(lock: number): void {
    if (this.#coilsOn.size > 0) this.#violate(`two-coils: lock ${lock} while another was on`);
    this.#switch(lock, true);
    this.#plan(coilMs, () => this.#switch(lock, false));
  }

  #switch(lock: number, on: boolean): void {
    if (this.#coilsOn.has(lock) === on) return;
    if (on) this.#coilsOn.add(lock);
    else this.#coilsOn.delete(lock);
    for (const listener of this.#coilListeners) listener(lock, on);
  }

  #reply(): void {
    const { dialect, address, hookBit } = this.options;
    const bytes = statusFrame(dialect, address, hookBit);
    this.#replyUntilMs = this.#nowMs + turnaroundMs + bytes.length * byteMs;
    for (const [index, byte] of bytes.entries()) {
      this.#plan(turnaroundMs + (index + 1) * byteMs, () => {
        for (const listener of this.#sentListeners) listener(byte);
      });
    }
  }

  #plan(delayMs: number, act: () => void): void {
    this.#ownTimers.add(this.#nowMs + delayMs, act);
  }

  #violate(what: string): void {
    if (this.#violations.length < violationsKept) this.#violations.push(what);
  }
}

function subscribe<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
