import { setTimeout as wait } from 'node:timers/promises';
import type { MegaBoard } from '../../hardware/cabinet.js';
import { Fault, type FaultCode } from '../../src/kernel/faults.js';
import type { LockerNo } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { openPort } from '../port/index.js';
import { BoardConnection } from './connection.js';
import type { LockerBoard, LockerBoardOptions, PulseStrength } from './locker-board.js';
import { rehearsePulses } from './rehearsal.js';

const baudRate = 57_600;

/** A Mega 2560 with our firmware, through all its unplugs and resets. */
export function createMegaBoard(options: LockerBoardOptions<MegaBoard>): LockerBoard {
  return new SupervisedBoard(options);
}

/** Makes one connection after another. */
class SupervisedBoard implements LockerBoard {
  #connection: BoardConnection | undefined;
  #running: Promise<void> = Promise.resolve();
  readonly #closing = new AbortController();
  #waitMs: number = limits.reconnectFirstMs;
  #toldFault: FaultCode | undefined;
  #knownBootId: number | undefined;

  constructor(private readonly options: LockerBoardOptions<MegaBoard>) {}

  get ready(): boolean {
    return this.#connection?.ready === true && !this.#closing.signal.aborted;
  }

  start(): void {
    this.#running = this.#run();
  }

  unlock(locker: LockerNo, tag: number, strength: PulseStrength): void {
    const reason = this.#whyNot(locker);
    if (reason) this.options.onEvent({ kind: 'pulse', locker, tag, outcome: { kind: 'refused', reason } });
    else this.#connection?.unlock(locker, tag, strength);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#connection?.close();
    await this.#running;
  }

  #whyNot(locker: LockerNo): string | undefined {
    if (!this.ready) return 'board-not-ready';
    const { lockers } = this.options.description;
    return lockers.some((each) => each.locker === locker) ? undefined : 'locker-unknown';
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const fault = await this.#live();
      if (fault) this.#tellLost(fault);
      // The old port must be let go before it can be opened again.
      await this.#connection?.close();
      await wait(this.#waitMs, undefined, { signal }).catch(() => undefined);
      this.#waitMs = Math.min(2 * this.#waitMs, limits.reconnectMaxMs);
    }
  }

  /** One connection from its port to its end; resolves with what ended it. */
  async #live(): Promise<Fault | null> {
    const { path, description, log, onEvent } = this.options;
    try {
      const port = await openPort(path, { baudRate });
      const connection = new BoardConnection({
        port,
        description,
        log,
        knownBootId: this.#knownBootId,
        onEvent: (event) => {
          if (event.kind === 'ready') this.#becameReady(event.bootId);
          onEvent(event);
        },
      });
      this.#connection = connection;
      const ended = connection.run();
      if (this.#closing.signal.aborted) await connection.close();
      return await ended;
    } catch (error) {
      if (error instanceof Fault) return error;
      throw error;
    }
  }

  #becameReady(bootId: number): void {
    this.#knownBootId = bootId;
    this.#waitMs = limits.reconnectFirstMs;
    this.#toldFault = undefined;
    rehearsePulses();
  }

  #tellLost(fault: Fault): void {
    this.options.log.debug({ code: fault.code }, fault.message);
    if (fault.code === this.#toldFault) return;
    this.#toldFault = fault.code;
    this.options.onEvent({ kind: 'lost', fault });
  }
}
