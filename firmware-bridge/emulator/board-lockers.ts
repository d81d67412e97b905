import {
  closeDoor,
  forceDoor,
  jamLatch,
  openDoor,
  putBook,
  showLockers,
  switchRelay,
  takeBook,
  type VirtualLocker,
} from './cabinet.js';
import type { CabinetModel } from './cabinet-model.js';
import type { HandResult, LockerSnapshot } from './snapshot.js';

export interface BoardLockersOptions {
  readonly model: CabinetModel;
  /** The doors that hang on this board. */
  readonly numbers: readonly number[];
  /** The board's own time. */
  nowMs(): number;
  /** Called after every change of a door or a book, to update the switches. */
  onMoved(): void;
}

/** The lockers of one board and what a person can do with them, in the board's time; every method acts at its present moment. */
export abstract class BoardLockers {
  /** When the next latch locks by timeout. */
  #nextLatchMs = Number.POSITIVE_INFINITY;
  #changed = false;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly options: BoardLockersOptions) {
    options.model.onChange(() => {
      this.#changed = true;
      options.onMoved();
    });
  }

  /** Calls `listener` after each visible change: of a person at once, of the board when `settle` is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  has(locker: number): boolean {
    return this.options.numbers.includes(locker);
  }

  lockers(): readonly LockerSnapshot[] {
    return showLockers(this.options.model.state, this.options.nowMs()).filter(({ locker }) =>
      this.has(locker),
    );
  }

  protected of(locker: number): VirtualLocker | undefined {
    return this.options.model.state.lockers.find((each) => each.locker === locker);
  }

  get hand(): readonly string[] {
    return this.options.model.state.hand;
  }

  openDoor(locker: number): HandResult {
    const { model, nowMs } = this.options;
    return this.#hand(() => model.take(openDoor(model.state, locker, nowMs())));
  }

  /** Test fault: the door opens although it is latched. */
  forceDoor(locker: number): HandResult {
    const { model } = this.options;
    return this.#hand(() => model.take(forceDoor(model.state, locker)));
  }

  closeDoor(locker: number): HandResult {
    const { model } = this.options;
    return this.#hand(() => model.take(closeDoor(model.state, locker)));
  }

  takeBook(locker: number, item: string): HandResult {
    const { model } = this.options;
    return this.#hand(() => model.take(takeBook(model.state, locker, item)));
  }

  putBook(locker: number, item: string): HandResult {
    const { model } = this.options;
    return this.#hand(() => model.take(putBook(model.state, locker, item)));
  }

  /** Test fault: the latch does not follow its relay. */
  jamLatch(locker: number, stuck: boolean): void {
    const { model } = this.options;
    this.#hand(() => model.become(jamLatch(model.state, locker, stuck)));
  }

  /** The board switched a relay. */
  protected switchRelay(locker: number, on: boolean): void {
    const { model, nowMs } = this.options;
    model.become(switchRelay(model.state, locker, on, nowMs()));
  }

  /** Test fault: the door's switch toggles every `everyMs` of the board's time, whatever the door does. */
  abstract chatter(locker: number, everyMs: number): void;

  /** Ends the chatter: the switch follows its door again. */
  abstract quiet(locker: number): void;

  /** Calls the listeners if anything has changed since the last call, also a latch that locked by timeout. */
  protected settle(): void {
    const nowMs = this.options.nowMs();
    if (!this.#changed && nowMs < this.#nextLatchMs) return;
    this.#changed = false;
    const pending = this.options.model.state.lockers
      .filter(({ locker, freeUntilMs }) => this.has(locker) && freeUntilMs > nowMs)
      .map(({ freeUntilMs }) => freeUntilMs);
    this.#nextLatchMs = Math.min(...pending);
    for (const listener of this.#listeners) listener();
  }

  #hand<Value>(act: () => Value): Value {
    const value = act();
    if (this.#changed) this.settle();
    return value;
  }
}
