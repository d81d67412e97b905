import { Duplex } from 'node:stream';
import { limits } from '../../../../src/kernel/limits.js';
import type { Random } from '../../support/random.js';

/** What a line makes of bytes on their way. */
export type LineFault = (bytes: Buffer) => Buffer;

const sound: LineFault = (bytes) => bytes;

/** A line to a device that can be made to damage what passes, in either direction. */
export class NoisyLine extends Duplex {
  toDevice: LineFault = sound;
  fromDevice: LineFault = sound;

  constructor(private readonly device: Duplex) {
    super({ allowHalfOpen: false });
    device.on('data', (bytes: Buffer) => this.babble(this.fromDevice(bytes)));
  }

  /** Bytes for the host, whether the device sent them or not; lost when nobody takes them. */
  babble(bytes: Buffer): void {
    if (this.readableLength + bytes.length <= limits.emulatorUartBytes) this.push(bytes);
  }

  override _read(): void {
    // The device sends when it likes.
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.device.write(this.toDevice(bytes), done);
  }
}

/** Flips a bit of, drops, or puts a byte before so many of the bytes as `share` says. */
export function noise(random: Random, share: number): LineFault {
  return (bytes) => {
    const arriving: number[] = [];
    for (const byte of bytes) {
      if (!random.chance(share)) {
        arriving.push(byte);
        continue;
      }
      const what = random.pick(['flipped', 'dropped', 'inserted'] as const);
      if (what === 'flipped') arriving.push(byte ^ (1 << random.between(0, 7)));
      if (what === 'inserted') arriving.push(random.between(0, 255), byte);
    }
    return Buffer.from(arriving);
  };
}

/** A burst of bytes that nobody sent. */
export function burst(random: Random): Buffer {
  return Buffer.from(Array.from({ length: random.between(1, 80) }, () => random.between(0, 255)));
}
