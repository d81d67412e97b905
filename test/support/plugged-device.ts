import type { Device } from '../../firmware-bridge/emulator/device.js';
import type { VirtualHost, VirtualLine } from './virtual-host.js';

/** What a line does to bytes on their way; returns what arrives. */
export type LineFault = (bytes: Uint8Array) => Uint8Array;

/** An emulated board in a test's time, on a port whose path stays the same when it is plugged in again. */
export class PluggedDevice {
  /** Damages what the program writes, a write at a time. */
  toBoard: LineFault = (bytes) => bytes;
  /** Damages what the board says, in whole messages. */
  fromBoard: LineFault | undefined;
  /** All bytes that the program has written, over all plugs. */
  readonly heard: number[] = [];
  /** Where a driver finds it. */
  readonly at: { readonly host: VirtualHost; readonly path: string };
  readonly #bornMs: number;
  #line: VirtualLine | undefined;
  #sent: number[] = [];
  #frozen = false;

  /** `wholeBytes` says how many bytes at the beginning are whole messages. */
  constructor(
    private readonly host: VirtualHost,
    readonly path: string,
    private readonly device: Device,
    private readonly wholeBytes: (sent: readonly number[]) => number,
  ) {
    this.at = { host, path };
    this.#bornMs = host.timers.nowMs - device.elapsedMs;
    device.onSent((byte) => this.#sent.push(byte));
    device.onRun(() => this.#deliver());
    host.timers.onTurn(() => this.#catchUp());
    this.plug();
  }

  plug(): void {
    this.#line = this.host.plug(this.path, (bytes) => {
      this.heard.push(...bytes);
      const arriving = this.toBoard(bytes);
      this.act(() => this.device.uart.write(arriving));
    });
  }

  unplug(): void {
    this.host.unplug(this.path);
    this.#line = undefined;
  }

  /** Bytes on the line that no board sent. */
  babble(bytes: Uint8Array): void {
    this.#line?.write(bytes);
  }

  /** Does something to the board or its lockers at the present moment. */
  readonly act = <Value>(touch: () => Value): Value => {
    this.#catchUp();
    return touch();
  };

  /** The board's clock stands still: it neither receives nor sends. */
  freeze(): void {
    this.#frozen = true;
  }

  #catchUp(): void {
    if (!this.#frozen) this.device.runUntil(this.host.timers.nowMs - this.#bornMs);
  }

  #deliver(): void {
    const whole = this.fromBoard ? this.wholeBytes(this.#sent) : this.#sent.length;
    if (whole === 0) return;
    const bytes = Uint8Array.from(this.#sent.splice(0, whole));
    this.#line?.write(this.fromBoard?.(bytes) ?? bytes);
  }
}
