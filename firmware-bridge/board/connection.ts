import type { MegaBoard } from '../../hardware/cabinet.js';
import { Fault } from '../../src/kernel/faults.js';
import type { LockerNo } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import type { Log } from '../../src/kernel/log.js';
import type { Timers } from '../../src/kernel/wait.js';
import type { Port } from '../port/index.js';
import { BoardDevice } from './device.js';
import { Door } from './door.js';
import { Heartbeat } from './driver/heartbeat.js';
import type { BoardEvent, LastPulse, PulseStrength } from './driver/locker-board.js';
import { type HandshakeResult, openSession, performHandshake } from './handshake.js';
import { Item } from './item.js';
import { Lock } from './lock.js';
import { Session } from './session.js';
import { StatusWatch } from './status-watch.js';
import type { Frame, MessageOf } from './wire.js';

export interface ConnectionOptions {
  /** Just opened; belongs to the connection from now on. */
  readonly port: Port;
  readonly description: MegaBoard;
  readonly timers: Timers;
  readonly log: Log;
  readonly restWaitMs: number;
  /** The boot in which the board was last seen ready. */
  readonly knownBootId: number | undefined;
  onEvent(event: Exclude<BoardEvent, { kind: 'lost' }>): void;
}

/** Boots that nobody asked for, by the AVR's MCUSR. */
const restartCauses: Readonly<Record<number, string>> = { 4: 'brown-out', 8: 'watchdog' };

/** One locker on its board; the board counts its lockers from 1 in the order of the description. */
interface Station {
  readonly locker: LockerNo;
  readonly lock: Lock;
  readonly door: Door;
  readonly item: Item;
  /** Whether a sensor for the item is fitted. */
  readonly hasItem: boolean;
}

/**
 * One connection to a board, from an open port until the port closes, a heartbeat times out, or the board resets.
 * Then everything is dropped together; a connection is never ready twice.
 */
export class BoardConnection {
  readonly #options: ConnectionOptions;
  readonly #device: BoardDevice;
  readonly #session: Session;
  readonly #heartbeat: Heartbeat;
  readonly #stations: readonly Station[];
  readonly #ended: Promise<Fault | null>;
  #end: (fault: Fault | null) => void = () => undefined;
  #state: 'starting' | 'ready' | 'ended' = 'starting';
  #bootId = 0;
  #statusWatch: StatusWatch | undefined;

  constructor(options: ConnectionOptions) {
    const { port, description, restWaitMs, log, timers } = options;
    const { wait } = timers;
    this.#options = options;
    this.#device = new BoardDevice(port, log, wait);
    this.#session = new Session(
      (frame) => this.#device.send(frame),
      (frame) => this.#receive(frame),
      wait,
    );
    const parts = {
      board: this.#device.five,
      session: this.#session,
      coil: description.coil,
      restWaitMs,
      wait,
    };
    this.#stations = description.lockers.map(({ locker, itemPin }, index) => {
      const at = { ...parts, wireNo: index + 1 };
      const hasItem = itemPin !== undefined;
      return { locker, lock: new Lock(at), door: new Door(at), item: new Item(at), hasItem };
    });
    this.#heartbeat = new Heartbeat({
      timers,
      beat: () => this.#sendHeartbeat(),
      onSilence: () => this.#lose(`no heartbeat for ${limits.heartbeatDeadlineMs} ms`),
      // The board has ended the session; what it said before is past, and is not to be taken for what comes of a new unlock.
      pauseMaxMs: limits.hostSilenceMs,
      onPause: () => this.#lose(`the kiosk stood still for over ${limits.hostSilenceMs} ms`),
    });
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get ready(): boolean {
    return this.#state === 'ready';
  }

  /**
   * Brings the board up, emits `ready`, and resolves when the connection has ended, with the reason
   * (`board.foreign`, `board.disagrees`, `board.lost`) or null after `close`. To be called once, in the tick the port
   * was opened.
   */
  async run(): Promise<Fault | null> {
    this.#options.port.onClose((fault) => {
      if (fault) this.#lose(fault.message, fault);
    });
    const cancel = this.#options.timers.wait(limits.boardReadyMs, () =>
      this.#finish(this.#device.identificationFault()),
    );
    try {
      await Promise.race([this.#bringUp(), this.#ended]);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#finish(error);
    } finally {
      cancel();
    }
    return this.#ended;
  }

  /** Unlocks; on the wire when this returns. Only on a ready connection and a locker of the board. */
  unlock(locker: LockerNo, tag: number, strength: PulseStrength): void {
    this.#stations.find((each) => each.locker === locker)?.lock.pulse(tag, strength);
  }

  /** Ends the session on the board, all locks off, if it still answers; resolves when the port is closed. */
  async close(): Promise<void> {
    if (this.#state === 'ready') {
      this.#heartbeat.stop();
      for (const { lock } of this.#stations) lock.stopWaiting();
      await openSession(this.#session, limits.boardCloseMs).catch((error: unknown) =>
        this.#options.log.warn({ error: String(error) }, 'board session end not confirmed'),
      );
    }
    this.#finish(null);
    await this.#options.port.close();
  }

  async #bringUp(): Promise<void> {
    const { description, timers } = this.#options;
    await this.#device.identify((frame) => this.#session.receive(frame));
    const itemsKnown = () =>
      this.#stations.every(
        ({ hasItem, item, door }) => !hasItem || door.chatters || item.state !== 'unknown',
      );
    const handshake = await performHandshake(this.#session, description, itemsKnown, timers);
    if (this.#state !== 'starting') return;
    this.#bootId = handshake.welcome.bootId;
    this.#statusWatch = new StatusWatch(handshake.status);
    this.#logRestart(handshake.welcome);
    // Questions asked before the WELCOME were answered before it, so any later version report is a reset.
    this.#device.onVersion(() => this.#lose('the board was reset'));
    for (const station of this.#stations) this.#follow(station);
    // The port may have been opened in the middle of a message, or while a boot loader was sending.
    this.#device.takeNoise();
    this.#state = 'ready';
    this.#reportReady(handshake);
    this.#heartbeat.start();
  }

  #follow({ locker, lock, door, item }: Station): void {
    const { onEvent } = this.#options;
    door.on('chatter', (chatters) => onEvent({ kind: 'chatter', locker, chatters }));
    door.on('change', (state) => onEvent({ kind: 'door', locker, door: state }));
    item.on('change', (state) => onEvent({ kind: 'item', locker, item: state }));
    lock.on('pulse', (tag, outcome) => onEvent({ kind: 'pulse', locker, tag, outcome }));
  }

  #reportReady({ welcome, doors }: HandshakeResult): void {
    this.#options.onEvent({
      kind: 'ready',
      firmware: `${this.#device.firmwareName} ${welcome.major}.${welcome.minor}`,
      bootId: welcome.bootId,
      doors: new Map(this.#stations.map(({ locker, door }) => [locker, door.state])),
      items: new Map(this.#stations.map(({ locker, item }) => [locker, item.state])),
      chattering: new Set(this.#stations.filter(({ door }) => door.chatters).map(({ locker }) => locker)),
      lastPulse: this.#lastPulseIn(doors),
    });
  }

  /** Logs a boot that nobody asked for, once. */
  #logRestart({ bootId, resetCause }: HandshakeResult['welcome']): void {
    const cause = restartCauses[resetCause];
    if (!cause || bootId === this.#options.knownBootId) return;
    this.#options.log.warn({ code: 'board.restarted', cause }, 'board restarted unexpectedly');
  }

  /** Asks for the doors too: a report that noise has eaten would otherwise be missed until the next one. */
  #sendHeartbeat(): void {
    this.#session.ask({ kind: 'heartbeat' });
    this.#session.ask({ kind: 'queryDoors' });
    this.#reportNoise();
  }

  #receive({ message }: Frame): void {
    if (message.kind === 'doors') for (const { door } of this.#stations) door.update(message);
    if (message.kind === 'items') for (const { item } of this.#stations) item.update(message);
    if (message.kind === 'pulsed') this.#stations[message.locker - 1]?.lock.ended(message);
    if (message.kind === 'status' && this.#state === 'ready') this.#checkStatus(message);
  }

  #checkStatus(status: MessageOf<'status'>): void {
    if (status.bootId !== this.#bootId) {
      this.#lose('the board has booted anew');
      return;
    }
    this.#heartbeat.answered();
    for (const complaint of this.#statusWatch?.take(status, this.#options.timers.nowMs) ?? [])
      this.#options.log.warn(complaint, 'board error counter increased');
  }

  #reportNoise(): void {
    const discarded = this.#device.takeNoise();
    if (discarded > 0) this.#options.onEvent({ kind: 'noise', discardedBytes: discarded });
  }

  #lose(why: string, cause?: Fault): void {
    this.#finish(new Fault('board.lost', `${this.#options.port.path}: ${why}`, { cause }));
  }

  /** Drops everything at once; the port is closed in the background. */
  #finish(fault: Fault | null): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#heartbeat.stop();
    for (const { lock } of this.#stations) lock.abandon();
    this.#reportNoise();
    this.#device.release();
    void this.#options.port.close();
    this.#end(fault);
  }

  /** Null too for a pulse of a locker that the board had under other settings. */
  #lastPulseIn({ lastTag, lastLocker, lastOpened }: MessageOf<'doors'>): LastPulse | null {
    const station = this.#stations[lastLocker - 1];
    return station ? { tag: lastTag, locker: station.locker, opened: lastOpened !== 0 } : null;
  }
}
