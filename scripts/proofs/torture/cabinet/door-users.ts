import type { Random } from '../../support/random.js';
import { sleep } from '../../support/wait.js';
import type { TorturedBoard } from './tortured-board.js';

/** A resident who has pulled at a door for so long has understood that it does not open. */
const pullMs = 2_500;
const pullEveryMs = 40;
/** Kept open for longer than the kiosk waits. */
const forgottenMs = { from: 3_500, to: 6_000 };

/** Whoever walks away from a door stays away for all tries to open it. */
const walkedAwayMs = 9_000;

/** Residents at the doors: they see which latch is released, and do what residents do. */
export class DoorUsers {
  /** The book that somebody brings back just now. */
  bringing: string | null = null;
  readonly #busy = new Map<number, Promise<void>>();

  readonly #deserted = new Map<number, number>();

  /** `sayStuck` taps on the screen that the door does not open. */
  constructor(
    private readonly board: TorturedBoard,
    private readonly random: Random,
    private readonly signal: AbortSignal,
    private readonly sayStuck: () => void,
  ) {
    board.onUnlock((locker) => this.#unlocked(locker));
  }

  /** Resolves when nobody uses a door. */
  async rest(): Promise<void> {
    await Promise.all(this.#busy.values());
  }

  #unlocked(locker: number): void {
    if (this.signal.aborted || this.#busy.has(locker)) return;
    const use = this.#use(locker).finally(() => this.#busy.delete(locker));
    this.#busy.set(locker, use);
  }

  async #use(locker: number): Promise<void> {
    const { random, signal } = this;
    if ((this.#deserted.get(locker) ?? 0) > performance.now()) return;
    if (random.chance(0.05)) this.#deserted.set(locker, performance.now() + walkedAwayMs);
    if (random.chance(0.1)) return;
    await sleep(random.between(30, 500), signal);
    if (!(await this.#pull(locker))) return;
    if (random.chance(0.06)) {
      // Slammed at once, perhaps within the board's debounce time.
      await sleep(random.between(1, 60), signal);
    } else {
      await sleep(random.between(60, 400), signal);
      if (random.chance(0.9)) this.#moveBook(locker);
      const forgets = random.chance(0.08);
      await sleep(
        forgets ? random.between(forgottenMs.from, forgottenMs.to) : random.between(60, 500),
        signal,
      );
    }
    this.board.act(() => this.board.cabinet.closeDoor(locker));
  }

  /** Pulls until the door is open; false when it stays shut. */
  async #pull(locker: number): Promise<boolean> {
    const endMs = performance.now() + pullMs;
    if (this.random.chance(0.03)) this.sayStuck();
    while (!this.signal.aborted && performance.now() < endMs) {
      const { ok } = this.board.act(() => this.board.cabinet.openDoor(locker));
      if (ok) return true;
      await sleep(pullEveryMs, this.signal);
    }
    if (!this.signal.aborted && this.random.chance(0.5)) this.sayStuck();
    return false;
  }

  #moveBook(locker: number): void {
    const { cabinet } = this.board;
    const inside = cabinet.lockers().find((each) => each.locker === locker)?.item ?? null;
    if (inside !== null) this.board.act(() => cabinet.takeBook(locker, inside));
    else if (this.bringing !== null) {
      const { bringing } = this;
      this.board.act(() => cabinet.putBook(locker, bringing));
    }
  }
}
