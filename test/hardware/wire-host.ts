import { openSession } from '../../firmware-bridge/board/handshake.js';
import { Session } from '../../firmware-bridge/board/session.js';
import { settingsOf } from '../../firmware-bridge/board/settings.js';
import {
  decodeFrame,
  type Frame,
  type Message,
  type MessageKind,
  type MessageOf,
  settingsCrcOf,
} from '../../firmware-bridge/board/wire.js';
import type { Host, Port } from '../../firmware-bridge/port/index.js';
import type { MegaBoard } from '../../hardware/cabinet.js';

/** A host that says exactly what a test wants it to, over a port; it keeps no session alive by itself. */
export class WireHost {
  /** Every byte it has written. */
  readonly said: number[] = [];
  /** Frames of the session, in the order they came. */
  readonly heard: Frame[] = [];
  readonly #session: Session;
  #port: Port | undefined;
  #arriving: number[] = [];

  constructor(
    private readonly host: Host,
    private readonly path: string,
  ) {
    this.#session = new Session(
      (bytes) => this.write(bytes),
      (frame) => this.heard.push(frame),
      host.timers.wait,
    );
  }

  async open(): Promise<void> {
    const port = await this.host.openPort(this.path, { baudRate: 57_600 });
    port.onData((bytes) => this.#receive(bytes));
    // Every question has its own deadline.
    port.onClose(() => undefined);
    this.#port = port;
  }

  /** Opens a session and gives the board its settings, some of them changed; throws when it refuses. */
  async begin(description: MegaBoard, changes: Partial<MessageOf<'settings'>> = {}): Promise<void> {
    await openSession(this.#session);
    const { settings, lockers } = settingsOf(description);
    const changed = { ...settings, ...changes };
    const apply = { kind: 'apply', settingsCrc: settingsCrcOf(changed, lockers) } as const;
    for (const message of [changed, ...lockers, apply]) {
      const { result } = await this.ask(message, 'answer');
      if (result !== 0) throw new Error(`${message.kind}: reason ${result}`);
    }
  }

  async ask<Kind extends MessageKind>(message: Message, kind: Kind): Promise<MessageOf<Kind>> {
    return (await this.#session.answerTo(message, kind)).answer;
  }

  status(): Promise<MessageOf<'status'>> {
    return this.ask({ kind: 'heartbeat' }, 'status');
  }

  write(bytes: ArrayLike<number>): void {
    this.said.push(...Array.from(bytes));
    this.#port?.write(Uint8Array.from(bytes));
  }

  async close(): Promise<void> {
    await this.#port?.close();
  }

  #receive(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === 0xf0) this.#arriving = [];
      this.#arriving.push(byte);
      if (byte !== 0xf7) continue;
      const frame = decodeFrame(Uint8Array.from(this.#arriving));
      if (frame.ok) this.#session.receive(frame.value);
    }
  }
}
