import { setTimeout as wait } from 'node:timers/promises';
import type { MegaBoard } from '../../hardware/cabinet.js';
import { Fault, type FaultCode } from '../../src/kernel/faults.js';
import type { LockerNo } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import type { Log } from '../../src/kernel/log.js';
import { openPort } from '../port/index.js';
import { BoardConnection, type Readiness } from './connection.js';
import type { DoorState } from './door.js';
import type { PulseOutcome } from './lock.js';
import { rehearsePulses } from './rehearsal.js';

const baudRate = 57_600;

/** What the board tells the kiosk. Between `lost` and `ready` no door and no lock is to be relied on. */
export type BoardEvent =
  | ({ readonly kind: 'ready' } & Readiness)
  /** Told once per loss, and again only when a retry fails for another reason. */
  | { readonly kind: 'lost'; readonly fault: Fault }
  | { readonly kind: 'door'; readonly locker: LockerNo; readonly door: DoorState }
  | {
      readonly kind: 'pulse';
      readonly locker: LockerNo;
      readonly tag: number;
      readonly outcome: PulseOutcome;
    }
  /** Bytes that were no message; about twice a second at most. */
  | { readonly kind: 'noise'; readonly discardedBytes: number };

export interface LockerBoardOptions {
  /** A device path or `tcp://host:port`. */
  readonly path: string;
  readonly cabinet: MegaBoard;
  readonly log: Log;
  onEvent(event: BoardEvent): void;
}

/** The locker board behind one port, through all its connections. */
export interface LockerBoard {
  /** Connects, and reconnects for ever until `close`. To be called once. */
  start(): void;
  /**
   * Pulses a lock; on the wire when this returns. `tag`: 16 bits of the caller's, remembered by the board.
   * A board that is not ready refuses (`board-not-ready`) at once: nothing is kept for later.
   */
  unlock(locker: LockerNo, tag: number): void;
  readonly ready: boolean;
  /** All locks off, session ended, port closed. */
  close(): Promise<void>;
}

/** The locker board of one cabinet, through all its unplugs and resets. */
export function createLockerBoard(options: LockerBoardOptions): LockerBoard {
  return new SupervisedBoard(options);
}

/** Makes one connection after another. */
class SupervisedBoard implements LockerBoard {
  #connection: BoardConnection | undefined;
  #running: Promise<void> = Promise.resolve();
  readonly #closing = new AbortController();
  #waitMs: number = limits.reconnectFirstMs;
  #toldFault: FaultCode | undefined;

  constructor(private readonly options: LockerBoardOptions) {}

  get ready(): boolean {
    return this.#connection?.ready === true && !this.#closing.signal.aborted;
  }

  start(): void {
    this.#running = this.#run();
  }

  unlock(locker: LockerNo, tag: number): void {
    const reason = this.#whyNot(locker);
    if (reason) this.#tellPulse(locker, tag, { kind: 'refused', reason });
    else this.#connection?.unlock(locker, tag);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#connection?.close();
    await this.#running;
  }

  #whyNot(locker: LockerNo): string | undefined {
    if (!this.ready) return 'board-not-ready';
    return this.options.cabinet.lockers.some((each) => each.locker === locker) ? undefined : 'locker-unknown';
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
    const { path, cabinet, log, onEvent } = this.options;
    try {
      const port = await openPort(path, { baudRate });
      const connection = new BoardConnection({
        port,
        cabinet,
        log,
        onReady: (readiness) => this.#tellReady(readiness),
        onDoor: (locker, door) => onEvent({ kind: 'door', locker, door }),
        onPulse: (locker, tag, outcome) => this.#tellPulse(locker, tag, outcome),
        onNoise: (discardedBytes) => onEvent({ kind: 'noise', discardedBytes }),
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

  #tellReady(readiness: Readiness): void {
    this.#waitMs = limits.reconnectFirstMs;
    this.#toldFault = undefined;
    rehearsePulses();
    this.options.onEvent({ kind: 'ready', ...readiness });
  }

  #tellLost(fault: Fault): void {
    this.options.log.debug({ code: fault.code }, fault.message);
    if (fault.code === this.#toldFault) return;
    this.#toldFault = fault.code;
    this.options.onEvent({ kind: 'lost', fault });
  }

  #tellPulse(locker: LockerNo, tag: number, outcome: PulseOutcome): void {
    this.options.onEvent({ kind: 'pulse', locker, tag, outcome });
  }
}
