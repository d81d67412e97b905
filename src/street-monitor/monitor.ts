import { limits } from '../kernel/limits.js';
import { silentLog } from '../kernel/log.js';
import { type BrokerAddress, connectMqtt } from '../mqtt/connection.js';
import { applyMessage, isOnline, type KioskStatus, type Street, topicFilters } from './kiosk-status.js';
import { renderTable } from './table.js';

/** Options of a street monitor. */
export interface MonitorOptions extends BrokerAddress {
  /** One street, or all that the broker lets us see (`+`). */
  readonly street: string;
  /** JSON for scripts: one line for each change, or with `once` one for all. */
  readonly json: boolean;
  /** Prints what the broker retains, and ends. */
  readonly once: boolean;
}

/** The output of a monitor. */
export interface MonitorOutput {
  write(text: string): void;
  readonly columns?: number | undefined;
  readonly isTTY?: boolean | undefined;
}

/** A running monitor. */
export interface Monitor {
  /** Resolves with the program’s exit code when `once` is done: 1 where no broker answered. */
  readonly done: Promise<number>;
  close(): Promise<void>;
}

const nothing = () => undefined;
const home = '\u001b[H';
const restOfLine = '\u001b[K';
const restOfScreen = '\u001b[J';

/** Shows the kiosks of a street by the messages that they publish; reconnects for ever. */
export function startMonitor(options: MonitorOptions, output: MonitorOutput): Monitor {
  return new StreetMonitor(options, output);
}

class StreetMonitor implements Monitor {
  readonly done: Promise<number>;
  #street: Street = new Map();
  #isConnected = false;
  #lastMessageMs = performance.now();
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
      subscribe: topicFilters(options.street),
      log: silentLog,
      onOnline: (online) => {
        this.#isConnected = online;
        this.#lastMessageMs = performance.now();
        this.#draw();
      },
      onMessage: (topic, payload) => this.#onMessage(topic, payload),
    });
    // Ages grow also without messages.
    this.#ticks = setInterval(() => this.#tick(), limits.monitorRefreshMs);
    this.#draw();
  }

  close(): Promise<void> {
    clearInterval(this.#ticks);
    return this.#connection.close();
  }

  #onMessage(topic: string, payload: Uint8Array): void {
    const before = this.#street;
    this.#street = applyMessage(before, topic, payload);
    this.#lastMessageMs = performance.now();
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
    const isSettled = this.#isConnected && nowMs - this.#lastMessageMs >= limits.monitorRetainedMs;
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
    return renderTable(this.#street, {
      nowMs: Date.now(),
      width: columns,
      isConnected: this.#isConnected,
      broker: new URL(this.options.url).host,
    });
  }

  /** Overwrites the previous table without clearing it first, so that nothing flickers. */
  #draw(): void {
    if (this.options.json || this.options.once) return;
    const lines = this.#table();
    if (!this.output.isTTY) this.output.write(`${lines.join('\n')}\n\n`);
    else this.output.write(`${home}${lines.map((line) => line + restOfLine).join('\n')}\n${restOfScreen}`);
  }
}

function jsonOf(kiosk: KioskStatus): string {
  return JSON.stringify({ ...kiosk, online: isOnline(kiosk, Date.now()) });
}
