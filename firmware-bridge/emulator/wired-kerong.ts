import { type KerongBoard, lockersOf } from '../../hardware/cabinet.js';
import { BoardLockers } from './board-lockers.js';
import { CabinetModel } from './cabinet-model.js';
import { KerongMachine, type KerongOptions } from './kerong-machine.js';

interface Chatter {
  readonly sinceMs: number;
  readonly everyMs: number;
}

/**
 * A Kerong board with the lockers that hang on it as its description says. Its locks have a hook and a spring: a pulse lets
 * go of the hook and the spring pushes the door ajar at once; shut, the hook holds it again. The status bit is the hook's.
 */
export class WiredKerong extends BoardLockers {
  readonly machine: KerongMachine;
  /** Lockers whose hook contact chatters. */
  readonly #chattering = new Map<number, Chatter>();
  readonly #lockerAt: ReadonlyMap<number, number>;

  /** `device` differs from the description in a test of a board that is not as described. */
  constructor(
    private readonly wiring: KerongBoard,
    model = new CabinetModel(lockersOf(wiring)),
    device: Partial<Omit<KerongOptions, 'hookBit'>> = {},
  ) {
    super({
      model,
      numbers: lockersOf(wiring),
      nowMs: () => this.machine.elapsedMs,
      onMoved: () => undefined,
    });
    const { dialect, address, lockers } = wiring;
    this.#lockerAt = new Map(lockers.map(({ lock, locker }) => [lock, locker]));
    this.machine = new KerongMachine({
      dialect,
      address,
      ...device,
      hookBit: (lock) => this.#hookBit(lock),
    });
    this.machine.onCoil((lock, on) => this.#switched(lock, on));
    this.machine.onRun(() => this.settle());
  }

  override chatter(locker: number, everyMs: number): void {
    this.#chattering.set(locker, { sinceMs: this.machine.elapsedMs, everyMs });
  }

  override quiet(locker: number): void {
    this.#chattering.delete(locker);
  }

  #switched(lock: number, on: boolean): void {
    const locker = this.#lockerAt.get(lock);
    if (locker === undefined) return;
    this.switchRelay(locker, on);
    if (on) this.openDoor(locker);
  }

  /** An output without a lock reads as an open contact does. */
  #hookBit(lock: number): boolean {
    const locker = this.#lockerAt.get(lock);
    if (locker === undefined) return false;
    const locked = this.of(locker)?.doorOpen !== true;
    return (locked !== this.#isReversed(locker)) === (this.wiring.hookBit === 'locked');
  }

  #isReversed(locker: number): boolean {
    const chatter = this.#chattering.get(locker);
    if (!chatter) return false;
    return Math.floor((this.machine.elapsedMs - chatter.sinceMs) / chatter.everyMs) % 2 === 0;
  }
}
