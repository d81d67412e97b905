import type { Test } from 'tap';
import type { Host, OpenPort, Port } from '../../firmware-bridge/port/index.js';
import { createRandom, type Random } from '../../scripts/proofs/support/random.js';
import { Fault } from '../../src/kernel/faults.js';
import { VirtualTime } from '../../src/kernel/virtual-time.js';
import { type Cancel, type Timers, type Wait, waited } from '../../src/kernel/wait.js';

/** A turn of the event loop, in virtual milliseconds. */
const turnMs = 0.97;
/** A test that waits longer than this in virtual time hangs. */
const hungMs = 120_000;

interface Awaited {
  readonly isSo: () => boolean;
  resolve(): void;
  readonly expire: () => void;
  readonly expiresMs: number;
}

/**
 * A test's clock, as crooked as a real one: it begins anywhere, counts in fractions, and waits end up to a millisecond early or
 * late. It runs as fast as the computer can, a turn of the event loop at a time: waits that are over, then bytes that have
 * arrived, then waits of 0, as Node does it.
 */
export class TestTime implements Timers {
  readonly #time: VirtualTime;
  #immediates: { run: () => void }[] = [];
  readonly #inputs = new Set<() => void>();
  readonly #awaited = new Set<Awaited>();
  #next: NodeJS.Immediate | undefined;

  constructor(readonly random: Random) {
    this.#time = new VirtualTime(random.between(1, 10_000) + 0.123);
    this.#arm();
  }

  get nowMs(): number {
    return this.#time.nowMs;
  }

  /** How many waits are pending. */
  get pending(): number {
    return this.#time.pending + this.#immediates.length;
  }

  readonly wait: Wait = (waitMs, run) => {
    if (waitMs > 0)
      return this.#time.wait(Math.max(0.01, waitMs + this.random.between(-900, 900) / 1_000), run);
    const immediate = { run };
    this.#immediates.push(immediate);
    return () => {
      immediate.run = () => undefined;
    };
  };

  /** Calls `input` once a turn, to bring a device to the present and to deliver its bytes. */
  onTurn(input: () => void): Cancel {
    this.#inputs.add(input);
    return () => void this.#inputs.delete(input);
  }

  /** Resolves in the turn in which `condition` holds; rejects with what was awaited after two minutes of virtual time. */
  readonly until = (condition: () => boolean, what = condition.toString()): Promise<void> =>
    new Promise((resolve, reject) => {
      const expire = () => reject(new Error(`not within ${hungMs} ms: ${what}`));
      this.#awaited.add({ isSo: condition, resolve, expire, expiresMs: this.nowMs + hungMs });
    });

  /** Resolves when `ms` have passed. */
  async pass(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    await this.until(() => this.nowMs >= endMs);
  }

  /** This process stands still for `ms`, as under a slow SD card: nothing runs, and what is due is late. */
  stall(ms: number): void {
    this.#time.stall(ms);
  }

  stop(): void {
    clearImmediate(this.#next);
    this.#next = undefined;
  }

  #arm(): void {
    this.#next = setImmediate(() => {
      this.#arm();
      this.#turn();
    });
  }

  #turn(): void {
    this.#time.pass(turnMs);
    for (const input of this.#inputs) input();
    const immediates = this.#immediates;
    this.#immediates = [];
    for (const { run } of immediates) run();
    for (const awaited of this.#awaited) {
      const { isSo, resolve, expire, expiresMs } = awaited;
      const holds = isSo();
      if (!holds && this.nowMs < expiresMs) continue;
      this.#awaited.delete(awaited);
      if (holds) resolve();
      else expire();
    }
  }
}

/** A serial line between a device and the program's port, from being plugged in to being unplugged. */
export class VirtualLine {
  #port: LinePort | undefined;
  #plugged = true;
  #toProgram: number[] = [];
  readonly #stopCarrying: Cancel;

  /** `listener` gets what the program writes, at once: a device takes it off the wire at its own pace. */
  constructor(
    private readonly time: TestTime,
    private readonly listener: (bytes: Uint8Array) => void,
  ) {
    this.#stopCarrying = time.onTurn(() => this.#carry());
  }

  /** The speed at which the program has opened the port; undefined while it has not. */
  get baudRate(): number | undefined {
    return this.#port?.baudRate;
  }

  get isOpen(): boolean {
    return this.#port !== undefined;
  }

  open(path: string, baudRate: number): Port {
    const port = new LinePort(path, baudRate, {
      write: (bytes) => void (this.#plugged && this.listener(bytes.slice())),
      closed: () => {
        this.#port = undefined;
        this.#toProgram = [];
      },
    });
    this.#port = port;
    return port;
  }

  /** The device says something; nobody keeps it while the port is closed. */
  write(bytes: Uint8Array): void {
    if (this.#plugged && this.#port) this.#toProgram.push(...bytes);
  }

  /** The device is gone; the program learns of it in the next turn. */
  unplug(): void {
    this.#plugged = false;
  }

  /** What the device says comes in pieces, some of them late. */
  #carry(): void {
    const port = this.#port;
    if (!this.#plugged) {
      this.#stopCarrying();
      port?.end(new Fault('port.lost', `${port.path}: it hung up`));
      return;
    }
    const { random } = this.time;
    const waiting = this.#toProgram.length;
    if (!port || waiting === 0 || random.between(0, 3) === 0) return;
    const count = random.between(0, 2) === 0 ? random.between(1, waiting) : waiting;
    port.arrive(Uint8Array.from(this.#toProgram.splice(0, count)));
  }
}

/** The program's end of a line. */
class LinePort implements Port {
  #onData: (bytes: Uint8Array) => void = () => undefined;
  #onClose: (fault: Fault | null) => void = () => undefined;
  #ended = false;

  constructor(
    readonly path: string,
    readonly baudRate: number,
    private readonly line: { write(bytes: Uint8Array): void; closed(): void },
  ) {}

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#onData = listener;
  }

  onClose(listener: (fault: Fault | null) => void): void {
    this.#onClose = listener;
  }

  write(bytes: Uint8Array): void {
    if (!this.#ended) this.line.write(bytes);
  }

  arrive(bytes: Uint8Array): void {
    this.#onData(bytes);
  }

  end(fault: Fault | null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.line.closed();
    process.nextTick(() => this.#onClose(fault));
  }

  async close(): Promise<void> {
    this.end(null);
  }
}

/** A computer with virtual time and virtual ports, which exist while a line is plugged in at their path. */
export class VirtualHost implements Host {
  readonly timers: TestTime;
  readonly #lines = new Map<string, VirtualLine>();

  constructor(seed: number) {
    this.timers = new TestTime(createRandom(seed, 'host'));
  }

  readonly openPort: OpenPort = async (path, { baudRate }) => {
    await waited(this.timers.wait, this.timers.random.between(1, 5));
    const line = this.#lines.get(path);
    if (!line) throw new Fault('port.unavailable', `${path}: no such file`);
    if (line.isOpen) throw new Fault('port.busy', `${path} is held by this program itself`);
    return line.open(path, baudRate);
  };

  /** Plugs a device in; `listener` gets what the program writes to it. */
  plug(path: string, listener: (bytes: Uint8Array) => void): VirtualLine {
    const line = new VirtualLine(this.timers, listener);
    this.#lines.set(path, line);
    return line;
  }

  unplug(path: string): void {
    this.#lines.get(path)?.unplug();
    this.#lines.delete(path);
  }
}

/** A computer for the length of a test. */
export function virtualHost(test: Test, seed = 1): VirtualHost {
  const host = new VirtualHost(seed);
  // Last, for what ends with the test may wait.
  test.teardown(() => host.timers.stop());
  return host;
}
