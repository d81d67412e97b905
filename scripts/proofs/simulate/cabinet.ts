import type { BoardEvent, PulseStrength } from '../../../firmware-bridge/board/index.js';
import { assert } from '../../../src/kernel/assert.js';
import { Fault } from '../../../src/kernel/faults.js';
import { type BoardId, type ItemId, type LockerNo, type VisitNo, visitNo } from '../../../src/kernel/ids.js';
import type { VirtualTime } from '../../../src/kernel/virtual-time.js';
import { pulseTag } from '../../../src/kiosk/board-input.js';
import type { Actors } from './actors.js';
import {
  type BoardModel,
  doorSeen,
  itemSeen,
  type LockerModel,
  newBoard,
  readinessOf,
  release,
} from './board-model.js';

/** How long things take between the board and the kiosk. */
const reportMs = 20;
const sensorMs = 600;
const restMs = 1_500;
const lossMs = 1_500;
const handshakeMs = 700;

/** What the cabinet reports: events of the boards, and, for the checks, what really happened. */
export interface CabinetParts {
  readonly actors: Actors;
  readonly time: VirtualTime;
  report(board: BoardId, event: BoardEvent): void;
  lineLost(lockers: readonly LockerModel[]): void;
  memoryLost(lockers: readonly LockerModel[]): void;
  /** A door really opened; `freed` unless by force. */
  opened(locker: LockerModel, how: 'freed' | 'forced', isSeen: boolean): void;
}

/** Steel, latches, switches and boards, in virtual time. Hands are somebody else's. */
export class Cabinet {
  readonly boards: readonly BoardModel[];
  readonly lockers: ReadonlyMap<LockerNo, LockerModel>;
  readonly #boardOf = new Map<LockerNo, BoardModel>();
  #hasHost = false;

  constructor(private readonly parts: CabinetParts) {
    const { boards, holding, sensed } = parts.actors;
    this.boards = [...boards].map(([id, its]) => newBoard(id, its, holding, sensed));
    const all = this.boards.flatMap((board) => board.lockers.map((locker) => ({ board, locker })));
    for (const { board, locker } of all) this.#boardOf.set(locker.no, board);
    this.lockers = new Map(all.map(({ locker }) => [locker.no, locker]));
  }

  locker(no: LockerNo): LockerModel {
    const found = this.lockers.get(no);
    assert(found !== undefined, 'the cabinet has the locker');
    return found;
  }

  boardOf(no: LockerNo): BoardModel {
    const found = this.#boardOf.get(no);
    assert(found !== undefined, 'the cabinet has the board');
    return found;
  }

  /** When something last kept the kiosk from knowing of a locker: its line, its switch, its sensor. */
  troubledMs(no: LockerNo): number {
    const { lockers, troubledMs, isReady, isPlugged } = this.boardOf(no);
    const { doorSwitch } = this.locker(no);
    const isNow = !isReady || !isPlugged || doorSwitch !== 'good';
    const own = lockers.find((each) => each.no === no)?.troubledMs ?? 0;
    return isNow ? this.parts.time.nowMs : Math.max(troubledMs, own);
  }

  /** When the switch of a door last was not to be relied on. */
  mutedMs(no: LockerNo): number {
    const { doorSwitch, troubledMs } = this.locker(no);
    return doorSwitch === 'good' ? troubledMs : this.parts.time.nowMs;
  }

  unlock(no: LockerNo, tag: number, strength: PulseStrength): void {
    const board = this.boardOf(no);
    const locker = this.locker(no);
    const answer = (outcome: Extract<BoardEvent, { kind: 'pulse' }>['outcome']) =>
      this.parts.report(board.id, { kind: 'pulse', locker: no, tag, outcome });
    if (!board.isReady) {
      answer({ kind: 'refused', reason: 'board-not-ready' });
      return;
    }
    const { session } = board;
    this.parts.time.wait(reportMs / 2, () => {
      if (!board.isPlugged || board.session !== session) return;
      const isResting = this.parts.time.nowMs - locker.pulsedAtMs < restMs;
      const reason = board.refuses ? 'guard-tripped' : isResting ? 'lock-resting' : null;
      if (reason !== null) {
        answer({ kind: 'refused', reason });
        return;
      }
      board.lastPulse = { tag, locker: no, opened: doorSeen(locker) === 'open' };
      // A run has fewer visits than there are tags.
      release(locker, visitNo(tag), this.parts.time.nowMs);
      answer({ kind: 'done', measuredMs: strength === 'long' ? 900 : 300 });
    });
  }

  /** A board says late that it did not release a lock. */
  refuseLate(no: LockerNo, visit: VisitNo): void {
    const outcome = { kind: 'refused', reason: 'guard-tripped' } as const;
    this.parts.report(this.boardOf(no).id, { kind: 'pulse', locker: no, tag: pulseTag(visit), outcome });
  }

  /** Somebody pulls; true when the door comes open. */
  pull(no: LockerNo): boolean {
    const locker = this.locker(no);
    const isFree = locker.freeUntilMs > this.parts.time.nowMs;
    if (locker.door === 'open' || !isFree) return false;
    this.#open(locker, 'freed');
    return true;
  }

  force(no: LockerNo): void {
    const locker = this.locker(no);
    if (locker.door === 'closed') this.#open(locker, 'forced');
  }

  #open(locker: LockerModel, how: 'freed' | 'forced'): void {
    locker.door = 'open';
    locker.freeUntilMs = 0;
    const isSeen = doorSeen(locker) === 'open' && this.boardOf(locker.no).lastPulse?.locker === locker.no;
    this.parts.opened(locker, how, isSeen);
    this.doorMoved(locker);
  }

  shut(no: LockerNo): void {
    const locker = this.locker(no);
    if (locker.door === 'closed') return;
    locker.door = 'closed';
    locker.freeUntilMs = 0;
    this.doorMoved(locker);
  }

  fill(no: LockerNo, inside: ItemId[]): void {
    const locker = this.locker(no);
    const before = itemSeen(locker);
    locker.inside = inside;
    if (itemSeen(locker) !== before) this.sensorMoved(locker);
  }

  repair(locker: LockerModel): void {
    locker.isJammed = false;
    if (locker.sensor === 'blind') this.setSensor(locker, 'good');
    this.setSwitch(locker, 'good');
  }

  setSwitch(locker: LockerModel, doorSwitch: LockerModel['doorSwitch']): void {
    const didChatter = locker.doorSwitch === 'chattering';
    if (locker.doorSwitch === doorSwitch) return;
    locker.doorSwitch = doorSwitch;
    locker.troubledMs = this.parts.time.nowMs;
    if (didChatter !== (doorSwitch === 'chattering')) this.chatterChanged(locker);
    else this.doorMoved(locker);
  }

  doorMoved(locker: LockerModel): void {
    const board = this.boardOf(locker.no);
    const door = doorSeen(locker);
    const { lastPulse } = board;
    if (door === 'open' && lastPulse?.locker === locker.no) board.lastPulse = { ...lastPulse, opened: true };
    this.#reportLater(board, reportMs, () => ({ kind: 'door', locker: locker.no, door }));
  }

  setSensor(locker: LockerModel, sensor: LockerModel['sensor']): void {
    locker.sensor = sensor;
    locker.troubledMs = this.parts.time.nowMs;
    this.sensorMoved(locker);
  }

  sensorMoved(locker: LockerModel): void {
    const board = this.boardOf(locker.no);
    this.#reportLater(board, sensorMs, () => ({ kind: 'item', locker: locker.no, item: itemSeen(locker) }));
  }

  chatterChanged(locker: LockerModel): void {
    const board = this.boardOf(locker.no);
    const chatters = locker.doorSwitch === 'chattering';
    this.#reportLater(board, reportMs, () => ({ kind: 'chatter', locker: locker.no, chatters }));
    this.doorMoved(locker);
  }

  #reportLater(board: BoardModel, waitMs: number, event: () => BoardEvent): void {
    if (!board.isReady) return;
    const { session } = board;
    this.parts.time.wait(waitMs, () => {
      if (board.isReady && board.isPlugged && board.session === session) this.parts.report(board.id, event());
    });
  }

  /** The line is cut; the kiosk notices a little later. Without its supply a board forgets its last pulse. */
  unplug(board: BoardModel, isPowerLost: boolean): void {
    board.isPlugged = false;
    this.parts.lineLost(board.lockers);
    if (isPowerLost) this.#losePower(board);
    const { session } = board;
    this.parts.time.wait(lossMs, () => {
      if (board.session !== session || !board.isReady) return;
      this.#forget(board);
      this.parts.report(board.id, { kind: 'lost', fault: new Fault('board.lost', 'unplugged') });
    });
  }

  plug(board: BoardModel): void {
    if (board.isPlugged) return;
    board.isPlugged = true;
    const wasReady = board.isReady;
    // The handshake begins anew; whether the kiosk noticed the loss already or notices it now.
    this.#forget(board);
    if (wasReady) this.parts.report(board.id, { kind: 'lost', fault: new Fault('board.lost', 'unplugged') });
    this.#connect(board);
  }

  hostCame(): void {
    this.#hasHost = true;
    for (const board of this.boards) this.#connect(board);
  }

  /** The kiosk's process is gone, perhaps with the supply of all boards. */
  hostGone(isPowerLost: boolean): void {
    this.#hasHost = false;
    for (const board of this.boards) {
      this.#forget(board);
      if (isPowerLost) this.#losePower(board);
    }
  }

  #losePower(board: BoardModel): void {
    board.lastPulse = null;
    this.parts.memoryLost(board.lockers);
    board.forgotMs = this.parts.time.nowMs;
  }

  #forget(board: BoardModel): void {
    board.isReady = false;
    board.session += 1;
    board.troubledMs = this.parts.time.nowMs;
  }

  #connect(board: BoardModel): void {
    const { session } = board;
    this.parts.time.wait(handshakeMs, () => {
      if (!this.#hasHost || !board.isPlugged || board.isReady || board.session !== session) return;
      board.isReady = true;
      board.troubledMs = this.parts.time.nowMs;
      this.parts.report(board.id, readinessOf(board));
    });
  }
}
