import type { BoardLockers } from './board-lockers.js';
import type { Device } from './device.js';
import { type LineKind, type Plug, plugIn } from './plug.js';
import { RealTimeRunner } from './real-time.js';
import type { BoardSnapshot } from './snapshot.js';
import { UartStream } from './uart-stream.js';

/** How long a power cut lasts: longer than supplies and capacitors hold. */
const powerCutMs = 300;

export interface EmulatedBoardOptions {
  readonly name: string;
  readonly device: Device;
  readonly hands: BoardLockers;
  /** What happened on its wire that a real board could not have borne. */
  violations?(): readonly string[];
}

/** One board of the cabinet in real time, with its lockers and its cable. */
export class EmulatedBoard {
  readonly #runner: RealTimeRunner;
  #plug: Plug | undefined;
  #powerCut = false;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly options: EmulatedBoardOptions) {
    this.#runner = new RealTimeRunner(options.device);
  }

  get name(): string {
    return this.options.name;
  }

  /** Called after anything one can see of it or of its lockers has changed. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
    this.options.hands.onChange(listener);
  }

  has(locker: number): boolean {
    return this.options.hands.has(locker);
  }

  /** Gives it its cable and lets its time run; resolves to its address. `path`: name of its pseudo-terminal, if it gets one. */
  async start(kind: LineKind, path: string): Promise<string> {
    const { device } = this.options;
    this.#plug = await plugIn(kind, path, new UartStream(device, (touch) => this.#runner.act(touch)));
    this.#runner.start();
    return this.#plug.address;
  }

  async close(): Promise<void> {
    this.#runner.stop();
    await this.#plug?.close();
  }

  /** Does something to the lockers at the present moment. */
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

  /** Takes the supply away for a moment; what is in the EEPROM stays. */
  cutPower(): void {
    const { device } = this.options;
    if (this.#powerCut) return;
    this.#powerCut = true;
    this.#runner.act(() => {
      device.powerOff();
      device.after(powerCutMs, () => {
        this.#powerCut = false;
        device.powerOn();
        this.#tell();
      });
    });
    this.#tell();
  }

  plug(): void {
    this.#plug?.plug();
    this.#tell();
  }

  unplug(): void {
    this.#plug?.unplug();
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
