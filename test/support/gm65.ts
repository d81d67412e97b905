import { execFileSync } from 'node:child_process';
import { crc16 } from '../../src/kernel/crc.js';
import { openPty, type Pty } from './pty.js';

/** Register contents out of the factory that matter here: command mode, no light, setting codes on, 9600 baud. */
const factory: readonly (readonly [address: number, value: number])[] = [
  [0x0000, 0x91],
  [0x0003, 0x01],
  [0x000d, 0x00],
  [0x0013, 0x00],
  [0x002a, 0x39],
  [0x002b, 0x01],
  [0x00d0, 0x00],
];

/**
 * A GM65 at the level of its bytes, on a real pseudo-terminal: requests with a wrong CRC or length get no answer, registers live in
 * RAM until they are saved, and its speed has to be the port's or both hear garbage.
 */
export class FakeGm65 {
  readonly pty: Pty = openPty();
  readonly flash = new Map<number, number>(factory);
  /** Everything it was asked, by kind. */
  readonly asked: string[] = [];
  /** Whether it answers; scans come either way. */
  deaf = false;
  #ram = new Map(this.flash);
  #queue: number[] = [];

  constructor() {
    this.pty.onData((bytes) => this.#heard(bytes));
  }

  get path(): string {
    return this.pty.path;
  }

  get ram(): ReadonlyMap<number, number> {
    return this.#ram;
  }

  get baudRate(): number {
    return Math.round(3_000_000 / (this.#at(0x002a) + 256 * this.#at(0x002b)) / 100) * 100;
  }

  /** Something was held before it. */
  scan(code: string): void {
    // A printed setting code (here: continuous mode) is obeyed unless bit 0 of its switch forbids it.
    if (code === '@MODE02' && this.#at(0x0003) & 1) this.#ram.set(0x0000, 0x92);
    else this.#say(Buffer.from(`${code}\r`, 'latin1'));
  }

  /** The supply is cut and comes back. */
  powerCut(): void {
    this.#ram = new Map(this.flash);
    this.#queue = [];
  }

  factoryReset(): void {
    for (const [address, value] of factory) this.flash.set(address, value);
    this.powerCut();
  }

  unplug(): void {
    this.pty.unplug();
  }

  #at(address: number): number {
    return this.#ram.get(address) ?? 0;
  }

  /** Whether host and module mean the same speed; a pseudo-terminal carries any. */
  #isInTune(): boolean {
    const speed = Number(execFileSync('stty', ['-F', this.path, 'speed'], { encoding: 'utf8' }));
    return Math.abs(speed - this.baudRate) / speed < 0.03;
  }

  #say(bytes: Uint8Array): void {
    this.pty.write(this.#isInTune() ? bytes : bytes.map((byte) => (byte * 31) | 0x80));
  }

  #heard(bytes: Uint8Array): void {
    if (!this.#isInTune()) return;
    this.#queue.push(...bytes);
    for (;;) {
      const at = this.#queue.findIndex((byte, index) => byte === 0x7e && this.#queue[index + 1] === 0);
      if (at < 0) return;
      const [, , type = 0, count = 0] = this.#queue.slice(at);
      const length = 2 + 4 + (type === 0x08 ? count : 1) + 2;
      if (this.#queue.length < at + length) return;
      const request = this.#queue.slice(at, at + length);
      this.#queue = this.#queue.slice(at + length);
      this.#obey(request.slice(2, -2), request.slice(-2));
    }
  }

  #obey(body: readonly number[], crc: readonly number[]): void {
    const [type = 0, , high = 0, low = 0, ...data] = body;
    const told = ((crc[0] ?? 0) << 8) | (crc[1] ?? 0);
    if (this.deaf || (told !== 0xabcd && told !== crc16(body))) return;
    const address = (high << 8) | low;
    switch (type) {
      case 0x07:
        this.asked.push('read');
        this.#reply(
          0x02,
          Array.from({ length: data[0] ?? 0 }, (_, n) => this.#at(address + n)),
        );
        return;
      case 0x08:
        this.asked.push('write');
        this.#reply(0x02, [0]);
        for (const [n, value] of data.entries()) this.#ram.set(address + n, value);
        return;
      case 0x09:
        this.asked.push('save');
        for (const [register, value] of this.#ram) this.flash.set(register, value);
        this.#reply(0x02, [0]);
        return;
      case 0x0a:
        this.asked.push('heartbeat');
        this.#reply(0x03, [0]);
    }
  }

  #reply(head: number, data: readonly number[]): void {
    const body = [0x00, data.length, ...data];
    const crc = crc16(body);
    this.#say(Uint8Array.of(head, 0x00, ...body, crc >> 8, crc & 0xff));
  }
}
