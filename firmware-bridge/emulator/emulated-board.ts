import type { Duplex } from 'node:stream';
import type { Timers } from '../../src/kernel/wait.js';
import type { BoardLockers } from './board-lockers.js';
import type { Device } from './device.js';
import type { Plug } from './plug.js';
import { RealTimeRunner } from './real-time.js';
import type { BoardSnapshot } from './snapshot.js';
import { UartStream } from './uart-stream.js';

/** Duration of a power cut: longer than supplies and capacitors hold. */
const powerCutMs = 300;

export interface EmulatedBoardOptions {
  readonly name: string;
  readonly device: Device;
  readonly hands: BoardLockers;
  /** The clock that the board follows; the computer's by default. */
  readonly timers?: Timers;
  /** Protocol violations on its line that could damage a real board. */
  violations?(): readonly string[];
}

/** One board of the cabinet at the pace of a clock, with its lockers and its cable. */
export class EmulatedBoard {
  readonly #runner: RealTimeRunner;
  #plug: Plug | undefined;
  #powerCut = false;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly options: EmulatedBoardOptions) {
    this.#runner = new RealTimeRunner(options.device, options.timers);
  }

  get name(): string {
    return this.options.name;
  }

  /** Calls `listener` after each visible change of the board or its lockers. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
    this.options.hands.onChange(listener);
  }

  has(locker: number): boolean {
    return this.options.hands.has(locker);
  }

  /** Connects the board by `plugIn` and starts its time; resolves to its address. */
  async start(plugIn: (device: Duplex) => Promise<Plug>): Promise<string> {
    this.#plug = await plugIn(new UartStream(this.options.device, (touch) => this.#runner.act(touch)));
    this.#runner.start();
    return this.#plug.address;
  }

  async close(): Promise<void> {
    this.#runner.stop();
    await this.#plug?.close();
  }

  /** Runs the board up to the present, then calls `act` with its lockers. */
  hands<Value>(act: (hands: BoardLockers) => Value): Value {
    return this.#runner.act(() => act(this.options.hands));
  }

  snapshot(): BoardSnapshot {
    const { name, device, violations } = this.options;
    return {
      board: name,
      running: device.running,
      plugged: this.#plug?.plugged === true,
      violations: violations?.() ?? [],
    };
  }

  reset(): void {
    this.#runner.act(() => this.options.device.reset());
  }

  /** Cuts the supply for 300 ms; the EEPROM keeps its contents. */
  cutPower(): void {
    const { device } = this.options;
    if (this.#powerCut) return;
    this.#powerCut = true;
    this.#runner.act(() => {
      device.powerOff();
      device.after(powerCutMs, () => {
        this.#powerCut = false;
        device.powerOn();
        this.#notify();
      });
    });
    this.#notify();
  }

  plug(): void {
    this.#plug?.plug();
    this.#notify();
  }

  unplug(): void {
    this.#plug?.unplug();
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
