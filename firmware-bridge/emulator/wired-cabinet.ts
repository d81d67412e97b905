import { lockersOf, type MegaBoard, type MegaLocker } from '../../hardware/cabinet.js';
import { BoardLockers } from './board-lockers.js';
import type { Placement } from './cabinet.js';
import { CabinetModel } from './cabinet-model.js';
import type { PinLevel } from './io-port.js';
import type { Machine } from './machine.js';

interface Chatter {
  /** The switch says the opposite of its door just now. */
  readonly reversed: boolean;
  stop(): void;
}

/**
 * The lockers of a cabinet that are wired to one Mega as its description says: relays follow the lock pins, the pins of
 * doors and items follow the switches. It lives in the board's time. Every method acts at the machine's present moment.
 */
export class WiredCabinet extends BoardLockers {
  /** Lockers whose door switch chatters. */
  readonly #chattering = new Map<number, Chatter>();

  /** `placements`: where the books are, or the model of a cabinet that has more boards. */
  constructor(
    private readonly machine: Machine,
    private readonly wiring: MegaBoard,
    placements: readonly Placement[] | CabinetModel = [],
  ) {
    const numbers = lockersOf(wiring);
    super({
      model: placements instanceof CabinetModel ? placements : new CabinetModel(numbers, placements),
      numbers,
      nowMs: () => machine.elapsedMs,
      onMoved: () => this.#driveSwitches(),
    });
    const byLockPin = new Map(wiring.lockers.map((each) => [each.lockPin, each.locker]));
    machine.onPinChange((pin, level) => {
      const locker = byLockPin.get(pin);
      if (locker !== undefined) this.#switched(locker, level);
    });
    this.#driveSwitches();
    for (const { locker, lockPin } of wiring.lockers) this.#switched(locker, machine.pinLevel(lockPin));
    // A latch also falls back with time alone.
    machine.onRun(() => this.settle());
  }

  override chatter(locker: number, everyMs: number): void {
    this.quiet(locker);
    const each = this.wiring.lockers.find((wired) => wired.locker === locker);
    if (!each) return;
    const turn = (reversed: boolean) => {
      const stop = this.machine.after(everyMs, () => turn(!reversed));
      this.#chattering.set(locker, { reversed, stop });
      this.#driveDoorSwitch(each);
    };
    turn(true);
  }

  override quiet(locker: number): void {
    this.#chattering.get(locker)?.stop();
    this.#chattering.delete(locker);
    this.#driveSwitches();
  }

  #switched(locker: number, level: PinLevel): void {
    const on = level === (this.wiring.relays === 'active-high' ? 'high' : 'low');
    this.switchRelay(locker, on);
  }

  #driveSwitches(): void {
    for (const each of this.wiring.lockers) {
      this.#driveDoorSwitch(each);
      this.#driveItemSwitch(each);
    }
  }

  #driveDoorSwitch({ locker, doorPin, doorSwitch }: MegaLocker): void {
    const open = this.of(locker)?.doorOpen === true;
    const closed = open === (doorSwitch === 'closed-when-open');
    const reversed = this.#chattering.get(locker)?.reversed === true;
    this.#drive(doorPin, closed !== reversed);
  }

  #driveItemSwitch({ locker, itemPin, itemSwitch }: MegaLocker): void {
    if (itemPin === undefined) return;
    const present = this.of(locker)?.item !== null;
    this.#drive(itemPin, present === (itemSwitch === 'closed-when-present'));
  }

  /** A switch connects its pin to ground; open, it leaves the pin to the board's pull-up. */
  #drive(pin: number, closed: boolean): void {
    this.machine.drivePin(pin, closed ? 'low' : 'released');
  }
}
