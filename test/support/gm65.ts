import type { Gm65Model } from '../../firmware-bridge/reader/gm65/profile.js';
import { crc16 } from '../../src/kernel/crc.js';
import type { VirtualHost, VirtualLine } from './virtual-host.js';

/**
 * Register contents out of the factory that matter here: reads on a trigger only, obeys setting codes, ends codes with nothing,
 * 9600 baud.
 */
const factory: readonly (readonly [address: number, value: number])[] = [
  [0x0000, 0xd4],
  [0x0003, 0x01],
  [0x000d, 0x00],
  [0x000e, 0x04],
  [0x0013, 0x00],
  [0x002a, 0x39],
  [0x002b, 0x01],
  [0x002c, 0x04],
  [0x003f, 0x01],
  [0x0060, 0x60],
  [0x00d0, 0x00],
];

/** How long it takes to answer. */
const answerMs = 3;

/** By the tail registers' type bits. */
const tails = { gm65: ['\r', '\r\n', '\t', ''], gm861: ['\r', '\n', '\r\n', '\t', ''] } as const;

/**
 * A GM65 at the level of its bytes, on a port of a test's computer: requests with a wrong CRC or length get no answer, registers live
 * in RAM until they are saved, and its speed has to be the port's or both receive garbage.
 */
export class FakeGm65 {
  readonly path = 'reader';
  readonly flash = new Map<number, number>(factory);
  /** Everything it was asked, by kind. */
  readonly asked: string[] = [];
  /** Whether it answers; scans come either way. */
  deaf = false;
  /** Its next answer comes this much later than the request. */
  lateOnceMs = 0;
  /** Our own program stands still this long before it reads the next answer, which is in time. */
  stallOnceMs = 0;
  /** Registers that keep what they are. */
  readonly stubborn = new Set<number>();
  /** What it read just before an answer: on the line directly before it. */
  scanBeforeAnswer: string | null = null;
  #ram = new Map(this.flash);
  #queue: number[] = [];

  readonly #line: VirtualLine;

  constructor(
    readonly host: VirtualHost,
    readonly model: Gm65Model = 'gm65',
  ) {
    this.#line = host.plug(this.path, (bytes) => this.#heard(bytes));
  }

  get ram(): ReadonlyMap<number, number> {
    return this.#ram;
  }

  get baudRate(): number {
    return Math.round(3_000_000 / (this.#at(0x002a) + 256 * this.#at(0x002b)) / 100) * 100;
  }

  /** Set by hand, and saved. */
  set(...registers: readonly (readonly [address: number, value: number])[]): void {
    for (const [address, value] of registers) this.flash.set(address, value);
    this.powerCut();
  }

  /** Something was held before it; nothing comes of it unless it reads by itself and sends to the serial line. */
  scan(code: string): void {
    // A printed setting code (here: continuous mode) is obeyed unless its switch is off.
    if (code === '@MODE02' && !(this.#at(0x0003) & 2)) {
      this.#ram.set(0x0000, (this.#at(0x0000) & ~3) | 2);
      return;
    }
    if ((this.#at(0x0000) & 2) === 0 || (this.#at(0x000d) & 1) === 1) return;
    const aimId = this.model === 'gm861' && this.#at(0x00d0) & 0x80 ? ']C0' : '';
    this.#say(Buffer.from(aimId + code + this.#tail(), 'latin1'));
  }

  /** The supply is cut and comes back. */
  powerCut(): void {
    this.#ram = new Map(this.flash);
    this.#queue = [];
  }

  factoryReset(): void {
    this.set(...factory);
  }

  unplug(): void {
    this.host.unplug(this.path);
  }

  #tail(): string {
    if (this.model === 'gm861') return tails.gm861[this.#at(0x000e)] ?? '';
    const tail = this.#at(0x0060);
    return tail & 1 ? (tails.gm65[(tail >> 5) & 3] ?? '') : '';
  }

  #at(address: number): number {
    return this.#ram.get(address) ?? 0;
  }

  /** Whether host and module mean the same speed. */
  #isInTune(): boolean {
    const speed = this.#line.baudRate ?? 0;
    return Math.abs(speed - this.baudRate) < 0.03 * speed;
  }

  #say(bytes: Uint8Array): void {
    this.#line.write(this.#isInTune() ? bytes : bytes.map((byte) => (byte * 31) | 0x80));
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
        for (const [n, value] of data.entries())
          if (!this.stubborn.has(address + n)) this.#ram.set(address + n, value);
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
    const scan = Buffer.from(this.scanBeforeAnswer === null ? '' : `${this.scanBeforeAnswer}\r`);
    const bytes = Uint8Array.of(...scan, head, 0x00, ...body, crc >> 8, crc & 0xff);
    this.scanBeforeAnswer = null;
    const { lateOnceMs, stallOnceMs } = this;
    this.lateOnceMs = 0;
    this.stallOnceMs = 0;
    // It takes its time to look; the answer's bytes are on the line when it is heard.
    this.host.timers.wait(lateOnceMs || answerMs, () => {
      this.#say(bytes);
      this.host.timers.stall(stallOnceMs);
    });
  }
}
