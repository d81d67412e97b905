import type { Door, LastPulse, PassHolder, State } from '../../../src/circulation/state.js';
import { assert } from '../../../src/kernel/assert.js';
import { boardId, itemId, type LockerNo, lockerNo, passId, patronId } from '../../../src/kernel/ids.js';
import type { Kiosk } from '../../../src/kiosk/kiosk.js';
import type { Random } from '../support/random.js';

export const lockers: readonly LockerNo[] = [1, 2, 3, 4, 5, 6].map(lockerNo);
export const board = boardId('main');
export const items = [1, 2, 3, 4].map((n) => itemId(`3010600000${String(n).padStart(4, '0')}`));

/** What survives the kiosk's process: the open door, and the board's memory of its last pulse. */
export interface CabinetState {
  readonly openDoor: LockerNo | null;
  readonly lastPulse: LastPulse | null;
}

export const closedCabinet: CabinetState = { openDoor: null, lastPulse: null };

export const initialStock = items.map((item, at) => ({ locker: lockers[at] ?? lockerNo(1), item }));

/** A lock that the kiosk wants pulsed. */
export type UnlockRequest = Omit<LastPulse, 'opened'>;

/** Residents at a kiosk without a cabinet: they borrow and return, some walk away, all by `random`. */
export class SimulatedVisits {
  constructor(
    private readonly kiosk: Kiosk,
    /** What the kiosk wants unlocked; one is done by each `step`, as a board takes its time. */
    private readonly requests: UnlockRequest[],
    private readonly random: Random,
    private cabinet: CabinetState,
    /** Called before anything else after each change. */
    private readonly onChange: (cabinet: CabinetState) => void,
  ) {}

  /** Reports the doors and items as the board does, and closes a door that was left open. */
  begin(): void {
    const { openDoor, lastPulse } = this.cabinet;
    const doorOf = (locker: LockerNo): Door => (locker === openDoor ? 'open' : 'closed');
    const doors = new Map(lockers.map((each) => [each, doorOf(each)]));
    const quiet = { items: new Map(), chattering: new Set<LockerNo>() };
    this.kiosk.submit({ kind: 'board-ready', board, doors, ...quiet, lastPulse });
    if (openDoor !== null) this.#shut(openDoor);
  }

  /** Performs one action of a resident or a door. */
  step(): void {
    const request = this.requests.shift();
    if (request) {
      this.#become({ ...this.cabinet, lastPulse: { ...request, opened: false } });
      return;
    }
    const { visit } = this.kiosk.state;
    switch (visit.kind) {
      case 'opening':
        this.#open(visit.locker);
        return;
      case 'open':
        this.#shut(visit.locker);
        return;
      case 'farewell':
        this.kiosk.submit({ kind: 'cancelled' });
        return;
      case 'choosing':
        if (this.random.chance(0.2)) this.kiosk.submit({ kind: 'cancelled' });
        else this.kiosk.submit({ kind: 'locker-chosen', locker: this.random.pick(lockers) });
        return;
      default:
        this.#arrive(this.kiosk.state);
    }
  }

  #open(locker: LockerNo): void {
    const { lastPulse } = this.cabinet;
    assert(lastPulse?.locker === locker, 'a door opens after its pulse');
    this.#become({ openDoor: locker, lastPulse: { ...lastPulse, opened: true } });
    this.kiosk.submit({ kind: 'door', locker, door: 'open' });
  }

  #shut(locker: LockerNo): void {
    this.#become({ ...this.cabinet, openDoor: null });
    this.kiosk.submit({ kind: 'door', locker, door: 'closed' });
  }

  #arrive(state: State): void {
    const out = items.filter((item) => state.ledger.loans.has(item));
    const back = this.random.chance(0.5) && out.length > 0;
    if (back) this.kiosk.submit({ kind: 'item-shown', item: this.random.pick(out) });
    else this.kiosk.submit({ kind: 'pass-shown', holder: this.#somebody() });
  }

  #somebody(): PassHolder {
    const patron = patronId(this.random.between(1, 5).toString(16).padStart(16, '0'));
    const pass = passId(this.random.between(1, 1_000_000).toString(16).padStart(16, '0'));
    return { patron, age: 'adult', pass, grant: null };
  }

  #become(cabinet: CabinetState): void {
    this.cabinet = cabinet;
    this.onChange(cabinet);
  }
}
