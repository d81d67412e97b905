import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import { type BrokerWay, connectMqtt } from '../mqtt/connection.js';
import { filtersOf, isOnline, type SeenKiosk, type Street, seen } from './street.js';
import { tableOf } from './table.js';

/** How a street is watched. */
export interface MonitorOptions extends BrokerWay {
  /** One street, or all that the broker lets us see (`+`). */
  readonly street: string;
  /** JSON for scripts: one line for each change, or with `once` one for all. */
  readonly json: boolean;
  /** What the broker retains, and no more. */
  readonly once: boolean;
}

/** Where a monitor writes to. */
export interface MonitorOutput {
  write(text: string): void;
  readonly columns?: number | undefined;
  readonly isTTY?: boolean | undefined;
}

/** A monitor that runs. */
export interface Monitor {
  /** Resolves with the program’s exit code when `once` is done: 1 where no broker answered. */
  readonly done: Promise<number>;
  close(): Promise<void>;
}

const nothing = () => undefined;
const quiet: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const home = '\u001b[H';
const restOfLine = '\u001b[K';
const restOfScreen = '\u001b[J';

/** Watches the kiosks of a street by what they publish of themselves; survives any broker. */
export function startMonitor(options: MonitorOptions, output: MonitorOutput): Monitor {
  return new StreetMonitor(options, output);
}

class StreetMonitor implements Monitor {
  readonly done: Promise<number>;
  #street: Street = new Map();
  #isConnected = false;
  #lastHeardMs = performance.now();
  readonly #beganMs = performance.now();
  readonly #connection;
  readonly #ticks: NodeJS.Timeout;
  #finish: (code: number) => void = nothing;

  constructor(
    private readonly options: MonitorOptions,
    private readonly output: MonitorOutput,
  ) {
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#connection = connectMqtt({
      ...options,
      clientId: 'lening-monitor',
      subscribe: filtersOf(options.street),
      log: quiet,
      onOnline: (online) => {
        this.#isConnected = online;
        this.#lastHeardMs = performance.now();
        this.#draw();
      },
      onMessage: (topic, payload) => this.#onMessage(topic, payload),
    });
    // Ages grow while nothing is heard.
    this.#ticks = setInterval(() => this.#tick(), limits.monitorRefreshMs);
    this.#draw();
  }

  close(): Promise<void> {
    clearInterval(this.#ticks);
    return this.#connection.close();
  }

  #onMessage(topic: string, payload: Uint8Array): void {
    const before = this.#street;
    this.#street = seen(before, topic, payload);
    this.#lastHeardMs = performance.now();
    if (this.#street === before) return;
    const kiosk = [...this.#street.values()].find((each) => before.get(each.kiosk) !== each);
    if (this.options.json && !this.options.once && kiosk) this.output.write(`${jsonOf(kiosk)}\n`);
    else this.#draw();
  }

  #tick(): void {
    const nowMs = performance.now();
    if (!this.options.once) {
      this.#draw();
      return;
    }
    const isSettled = this.#isConnected && nowMs - this.#lastHeardMs >= limits.monitorRetainedMs;
    if (!isSettled && nowMs - this.#beganMs < limits.monitorConnectMs) return;
    this.output.write(
      this.options.json
        ? `[${[...this.#street.values()].map(jsonOf).join(',')}]\n`
        : `${this.#table().join('\n')}\n`,
    );
    this.#finish(this.#isConnected ? 0 : 1);
  }

  #table(): string[] {
    const { columns = 80 } = this.output;
    return tableOf(this.#street, {
      nowMs: Date.now(),
      width: columns,
      isConnected: this.#isConnected,
      broker: new URL(this.options.url).host,
    });
  }

  /** Draws over what is there, so that nothing flickers. */
  #draw(): void {
    if (this.options.json || this.options.once) return;
    const lines = this.#table();
    if (!this.output.isTTY) this.output.write(`${lines.join('\n')}\n\n`);
    else this.output.write(`${home}${lines.map((line) => line + restOfLine).join('\n')}\n${restOfScreen}`);
  }
}

function jsonOf(kiosk: SeenKiosk): string {
  return JSON.stringify({ ...kiosk, online: isOnline(kiosk, Date.now()) });
}
