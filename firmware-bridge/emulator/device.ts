import type { Cancel } from '../../src/kernel/wait.js';
import type { RxQueue } from './rx-queue.js';

/** An emulated board from outside: its supply, its serial line, and its own time, which passes only while it runs. */
export interface Device {
  readonly elapsedMs: number;
  /** It has power. */
  readonly running: boolean;
  /** Bytes for the board. */
  readonly uart: Pick<RxQueue, 'write'>;
  runUntil(elapsedMs: number): void;
  /** Calls `act` after `delayMs` of the board's time. */
  after(delayMs: number, act: () => void): Cancel;
  onRun(listener: () => void): () => void;
  onSent(listener: (byte: number) => void): () => void;
  reset(): void;
  powerOff(): void;
  powerOn(): void;
}
