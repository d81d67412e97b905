import {
  decodeFrame,
  encodeFrame,
  type Frame,
  type Message,
  type MessageKind,
  type MessageOf,
  protocolVersion,
  settingsCrcOf,
} from '../../../firmware-bridge/board/wire.js';
import { createMachine, type Machine } from '../../../firmware-bridge/emulator/machine.js';
import { firmwareHex } from '../../support/hex-file.js';

/** A board that has said who it is: its boot takes 7 ms, its greeting 5 ms. */
const bootMs = 20;
/** A short frame and its answer, both at 57 600 baud. */
const answerMs = 30;

/** Two lockers, one lock on at a time and without rest, patience of half a second, doors debounced for 30 ms. */
export const settings = {
  kind: 'settings',
  lockers: 2,
  pulseMaxMs: 1_000,
  restMs: 0,
  hostSilenceMs: 500,
  debounceMs: 30,
  locksOnMax: 1,
  flags: 0,
} as const satisfies Message;
/** Locker 1's switch closes with its door, locker 2's with its opening. */
export const lockers = [
  { kind: 'locker', locker: 1, lockPin: 22, doorPin: 54, itemPin: 0, flags: 0 },
  { kind: 'locker', locker: 2, lockPin: 23, doorPin: 55, itemPin: 0, flags: 1 },
] as const satisfies readonly Message[];

export type Settings = MessageOf<'settings'>;
export type Locker = MessageOf<'locker'>;

/** A stretch of time during which a pin was an output of one level. */
export interface Stretch {
  readonly pin: number;
  readonly level: 'high' | 'low';
  readonly fromMs: number;
  /** Undefined while it lasts. */
  toMs: number | undefined;
}

/** The released firmware under virtual time, with a host that says exactly what a test wants it to. */
export class Bench {
  readonly machine: Machine;
  /** Every frame of ours the board has sent. */
  readonly frames: Frame[] = [];
  /** Everything else it has sent. */
  readonly firmata: number[] = [];
  /** When pins were outputs, in the order they became it. */
  readonly driven: Stretch[] = [];
  session = 0;
  #sequence = 0;
  #bytes: number[] = [];

  constructor({ hex = firmwareHex(), eeprom }: { hex?: string; eeprom?: Uint8Array } = {}) {
    this.machine = createMachine(hex, eeprom ? { eeprom } : {});
    this.machine.onSent((byte) => this.#hear(byte));
    this.machine.onPinChange((pin, level) => {
      const open = this.driven.find((each) => each.pin === pin && each.toMs === undefined);
      if (open?.level === level) return;
      const nowMs = this.machine.elapsedMs;
      if (open) open.toMs = nowMs;
      if (level === 'high' || level === 'low')
        this.driven.push({ pin, level, fromMs: nowMs, toMs: undefined });
    });
    this.machine.run(bootMs);
  }

  /** Bytes for the board, without waiting. */
  write(...bytes: number[]): void {
    this.machine.uart.write(Uint8Array.from(bytes));
  }

  /** Sends bytes and gives what came back, other than frames of ours, within `waitMs` of the board's time. */
  askFirmata(bytes: readonly number[], waitMs = answerMs): number[] {
    const before = this.firmata.length;
    this.write(...bytes);
    this.machine.run(waitMs);
    return this.firmata.slice(before);
  }

  /** Sends a message without waiting; returns its sequence. */
  send(message: Message, { session = this.session, sequence = this.#nextSequence() } = {}): number {
    this.write(...encodeFrame({ session, sequence, message }));
    return sequence;
  }

  /** Sends a message and gives every frame that came back within `waitMs`. */
  exchange(message: Message, options?: { session?: number; sequence?: number }, waitMs = answerMs): Frame[] {
    const before = this.frames.length;
    this.send(message, options);
    this.machine.run(waitMs);
    return this.frames.slice(before);
  }

  /** Sends a message and gives the one answer of that kind; throws when there is none. */
  ask<Kind extends MessageKind>(message: Message, kind: Kind): MessageOf<Kind> {
    const found = this.exchange(message).find((frame) => frame.message.kind === kind);
    if (!found) throw new Error(`no ${kind} to a ${message.kind}`);
    return found.message as MessageOf<Kind>;
  }

  /** Messages of one kind, in the order they came. */
  heard<Kind extends MessageKind>(kind: Kind): MessageOf<Kind>[] {
    const messages = this.frames.map(({ message }) => message).filter((message) => message.kind === kind);
    return messages as MessageOf<Kind>[];
  }

  /** Opens a session. */
  hello(hostNonce = 0x1234): MessageOf<'welcome'> {
    const answers = this.exchange({ kind: 'hello', protocol: protocolVersion, hostNonce }, { session: 0 });
    const frame = answers.find(({ message }) => message.kind === 'welcome');
    if (frame?.message.kind !== 'welcome') throw new Error('no welcome');
    this.session = frame.session;
    return frame.message;
  }

  /** Gives the board its settings; returns each answer's result. */
  configure(wanted: Settings = settings, table: readonly Locker[] = lockers): number[] {
    const settingsCrc = settingsCrcOf(wanted, table);
    const messages: Message[] = [wanted, ...table, { kind: 'apply', settingsCrc }];
    return messages.map((message) => this.ask(message, 'answer').result);
  }

  /** A board in session with its settings live and both doors closed and known. */
  static ready(options?: ConstructorParameters<typeof Bench>[0]): Bench {
    const bench = new Bench(options);
    bench.machine.drivePin(54, 'low');
    bench.hello();
    bench.configure();
    bench.machine.run(40);
    return bench;
  }

  /** Lets time pass with a host that lives; the pace is well inside `settings.hostSilenceMs`. */
  runWithHost(durationMs: number): void {
    const untilMs = this.machine.elapsedMs + durationMs;
    while (this.machine.elapsedMs < untilMs) {
      this.send({ kind: 'heartbeat' });
      this.machine.run(Math.min(100, untilMs - this.machine.elapsedMs));
    }
  }

  /** Pins that are outputs at the level that switches an active-high relay on. */
  highPins(): number[] {
    return this.driven
      .filter(({ level, toMs }) => level === 'high' && toMs === undefined)
      .map(({ pin }) => pin);
  }

  #nextSequence(): number {
    this.#sequence = (this.#sequence % 255) + 1;
    return this.#sequence;
  }

  #hear(byte: number): void {
    if (byte === 0xf0) this.#bytes = [];
    if (byte !== 0xf0 && this.#bytes[0] !== 0xf0) this.firmata.push(byte);
    else this.#bytes.push(byte);
    if (byte !== 0xf7) return;
    const decoded = decodeFrame(Uint8Array.from(this.#bytes));
    if (decoded.ok) this.frames.push(decoded.value);
    else this.firmata.push(...this.#bytes);
    this.#bytes = [];
  }
}
