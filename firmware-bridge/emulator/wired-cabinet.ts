import type { MegaBoard, MegaLocker } from '../../hardware/cabinet.js';
import {
  answer,
  type CabinetState,
  closeDoor,
  forceDoor,
  type HandOutcome,
  jamLatch,
  newCabinet,
  openDoor,
  type Placement,
  putBook,
  showLockers,
  switchRelay,
  takeBook,
} from './cabinet.js';
import type { PinLevel } from './io-port.js';
import type { Machine, Unsubscribe } from './machine.js';
import type { HandResult, LockerSnapshot } from './snapshot.js';

/**
 * A virtual cabinet wired to a board as a cabinet description says: relays follow the lock pins, the door pins follow the
 * switches. It lives in the board's time. Every method acts at the machine's present moment.
 */
export class WiredCabinet {
  #state: CabinetState;
  #told: CabinetState;
  /** When the next latch falls back by itself. */
  #nextLatchMs = Number.POSITIVE_INFINITY;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly machine: Machine,
    private readonly wiring: MegaBoard,
    placements: readonly Placement[] = [],
  ) {
    this.#state = newCabinet(
      wiring.lockers.map(({ locker }) => locker),
      placements,
    );
    this.#told = this.#state;
    const byLockPin = new Map(wiring.lockers.map((each) => [each.lockPin, each.locker]));
    machine.onPinChange((pin, level) => {
      const locker = byLockPin.get(pin);
      if (locker !== undefined) this.#switched(locker, level);
    });
    for (const each of wiring.lockers) {
      this.#driveSwitch(each);
      this.#switched(each.locker, machine.pinLevel(each.lockPin));
    }
    // A latch also falls back with time alone.
    machine.onRun(() => this.#tell());
  }

  /** Called after anything one can see has changed. */
  onChange(listener: () => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  lockers(): readonly LockerSnapshot[] {
    return showLockers(this.#state, this.machine.elapsedMs);
  }

  get hand(): readonly string[] {
    return this.#state.hand;
  }

  openDoor(locker: number): HandResult {
    return this.#hand(openDoor(this.#state, locker, this.machine.elapsedMs));
  }

  /** A crowbar, to test with: the door opens whatever its latch says. */
  forceDoor(locker: number): HandResult {
    return this.#hand(forceDoor(this.#state, locker));
  }

  closeDoor(locker: number): HandResult {
    return this.#hand(closeDoor(this.#state, locker));
  }

  takeBook(locker: number, item: string): HandResult {
    return this.#hand(takeBook(this.#state, locker, item));
  }

  putBook(locker: number, item: string): HandResult {
    return this.#hand(putBook(this.#state, locker, item));
  }

  /** A fault to test with: the latch does not answer its relay. */
  jamLatch(locker: number, stuck: boolean): void {
    this.#state = jamLatch(this.#state, locker, stuck);
    this.#tell();
  }

  #hand(outcome: HandOutcome): HandResult {
    if (outcome.ok) {
      this.#state = outcome.state;
      for (const each of this.wiring.lockers) this.#driveSwitch(each);
      this.#tell();
    }
    return answer(outcome);
  }

  #switched(locker: number, level: PinLevel): void {
    const on = level === (this.wiring.relays === 'active-high' ? 'high' : 'low');
    this.#state = switchRelay(this.#state, locker, on, this.machine.elapsedMs);
  }

  /** The switch connects its pin to ground; open, it leaves the pin to the board's pull-up. */
  #driveSwitch({ locker, doorPin, doorSwitch }: MegaLocker): void {
    const open = this.#state.lockers.some((each) => each.locker === locker && each.doorOpen);
    const closed = open === (doorSwitch === 'closed-when-open');
    this.machine.drivePin(doorPin, closed ? 'low' : 'released');
  }

  #tell(): void {
    const nowMs = this.machine.elapsedMs;
    if (this.#state === this.#told && nowMs < this.#nextLatchMs) return;
    this.#told = this.#state;
    const pending = this.#state.lockers.map((each) => each.freeUntilMs).filter((untilMs) => untilMs > nowMs);
    this.#nextLatchMs = Math.min(...pending);
    for (const listener of this.#listeners) listener();
  }
}
