import { lockerCode } from '../../../../firmware-bridge/reader/classify.js';
import { type KioskId, lockerNo, passId, patronId } from '../../../../src/kernel/ids.js';
import { epochMs } from '../../../../src/kernel/time.js';
import type { SigningKey } from '../../../../src/passes/keys.js';
import { issuePass } from '../../../../src/passes/pass.js';
import type { Random } from '../../support/random.js';
import { followScreen, type ScreenFollower } from '../../support/screen-follower.js';
import { sleep, within } from '../../support/wait.js';
import type { DoorUsers } from './door-users.js';
import type { Stage } from './faults.js';
import type { Observation } from './observation.js';
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

/** The longest backoff of the board's driver (10 s), a handshake, and a slow computer. */
const readyWithinMs = 25_000;
/** Visits under way have to come to their ends before a loan can begin. */
const loanWithinMs = 30_000;
const stepWithinMs = 4_000;
/** Longer than a wrong belief may last. */
const agreeWithinMs = 5_000;

/** With all faults over, waits for the board to be ready, plays a loan, and compares all doors; false when that does not work in time. */
export async function lendsAgain(stage: Stage & { readonly residents: Residents }): Promise<boolean> {
  const { board, kiosk, log } = stage;
  for (const { locker, door } of board.cabinet.lockers()) {
    if (door === 'open') board.act(() => board.cabinet.closeDoor(locker));
  }
  if (!(await within(readyWithinMs, () => isReady(log.observations)))) return false;
  if (!(await within(readyWithinMs, () => kiosk.screenUrl !== null)) || kiosk.screenUrl === null)
    return false;
  const screen = await followScreen(kiosk.screenUrl);
  try {
    const endMs = performance.now() + loanWithinMs;
    let lent = false;
    while (!lent && performance.now() < endMs) lent = await borrow(stage, screen);
    return (await within(agreeWithinMs, () => agrees(stage))) && lent;
  } finally {
    screen.stop();
  }
}

/** One attempt at a whole loan; what the screen does not show in time makes it fail. */
async function borrow(
  { board, residents, log }: Stage & { readonly residents: Residents },
  screen: ScreenFollower,
): Promise<boolean> {
  try {
    const { shelves } = await screen.sees('an idle kiosk', ({ phase }) => phase === 'idle', stepWithinMs);
    const books = board.cabinet.lockers().filter(({ item }) => item !== null);
    const found = shelves.find(
      ({ locker, state }) => state === 'available' && books.some((book) => book.locker === locker),
    );
    if (!found) throw new Error('no book to borrow');
    const { locker } = found;
    await residents.borrow(locker, new AbortController().signal);
    await screen.sees(
      'a door released',
      (view) => view.phase === 'opening' && view.locker === locker,
      stepWithinMs,
    );
    const opened = await within(stepWithinMs, () => board.act(() => board.cabinet.openDoor(locker)).ok);
    if (!opened) throw new Error(`door ${locker} stays shut`);
    await screen.sees(
      'the open door',
      (view) => view.phase === 'open' && view.locker === locker,
      stepWithinMs,
    );
    board.act(() => board.cabinet.closeDoor(locker));
    await screen.sees('the due date', ({ phase, due }) => phase === 'farewell' && due !== null, stepWithinMs);
    return true;
  } catch (error) {
    log.add({ kind: 'kiosk', says: `no loan: ${String(error)}` });
    return false;
  }
}

function isReady(observations: readonly Observation[]): boolean {
  const last = observations.findLast(
    ({ kind, ...each }) =>
      kind === 'ready' || kind === 'lost' || ('fault' in each && each.fault.startsWith('kiosk killed')),
  );
  return last?.kind === 'ready';
}

/** Whether the kiosk takes every door for what it is. */
function agrees({ board, log }: Stage): boolean {
  return board.cabinet.lockers().every(({ locker, door }) => {
    const reported = log.observations.findLast((each) => each.kind === 'door' && each.locker === locker);
    return reported?.kind === 'door' && reported.door === door;
  });
}
