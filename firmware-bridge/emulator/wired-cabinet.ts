import { lockersOf, type MegaBoard, type MegaLocker } from '../../hardware/cabinet.js';
import { BoardLockers } from './board-lockers.js';
import type { Placement } from './cabinet.js';
import { CabinetModel } from './cabinet-model.js';
import type { LockerHands } from './emulated-board.js';
import type { PinLevel } from './io-port.js';
import type { Machine, Unsubscribe } from './machine.js';
import type { HandResult, LockerSnapshot } from './snapshot.js';

interface Chatter {
  /** The switch says the opposite of its door just now. */
  readonly reversed: boolean;
  stop(): void;
}

/**
 * The lockers of a cabinet that are wired to one Mega as its description says: relays follow the lock pins, the pins of
 * doors and items follow the switches. It lives in the board's time. Every method acts at the machine's present moment.
 */
export class WiredCabinet implements LockerHands {
  readonly #lockers: BoardLockers;
  /** Lockers whose door switch chatters. */
  readonly #chattering = new Map<number, Chatter>();

  /** `placements`: where the books are, or the model of a cabinet that has more boards. */
  constructor(
    private readonly machine: Machine,
    private readonly wiring: MegaBoard,
    placements: readonly Placement[] | CabinetModel = [],
  ) {
    const lockers = lockersOf(wiring);
    const model = placements instanceof CabinetModel ? placements : new CabinetModel(lockers, placements);
    this.#lockers = new BoardLockers({
      model,
      lockers,
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
    machine.onRun(() => this.#lockers.settle());
  }

  /** Called after anything one can see has changed. */
  onChange(listener: () => void): Unsubscribe {
    return this.#lockers.onChange(listener);
  }

  has(locker: number): boolean {
    return this.#lockers.has(locker);
  }

  lockers(): readonly LockerSnapshot[] {
    return this.#lockers.shown();
  }

  get hand(): readonly string[] {
    return this.#lockers.hand;
  }

  openDoor(locker: number): HandResult {
    return this.#lockers.openDoor(locker);
  }

  /** A crowbar, to test with: the door opens whatever its latch says. */
  forceDoor(locker: number): HandResult {
    return this.#lockers.forceDoor(locker);
  }

  closeDoor(locker: number): HandResult {
    return this.#lockers.closeDoor(locker);
  }

  takeBook(locker: number, item: string): HandResult {
    return this.#lockers.takeBook(locker, item);
  }

  putBook(locker: number, item: string): HandResult {
    return this.#lockers.putBook(locker, item);
  }

  /** A fault to test with: the latch does not answer its relay. */
  jamLatch(locker: number, stuck: boolean): void {
    this.#lockers.jamLatch(locker, stuck);
  }

  /** A fault to test with: the door switch turns over every `everyMs` of the board's time, whatever the door does. */
  chatter(locker: number, everyMs: number): void {
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

  /** Ends the chatter: the switch follows its door again. */
  quiet(locker: number): void {
    this.#chattering.get(locker)?.stop();
    this.#chattering.delete(locker);
    this.#driveSwitches();
  }

  #switched(locker: number, level: PinLevel): void {
    const on = level === (this.wiring.relays === 'active-high' ? 'high' : 'low');
    this.#lockers.switchRelay(locker, on);
  }

  #driveSwitches(): void {
    for (const each of this.wiring.lockers) {
      this.#driveDoorSwitch(each);
      this.#driveItemSwitch(each);
    }
  }

  #driveDoorSwitch({ locker, doorPin, doorSwitch }: MegaLocker): void {
    const open = this.#lockers.of(locker)?.doorOpen === true;
    const closed = open === (doorSwitch === 'closed-when-open');
    const reversed = this.#chattering.get(locker)?.reversed === true;
    this.#drive(doorPin, closed !== reversed);
  }

  #driveItemSwitch({ locker, itemPin, itemSwitch }: MegaLocker): void {
    if (itemPin === undefined) return;
    const present = this.#lockers.of(locker)?.item !== null;
    this.#drive(itemPin, present === (itemSwitch === 'closed-when-present'));
  }

  /** A switch connects its pin to ground; open, it leaves the pin to the board's pull-up. */
  #drive(pin: number, closed: boolean): void {
    this.machine.drivePin(pin, closed ? 'low' : 'released');
  }
}
