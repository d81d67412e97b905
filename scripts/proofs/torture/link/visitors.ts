import { type LockerNo, passId, patronId } from '../../../../src/kernel/ids.js';
import type { Kiosk } from '../../../../src/kiosk/kiosk.js';
import type { Random } from '../../support/random.js';
import { lockers } from './names.js';

/** Residents who borrow, and bring back what they find; they open and shut every door that is unlocked. */
export class Visitors {
  #unlocked: LockerNo[] = [];
  #left = false;

  constructor(
    private readonly kiosk: Kiosk,
    private readonly random: Random,
  ) {}

  /** A lock was released; somebody opens the door in a moment, and shuts it. */
  unlocked(locker: LockerNo): void {
    this.#unlocked.push(locker);
    setImmediate(() => this.#useDoors());
  }

  /** One visit from beginning to end. */
  visit(): void {
    const { kiosk, random } = this;
    const loans = [...kiosk.state.ledger.loans.keys()];
    if (loans.length > 0 && random.chance(0.5)) {
      kiosk.submit({ kind: 'item-shown', item: random.pick(loans) });
    } else {
      const [patron, pass] = [patronId(this.#hex('a')), passId(this.#hex('0'))];
      kiosk.submit({ kind: 'pass-shown', holder: { patron, age: 'adult', pass, grant: null } });
      kiosk.submit({ kind: 'locker-chosen', locker: random.pick(lockers) });
    }
    this.#useDoors();
    kiosk.submit({ kind: 'cancelled' });
  }

  /** So many visits, as fast as they can be. */
  rush(times: number): void {
    if (times === 0 || this.#left) return;
    this.visit();
    setImmediate(() => this.rush(times - 1));
  }

  /** Nobody rushes in any more. */
  leave(): void {
    this.#left = true;
  }

  #useDoors(): void {
    const doors = this.#unlocked;
    this.#unlocked = [];
    for (const locker of doors) {
      this.kiosk.submit({ kind: 'door', locker, door: 'open' });
      this.kiosk.submit({ kind: 'door', locker, door: 'closed' });
    }
  }

  #hex(filler: string): string {
    return this.random
      .between(1, 1 << 30)
      .toString(16)
      .padStart(16, filler);
  }
}
