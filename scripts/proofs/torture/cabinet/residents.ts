import { lockerCode } from '../../../../firmware-bridge/reader/classify.js';
import { type KioskId, lockerNo, passId, patronId } from '../../../../src/kernel/ids.js';
import { epochMs } from '../../../../src/kernel/time.js';
import type { SigningKey } from '../../../../src/passes/keys.js';
import { issuePass } from '../../../../src/passes/pass.js';
import type { Random } from '../../support/random.js';
import { sleep } from '../../support/wait.js';
import type { DoorUsers } from './door-users.js';
import type { TorturedBoard } from './tortured-board.js';

const patrons = 12;
const passLifeMs = 3_600_000;

export interface ResidentsOptions {
  readonly kiosk: KioskId;
  readonly key: SigningKey;
  readonly board: TorturedBoard;
  readonly doorUsers: DoorUsers;
  readonly random: Random;
  /** Puts a code on the reader's line. */
  present(code: string): void;
}

/** Residents at the reader, one after another: they borrow, bring back, scan twice, and are in a hurry. */
export class Residents {
  #passes = 0;

  constructor(private readonly options: ResidentsOptions) {}

  /** Come and go until `signal`. */
  async live(signal: AbortSignal): Promise<void> {
    const { random } = this.options;
    while (!signal.aborted) {
      await (random.chance(0.6) ? this.#borrow(signal) : this.#bringBack(signal));
      await sleep(random.between(100, 900), signal);
    }
  }

  /** A pass nobody has shown yet. */
  newPass(): string {
    this.#passes += 1;
    const nowMs = Date.now();
    const digits = (n: number) => n.toString(16).padStart(16, '0');
    return issuePass(
      {
        patron: patronId(digits(1 + (this.#passes % patrons))),
        pass: passId(digits(this.#passes)),
        kind: 'resident',
        age: 'adult',
        validFrom: epochMs(nowMs - passLifeMs),
        validUntil: epochMs(nowMs + passLifeMs),
      },
      this.options.key,
    );
  }

  /** A pass and the code on a door, in either order. */
  async borrow(locker: number, signal: AbortSignal, doorFirst = false): Promise<void> {
    const { kiosk, present, random } = this.options;
    const codes = [this.newPass(), lockerCode(kiosk, lockerNo(locker))];
    for (const code of doorFirst ? codes.reverse() : codes) {
      present(code);
      await sleep(random.between(60, 250), signal);
      if (random.chance(0.1)) present(code);
    }
  }

  async #borrow(signal: AbortSignal): Promise<void> {
    const { board, random } = this.options;
    const stocked = board.cabinet.lockers().filter(({ item, door }) => item !== null && door === 'closed');
    if (stocked.length > 0) await this.borrow(random.pick(stocked).locker, signal, random.chance(0.3));
  }

  async #bringBack(signal: AbortSignal): Promise<void> {
    const { board, doorUsers, random, present } = this.options;
    const outside = board.cabinet.hand;
    if (outside.length === 0) return;
    const item = random.pick(outside);
    doorUsers.bringing = item;
    present(item);
    await sleep(random.between(60, 300), signal);
    if (random.chance(0.15)) present(item);
  }
}
