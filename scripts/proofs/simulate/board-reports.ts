import type { BoardEvent } from '../../../firmware-bridge/board/index.js';
import type { Door } from '../../../src/circulation/state.js';
import { unreachable } from '../../../src/kernel/assert.js';
import type { BoardId, LockerNo } from '../../../src/kernel/ids.js';

/** What the boards have reported to the program that runs now: all that it can know of doors. */
export class BoardReports {
  readonly ready = new Set<BoardId>();
  readonly chattering = new Set<LockerNo>();
  readonly #doors = new Map<LockerNo, Door>();

  constructor(private readonly boards: ReadonlyMap<BoardId, readonly LockerNo[]>) {}

  door(locker: LockerNo): Door {
    return this.#doors.get(locker) ?? 'unknown';
  }

  /** The program ended: all reports are lost. */
  clear(): void {
    this.ready.clear();
    this.chattering.clear();
    this.#doors.clear();
  }

  receive(board: BoardId, event: BoardEvent): void {
    switch (event.kind) {
      case 'ready':
        this.#lose(board);
        this.ready.add(board);
        for (const [locker, door] of event.doors) this.#doors.set(locker, door);
        for (const locker of event.chattering) this.chattering.add(locker);
        return;
      case 'lost':
        this.#lose(board);
        return;
      case 'door':
        this.#doors.set(event.locker, event.door);
        return;
      case 'chatter':
        if (event.chatters) this.chattering.add(event.locker);
        else this.chattering.delete(event.locker);
        return;
      case 'item':
      case 'pulse':
      case 'noise':
        return;
      default:
        unreachable(event);
    }
  }

  #lose(board: BoardId): void {
    this.ready.delete(board);
    for (const locker of this.boards.get(board) ?? []) {
      this.#doors.delete(locker);
      this.chattering.delete(locker);
    }
  }
}
