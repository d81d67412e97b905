import type { KerongBoard } from '../../../hardware/cabinet.js';
import { assert } from '../../../src/kernel/assert.js';
import { Fault } from '../../../src/kernel/faults.js';
import type { LockerNo } from '../../../src/kernel/ids.js';
import { limits } from '../../../src/kernel/limits.js';
import type { Log } from '../../../src/kernel/log.js';
import type { Timers } from '../../../src/kernel/wait.js';
import type { Port } from '../../port/index.js';
import { Heartbeat } from '../driver/heartbeat.js';
import type { BoardEvent, DoorState } from '../driver/locker-board.js';
import type { BoardSession } from '../driver/supervised-board.js';
import { AnswerFinder } from './answer.js';
import { type Address, encodeRequest, type Lock, type Status } from './codec.js';
import { HalfDuplex } from './half-duplex.js';
import { type Hook, pollHook, unseenHook } from './hook.js';
import { type CoilUse, Unlocking } from './unlocking.js';

/** One locker and the lock of the board it hangs on. */
export interface Station {
  readonly locker: LockerNo;
  readonly lock: Lock;
}

export interface KerongConnectionOptions {
  /** Just opened; belongs to the connection from now on. */
  readonly port: Port;
  readonly description: KerongBoard;
  readonly address: Address;
  readonly stations: readonly Station[];
  readonly coils: CoilUse;
  readonly timers: Timers;
  readonly log: Log;
  onEvent(event: BoardEvent): void;
}

/**
 * One connection to a Kerong board, from an open port to its loss. Polls the hooks at a fixed interval; writes nothing else
 * until the board has answered two polls.
 */
export class KerongConnection implements BoardSession {
  readonly #options: KerongConnectionOptions;
  readonly #line: HalfDuplex;
  readonly #answers: AnswerFinder;
  readonly #unlocking: Unlocking;
  readonly #heartbeat: Heartbeat;
  readonly #status: Uint8Array;
  #hooks: ReadonlyMap<LockerNo, Hook>;
  #state: 'starting' | 'ready' | 'ended' = 'starting';
  /** The last question was answered. */
  #alive = false;
  #discarded = 0;
  #noiseReportedMs = Number.NEGATIVE_INFINITY;
  readonly #ended: Promise<Fault | null>;
  #end: (fault: Fault | null) => void = () => undefined;

  constructor(options: KerongConnectionOptions) {
    const { port, description, address, stations, coils, timers, onEvent } = options;
    this.#options = options;
    this.#status = encodeRequest(description.dialect, { kind: 'status', address });
    this.#answers = new AnswerFinder(description.dialect, address);
    this.#line = new HalfDuplex(
      (bytes) => port.write(bytes),
      () => this.#serve(),
      timers.wait,
    );
    this.#hooks = new Map(stations.map(({ locker }) => [locker, unseenHook]));
    this.#unlocking = new Unlocking({
      timers,
      coils,
      onDue: () => this.#serve(),
      onPulse: (locker, tag, outcome) => onEvent({ kind: 'pulse', locker, tag, outcome }),
    });
    this.#heartbeat = new Heartbeat({
      timers,
      everyMs: limits.kerongPollMs,
      beat: () => this.#beat(),
      onSilence: () => this.#lose(`no answer for ${limits.heartbeatDeadlineMs} ms`),
    });
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get ready(): boolean {
    return this.#state === 'ready';
  }

  async run(): Promise<Fault | null> {
    const { port, timers } = this.#options;
    port.onClose((fault) => {
      if (fault) this.#lose(fault.message, fault);
    });
    port.onData((bytes) => this.#receive(bytes));
    const cancel = timers.wait(limits.kerongDetectMs, () => this.#undetected());
    // The board may still be answering whoever had the port before.
    this.#line.hold(limits.kerongListenMs);
    this.#heartbeat.start();
    const fault = await this.#ended;
    cancel();
    return fault;
  }

  /** Unlocks as soon as nobody else speaks on the line: at once, or within some 20 ms. */
  unlock(locker: LockerNo, tag: number): void {
    const station = this.#options.stations.find((each) => each.locker === locker);
    assert(station !== undefined, `locker ${locker} is on this board`);
    this.#unlocking.begin(locker, station.lock, tag);
  }

  async close(): Promise<void> {
    this.#finish(null);
    await this.#options.port.close();
  }

  #beat(): void {
    if (this.#line.free) this.#poll();
    this.#reportNoise();
  }

  #poll(): void {
    this.#alive = false;
    this.#answers.begin(this.#status);
    this.#line.send(this.#status, limits.kerongAnswerMs);
  }

  /** The line is free: an unlock that waits goes first, once the board is known to listen. */
  #serve(): void {
    const lock = this.#unlocking.next();
    if (this.#state !== 'ready' || !this.#alive || !this.#line.free || lock === undefined) return;
    const { description, address } = this.#options;
    const request = encodeRequest(description.dialect, { kind: 'unlock', address, lock });
    this.#answers.begin(request);
    this.#line.send(request, limits.kerongListenMs);
    this.#unlocking.sent();
  }

  #receive(bytes: Uint8Array): void {
    if (this.#state === 'ended') return;
    const { status, discardedBytes } = this.#answers.push(bytes);
    this.#discarded += discardedBytes;
    if (!status) {
      this.#line.disturbed();
      return;
    }
    this.#alive = true;
    this.#heartbeat.answered();
    this.#line.answered();
    this.#applyStatus(status);
  }

  #applyStatus({ hookBits }: Status): void {
    const before = this.#hooks;
    const { stations, description } = this.#options;
    this.#hooks = new Map(
      stations.map(({ locker, lock }) => {
        const holds = hookBits[lock - 1] === (description.hookBit === 'locked');
        return [locker, pollHook(before.get(locker) ?? unseenHook, holds)];
      }),
    );
    if (this.#state === 'starting') {
      if (this.#every((hook) => hook.door !== 'unknown')) this.#becomeReady();
      return;
    }
    this.#reportChanges(before);
    this.#unlocking.seen((locker) => this.#doorOf(locker));
  }

  #reportChanges(before: ReadonlyMap<LockerNo, Hook>): void {
    const { onEvent } = this.#options;
    for (const [locker, { door, chatters }] of this.#hooks) {
      const was = before.get(locker) ?? unseenHook;
      if (chatters !== was.chatters) onEvent({ kind: 'chatter', locker, chatters });
      if (door !== was.door) onEvent({ kind: 'door', locker, door });
    }
  }

  #becomeReady(): void {
    const { description, onEvent } = this.#options;
    this.#state = 'ready';
    this.#discarded = 0;
    this.#warnOfInvertedHooks();
    const lockers = [...this.#hooks.keys()];
    onEvent({
      kind: 'ready',
      firmware: `kerong ${description.dialect}`,
      bootId: 0,
      doors: new Map(lockers.map((locker) => [locker, this.#doorOf(locker)])),
      items: new Map(lockers.map((locker) => [locker, 'unknown'])),
      chattering: new Set(lockers.filter((locker) => this.#hooks.get(locker)?.chatters)),
      lastPulse: null,
    });
  }

  /** It is never guessed what the bit means: a wrong guess would call open doors shut. */
  #warnOfInvertedHooks(): void {
    const { description, log } = this.#options;
    if (this.#hooks.size < 2 || !this.#every(({ door }) => door === 'open')) return;
    const { board, hookBit } = description;
    log.warn({ code: 'board.hooks-inverted', board, hookBit }, 'all hooks read unlocked');
  }

  #undetected(): void {
    if (this.#state !== 'starting') return;
    const { port, description, address } = this.#options;
    if (this.#every(({ last }) => last !== null)) {
      // It is the right board; hooks that never rest stay unknown.
      this.#becomeReady();
      return;
    }
    const why = this.#answers.rejectionReason();
    const silence = `nothing answers as ${description.dialect} at address ${address}`;
    this.#finish(new Fault(why ? 'board.foreign' : 'board.silent', `${port.path}: ${why ?? silence}`));
  }

  #reportNoise(): void {
    const { nowMs } = this.#options.timers;
    if (this.#state !== 'ready' || this.#discarded === 0) return;
    if (nowMs - this.#noiseReportedMs < limits.heartbeatEveryMs) return;
    this.#options.onEvent({ kind: 'noise', discardedBytes: this.#discarded });
    this.#noiseReportedMs = nowMs;
    this.#discarded = 0;
  }

  #every(isSo: (hook: Hook) => boolean): boolean {
    return [...this.#hooks.values()].every(isSo);
  }

  #doorOf(locker: LockerNo): DoorState {
    return this.#hooks.get(locker)?.door ?? 'unknown';
  }

  #lose(why: string, cause?: Fault): void {
    this.#finish(new Fault('board.lost', `${this.#options.port.path}: ${why}`, { cause }));
  }

  /** Drops everything at once; the port is closed in the background. */
  #finish(fault: Fault | null): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#heartbeat.stop();
    this.#line.stop();
    this.#unlocking.abandon();
    void this.#options.port.close();
    this.#end(fault);
  }
}
