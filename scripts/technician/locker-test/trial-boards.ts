import {
  type BoardEvent,
  createCabinetBoards,
  type DoorState,
  type PulseStrength,
} from '../../../firmware-bridge/board/index.js';
import type { Host } from '../../../firmware-bridge/port/index.js';
import { type Cabinet, lockersOf } from '../../../hardware/cabinet.js';
import { assert } from '../../../src/kernel/assert.js';
import { Fault } from '../../../src/kernel/faults.js';
import type { BoardId, LockerNo } from '../../../src/kernel/ids.js';
import { limits } from '../../../src/kernel/limits.js';
import type { Log } from '../../../src/kernel/log.js';
import type { Cancel, Timers } from '../../../src/kernel/wait.js';
import {
  type Finding,
  type Happening,
  type Measures,
  Trial,
  type TrialOptions,
  type Waiting,
} from './trial.js';

export interface TrialBoardsOptions {
  readonly cabinet: Cabinet;
  readonly ports: ReadonlyMap<BoardId, string>;
  readonly host: Host;
  readonly log: Log;
}

/** How a board stands: ready with the name of its firmware, or why not. */
export type Standing = { readonly firmware: string } | { readonly fault: Fault };

/** Follows a trial: told whenever something was measured, or something else is waited for. */
export type OnProgress = (measures: Measures, waiting: Waiting) => void;

/** The boards of a cabinet as locker after locker is tried on them. One trial at a time. */
export class TrialBoards {
  readonly #boards: ReturnType<typeof createCabinetBoards>;
  readonly #options: TrialBoardsOptions;
  readonly #timers: Timers;
  readonly #doors = new Map<LockerNo, DoorState>();
  readonly #chattering = new Set<LockerNo>();
  readonly #states = new Map<BoardId, Standing>();
  /** Called whenever the state of a board changed. */
  #onState: () => void = () => undefined;
  readonly #wasReady = new Set<BoardId>();
  #current: { readonly locker: LockerNo; take(happening: Happening): void } | undefined;
  #tag = 0;
  #isStopped = false;

  constructor(options: TrialBoardsOptions) {
    this.#options = options;
    const { cabinet, ports, host, log } = options;
    this.#timers = host.timers;
    this.#boards = createCabinetBoards({
      cabinet,
      ports,
      host,
      log,
      onEvent: (board, event) => this.#heard(board, event),
    });
  }

  /** Whether the technician wants no more. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  start(): void {
    this.#boards.start();
  }

  /** Locks off, ports let go. */
  close(): Promise<void> {
    return this.#boards.close();
  }

  /** Waits for a board, as long as one may take, and resolves with the name of its firmware or why it is not ready. */
  async standing(board: BoardId): Promise<Standing> {
    const deadlineMs = this.#timers.nowMs + limits.boardReadyMs + limits.reconnectMaxMs;
    for (;;) {
      const state = this.#states.get(board) ?? notYet(board);
      const leftMs = deadlineMs - this.#timers.nowMs;
      if (
        'firmware' in state ||
        leftMs <= 0 ||
        this.#isStopped ||
        (!this.#wasReady.has(board) && isForGood(state.fault))
      )
        return state;
      await this.#change(leftMs);
    }
  }

  /** Tries one locker whose board is ready. */
  try(
    options: Pick<TrialOptions, 'locker' | 'waitMs'>,
    strength: PulseStrength,
    onProgress: OnProgress,
  ): Promise<Finding> {
    const { locker } = options;
    const { wait } = this.#timers;
    const now = () => this.#timers.nowMs;
    const door = this.#doors.get(locker) ?? 'unknown';
    const trial = new Trial({ ...options, door, chatters: this.#chattering.has(locker) }, now());
    return new Promise((resolve) => {
      let cancel: Cancel | undefined;
      let told: Waiting | undefined;
      const goOn = () => {
        cancel?.();
        const { finding, measures, waiting, deadlineMs } = trial;
        onProgress(measures, waiting);
        if (finding) {
          this.#current = undefined;
          resolve(finding);
          return;
        }
        cancel = wait(deadlineMs - now(), () => {
          trial.timeIsUp();
          goOn();
        });
        if (waiting === told) return;
        told = waiting;
        if (waiting === 'pulse') this.#pulse(locker, strength);
      };
      const take = (happening: Happening) => {
        trial.take(happening, now());
        goOn();
      };
      this.#current = { locker, take };
      goOn();
    });
  }

  /** Passes the technician's words on to the trial that goes on, if one does. After `stop` no board is waited for. */
  say(happening: Happening): void {
    if (happening.kind === 'stop') this.#isStopped = true;
    this.#current?.take(happening);
    this.#onState();
  }

  #tell(locker: LockerNo, happening: Happening): void {
    if (this.#current?.locker === locker) this.#current.take(happening);
  }

  #pulse(locker: LockerNo, strength: PulseStrength): void {
    this.#tag = (this.#tag % 0xffff) + 1;
    this.#boards.unlock(locker, this.#tag, strength);
  }

  #change(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#timers.wait(waitMs, resolve);
      this.#onState = () => {
        cancel();
        resolve();
      };
    });
  }

  #heard(board: BoardId, event: BoardEvent): void {
    switch (event.kind) {
      case 'ready':
        for (const [locker, door] of event.doors) this.#doors.set(locker, door);
        for (const locker of event.doors.keys()) this.#chattering.delete(locker);
        for (const locker of event.chattering) this.#chattering.add(locker);
        this.#states.set(board, { firmware: event.firmware });
        this.#wasReady.add(board);
        this.#onState();
        return;
      case 'lost':
        this.#states.set(board, { fault: event.fault });
        for (const locker of this.#lockersOf(board)) this.#tell(locker, { kind: 'board-lost' });
        this.#onState();
        return;
      case 'door':
        this.#doors.set(event.locker, event.door);
        this.#tell(event.locker, event);
        return;
      case 'chatter':
        if (event.chatters) this.#chattering.add(event.locker);
        else this.#chattering.delete(event.locker);
        if (event.chatters) this.#tell(event.locker, { kind: 'chatter' });
        return;
      case 'pulse':
        this.#tell(event.locker, event);
        return;
      default:
        // Items are no part of the test, and noise shows in what it spoils.
        return;
    }
  }

  #lockersOf(board: BoardId): readonly LockerNo[] {
    const description = this.#options.cabinet.boards.find((each) => each.board === board);
    assert(description !== undefined, `${board} is a board of the cabinet`);
    return lockersOf(description);
  }
}

const notYet = (board: BoardId): Standing => ({
  fault: new Fault('board.lost', `${board} has not answered yet`),
});

/** Whether a board that was never ready is not worth waiting for: a lost answer may come at the next attempt. */
const isForGood = ({ code }: Fault): boolean => code !== 'board.lost' && code !== 'port.lost';
