import { performHandshake } from '../../../firmware-bridge/board/handshake.js';
import { Session } from '../../../firmware-bridge/board/session.js';
import {
  decodeFrame,
  type Frame,
  type Message,
  type MessageKind,
  type MessageOf,
} from '../../../firmware-bridge/board/wire.js';
import { createMachine, type Machine } from '../../../firmware-bridge/emulator/machine.js';
import { runUntil } from '../../../firmware-bridge/emulator/uart-stream.js';
import { WiredCabinet } from '../../../firmware-bridge/emulator/wired-cabinet.js';
import type { MegaBoard } from '../../../hardware/cabinet.js';
import type { Timers } from '../../../src/kernel/wait.js';

/** How long 16 MHz / 8 / 35 takes for a start bit, eight data bits and a stop bit. */
export const byteMs = 10 / (16_000 / 8 / 35);
const cycleMs = 1 / 16_000;
/** A board boots in 7 ms and may greet. */
const bootMs = 20;
/** By then host and board have agreed, and the board has its settings in the EEPROM. */
const agreedMs = 2_500;
const beatEveryMs = 500;

/** A frame of the board, and when its last bit had left it. */
export interface ReceivedFrame extends Frame {
  readonly atMs: number;
  readonly bytes: number;
}

/** The released firmware with its cabinet under virtual time, in a session with the kiosk's own host side. */
export class CabinetBoard {
  readonly machine: Machine;
  readonly cabinet: WiredCabinet;
  readonly received: ReceivedFrame[] = [];
  receivedMs = 0;
  sentBytes = 0;
  readonly #session: Session;
  readonly #timers: Timers;
  #bytes: number[] = [];
  #nextBeatMs = 0;

  constructor(
    firmwareHex: string,
    readonly wiring: MegaBoard,
  ) {
    this.machine = createMachine(firmwareHex);
    this.cabinet = new WiredCabinet(this.machine, wiring);
    this.machine.onSent((byte) => this.#receive(byte));
    const { machine } = this;
    this.#timers = {
      get nowMs() {
        return machine.elapsedMs;
      },
      wait: (waitMs, run) => machine.after(waitMs, run),
    };
    this.#session = new Session(
      (frame) => this.#send(frame),
      () => undefined,
      this.#timers.wait,
    );
    this.machine.run(bootMs);
  }

  /** Agrees on the settings and reads all back, as a kiosk does. */
  async shakeHands(): Promise<void> {
    let over = false;
    const end = () => {
      over = true;
    };
    const handshake = performHandshake(this.#session, this.wiring, () => true, this.#timers);
    handshake.then(end, end);
    await runUntil(this.machine, () => over, agreedMs);
    await handshake;
    // From here on everything happens at the same cycle in every run.
    this.machine.runUntil(agreedMs);
  }

  ask(message: Message): number {
    return this.#session.ask(message);
  }

  /** Lets time pass with a host that lives. */
  run(durationMs: number): void {
    const untilMs = this.machine.elapsedMs + durationMs;
    // Time comes in whole cycles.
    while (untilMs - this.machine.elapsedMs > cycleMs) {
      if (this.machine.elapsedMs >= this.#nextBeatMs - cycleMs) {
        this.ask({ kind: 'heartbeat' });
        this.#nextBeatMs = this.machine.elapsedMs + beatEveryMs;
      }
      this.machine.runUntil(Math.min(untilMs, this.#nextBeatMs));
    }
  }

  /** The frames of a kind among those received since there were `since` of them. */
  receivedSince<Kind extends MessageKind>(
    since: number,
    kind: Kind,
  ): (ReceivedFrame & { message: MessageOf<Kind> })[] {
    return this.received
      .slice(since)
      .filter((frame): frame is ReceivedFrame & { message: MessageOf<Kind> } => frame.message.kind === kind);
  }

  #send(frame: Uint8Array): void {
    this.sentBytes = frame.length;
    this.machine.uart.write(frame, () => {
      this.receivedMs = this.machine.elapsedMs + byteMs;
    });
  }

  #receive(byte: number): void {
    if (byte === 0xf0) this.#bytes = [];
    this.#bytes.push(byte);
    if (byte !== 0xf7) return;
    const frame = decodeFrame(Uint8Array.from(this.#bytes));
    if (!frame.ok) return;
    this.received.push({ ...frame.value, atMs: this.machine.elapsedMs, bytes: this.#bytes.length });
    this.#session.receive(frame.value);
  }
}
