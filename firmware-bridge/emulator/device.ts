import type { Cancel } from '../../src/kernel/wait.js';
import type { RxQueue } from './rx-queue.js';

/** An emulated board as the outside sees it: a supply, a serial line, and a time of its own that passes only when it is run. */
export interface Device {
  readonly elapsedMs: number;
  /** It has power. */
  readonly running: boolean;
  /** Bytes for the board. */
  readonly uart: Pick<RxQueue, 'write'>;
  runUntil(elapsedMs: number): void;
  /** Does something once that much of the board's time has passed. */
  after(delayMs: number, act: () => void): Cancel;
  onRun(listener: () => void): () => void;
  onSent(listener: (byte: number) => void): () => void;
  reset(): void;
  powerOff(): void;
  powerOn(): void;
}
