import type { CabinetBoards } from '../../../../firmware-bridge/board/index.js';
import { type BoardId, type LockerNo, passId, patronId } from '../../../../src/kernel/ids.js';
import type { Kiosk } from '../../../../src/kiosk/kiosk.js';
import type { KioskPorts } from '../../../../src/kiosk/wire-kiosk.js';
import type { Random } from '../../support/random.js';
import { lockers } from './street-setup.js';

/** The doors of one board: each that is unlocked is opened and shut, in a moment or when `use` is called. */
export class UnlockedDoors {
  #unlocked: LockerNo[] = [];
  #report: Parameters<KioskPorts['boards']>[0] = () => undefined;

  constructor(
    private readonly board: BoardId,
    private readonly lockers: readonly LockerNo[],
  ) {}

  /** The boards of a kiosk; what happens to the doors is reported to `onEvent`. */
  connect(onEvent: Parameters<KioskPorts['boards']>[0]): CabinetBoards {
    this.#report = onEvent;
    const doors = new Map(this.lockers.map((locker) => [locker, 'closed' as const]));
    const known = { items: new Map(), chattering: new Set<never>(), lastPulse: null };
    return {
      start: () => onEvent(this.board, { kind: 'ready', firmware: 'none', bootId: 0, doors, ...known }),
      unlock: (locker) => {
        this.#unlocked.push(locker);
        setImmediate(() => this.use());
      },
      close: async () => undefined,
    };
  }

  use(): void {
    const doors = this.#unlocked;
    this.#unlocked = [];
    for (const locker of doors) {
      this.#report(this.board, { kind: 'door', locker, door: 'open' });
      this.#report(this.board, { kind: 'door', locker, door: 'closed' });
    }
  }
}

/** Residents who borrow, and bring back what they find. */
export class Residents {
  #visits: NodeJS.Timeout | undefined;
  #left = false;

  constructor(
    private readonly kiosk: Kiosk,
    private readonly doors: UnlockedDoors,
    private readonly random: Random,
  ) {}

  comeEvery(everyMs: number): void {
    this.#visits = setInterval(() => this.visit(), everyMs);
  }

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
    this.doors.use();
    kiosk.submit({ kind: 'cancelled' });
  }

  rush(times: number): void {
    if (times === 0 || this.#left) return;
    this.visit();
    setImmediate(() => this.rush(times - 1));
  }

  stop(): void {
    clearInterval(this.#visits);
    this.#left = true;
  }

  #hex(filler: string): string {
    return this.random
      .between(1, 1 << 30)
      .toString(16)
      .padStart(16, filler);
  }
}
