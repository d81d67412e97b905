import { lockersOf } from '../../../hardware/cabinet.js';
import { Fault, type FaultCode } from '../../../src/kernel/faults.js';
import type { LockerNo } from '../../../src/kernel/ids.js';
import { limits } from '../../../src/kernel/limits.js';
import { waited } from '../../../src/kernel/wait.js';
import type { Host, Port } from '../../port/index.js';
import type { BoardEvent, LockerBoard, LockerBoardOptions, PulseStrength } from './locker-board.js';

/** One connection to a board, from its open port to its end; ready at most once. */
export interface BoardSession {
  readonly ready: boolean;
  /** Runs until its end; resolves with the fault that ended it, null after `close`. To be called once, in the tick the port was opened. */
  run(): Promise<Fault | null>;
  /** Only on a ready connection and a locker of the board. */
  unlock(locker: LockerNo, tag: number, strength: PulseStrength): void;
  /** Locks off as far as the board can be told; resolves when the port is closed. */
  close(): Promise<void>;
}

export interface SupervisedOptions extends LockerBoardOptions {
  readonly baudRate: number;
  /** Begins a session on a port that belongs to it from now on. It reports everything but `lost`. */
  connect(port: Port, onEvent: (event: BoardEvent) => void): BoardSession;
}

/** Makes one connection after another, for ever, with growing waits between those that never became ready. */
export function superviseBoard(options: SupervisedOptions): LockerBoard {
  return new SupervisedBoard(options);
}

class SupervisedBoard implements LockerBoard {
  #connection: BoardSession | undefined;
  #running: Promise<void> = Promise.resolve();
  readonly #closing = new AbortController();
  #waitMs: number = limits.reconnectFirstMs;
  #reportedFault: FaultCode | undefined;

  readonly #host: Host;

  constructor(private readonly options: SupervisedOptions) {
    this.#host = options.host;
  }

  get ready(): boolean {
    return this.#connection?.ready === true && !this.#closing.signal.aborted;
  }

  start(): void {
    this.#running = this.#run();
  }

  unlock(locker: LockerNo, tag: number, strength: PulseStrength): void {
    const reason = this.#refusalReason(locker);
    if (reason) this.options.onEvent({ kind: 'pulse', locker, tag, outcome: { kind: 'refused', reason } });
    else this.#connection?.unlock(locker, tag, strength);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#connection?.close();
    await this.#running;
  }

  #refusalReason(locker: LockerNo): string | undefined {
    if (!this.ready) return 'board-not-ready';
    return lockersOf(this.options.description).includes(locker) ? undefined : 'locker-unknown';
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const fault = await this.#connectOnce();
      if (fault) this.#reportLost(fault);
      // The old port must be closed before it can be opened again.
      await this.#connection?.close();
      await waited(this.#host.timers.wait, this.#waitMs, signal);
      this.#waitMs = Math.min(2 * this.#waitMs, limits.reconnectMaxMs);
    }
  }

  /** One connection from its port to its end; resolves with what ended it. */
  async #connectOnce(): Promise<Fault | null> {
    const { path, baudRate, connect } = this.options;
    try {
      const port = await this.#host.openPort(path, { baudRate });
      const session = connect(port, (event) => this.#report(event));
      this.#connection = session;
      const ended = session.run();
      if (this.#closing.signal.aborted) await session.close();
      return await ended;
    } catch (error) {
      if (error instanceof Fault) return error;
      throw error;
    }
  }

  #report(event: BoardEvent): void {
    if (event.kind === 'ready') {
      this.#waitMs = limits.reconnectFirstMs;
      this.#reportedFault = undefined;
    }
    this.options.onEvent(event);
  }

  #reportLost(fault: Fault): void {
    this.options.log.debug({ code: fault.code }, fault.message);
    if (fault.code === this.#reportedFault) return;
    this.#reportedFault = fault.code;
    this.options.onEvent({ kind: 'lost', fault });
  }
}
