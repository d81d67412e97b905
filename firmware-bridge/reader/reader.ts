import { Fault } from '../../src/kernel/faults.js';
import { limits } from '../../src/kernel/limits.js';
import type { Log } from '../../src/kernel/log.js';
import type { Cancel } from '../../src/kernel/wait.js';
import type { Host, Port } from '../port/index.js';
import { classify, lockerCode, type Scan, type ScannedAt } from './classify.js';
import { createFramer } from './framer.js';
import { type Gm65Outcome, openGm65 } from './gm65/open.js';
import type { Gm65Model } from './gm65/profile.js';
import { createNoiseMeter, type NoiseMeter } from './noise-meter.js';
import { createRateLimit, createRepeatFilter, type RateLimit } from './scan-limits.js';
import { createSilenceWatch } from './silence-watch.js';

export type ReaderEvent =
  /** `bytes`: how long the code was; its text goes nowhere else. */
  | { readonly kind: 'scan'; readonly scan: Scan; readonly bytes: number }
  /** The port is open. A reader says nothing until it reads, so this does not prove that one is there. */
  | { readonly kind: 'ready' }
  /** The port ended or cannot be opened (`reader.lost`); told once, then tried again until `ready`. */
  | { readonly kind: 'lost'; readonly fault: Fault }
  /** Bytes that were no scan, since this was last told. */
  | { readonly kind: 'noise'; readonly discardedBytes: number }
  /** So many scans came faster than anybody scans and were dropped, since this was last told. */
  | { readonly kind: 'flood'; readonly droppedScans: number }
  /** The settings of a GM65 were looked at, once for each opening of its port. */
  | { readonly kind: 'settings'; readonly outcome: Gm65Outcome };

export interface ReaderOptions extends ScannedAt {
  /** A device path or `tcp://host:port`. */
  readonly path: string;
  readonly baudRate: number;
  /** What is known of the reader: nothing, or that its settings can be kept right. */
  readonly readerKind: 'generic' | Gm65Model;
  /** More codes in a second than this are dropped; `limits.scansPerSecond` where it is not given. */
  readonly scansPerSecond?: number;
  /** The computer that the port belongs to. */
  readonly host: Host;
  readonly log: Log;
  /** Called for each event; a scan's within the very callback that brought its last byte. */
  readonly onEvent: (event: ReaderEvent) => void;
}

/** The barcode reader behind one port, through all its connections. */
export interface Reader {
  start(): void;
  /** Resolves when the port is free; no event comes afterwards. */
  close(): Promise<void>;
}

/** The barcode reader on a serial port: scans come as events, and a lost port is opened anew for ever. */
export function createReader(options: ReaderOptions): Reader {
  return new SerialReader(options);
}

class SerialReader implements Reader {
  readonly #repeats = createRepeatFilter(limits.scanRepeatMs);
  readonly #host: Host;
  readonly #noise: NoiseMeter;
  readonly #rate: RateLimit;
  readonly #flood: NoiseMeter;
  #isClosing = false;
  #isLossReported = false;
  #waitMs: number = limits.reconnectFirstMs;
  #cancelRetry: Cancel = () => undefined;
  #opening: Promise<void> = Promise.resolve();
  #port: Port | undefined;
  #openedMs = 0;

  constructor(readonly options: ReaderOptions) {
    this.#host = options.host;
    const { wait } = this.#host.timers;
    this.#rate = createRateLimit(options.scansPerSecond ?? limits.scansPerSecond);
    this.#noise = createNoiseMeter(wait, limits.scanNoiseReportMs, (discardedBytes) => {
      this.#report({ kind: 'noise', discardedBytes });
      this.#probeSpeed();
    });
    this.#flood = createNoiseMeter(wait, limits.scanNoiseReportMs, (droppedScans) =>
      this.#report({ kind: 'flood', droppedScans }),
    );
  }

  start(): void {
    warmUpReading(this.options);
    this.#opening = this.#open();
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#cancelRetry();
    this.#noise.stop();
    this.#flood.stop();
    await this.#opening;
    await this.#port?.close();
  }

  async #open(): Promise<void> {
    const opened = await this.#openPort().catch((error: unknown) => {
      if (error instanceof Fault) return error;
      throw error;
    });
    if (opened instanceof Fault) this.#handleLoss(opened);
    else this.#listen(opened);
  }

  #openPort(): Promise<Port> {
    const { path, baudRate, readerKind } = this.options;
    if (readerKind === 'generic') return this.#host.openPort(path, { baudRate });
    const onOutcome = (outcome: Gm65Outcome) => this.#report({ kind: 'settings', outcome });
    return openGm65({ host: this.#host, path, baudRate, model: readerKind, onOutcome });
  }

  /** Each port has its own framer: the beginning of a scan on one is never completed by the next. */
  #listen(port: Port): void {
    this.#port = port;
    this.#openedMs = this.#host.timers.nowMs;
    const framer = createFramer(limits.scanLengthBytes);
    const silence = createSilenceWatch(this.#host.timers.wait, limits.scanGapMs, () =>
      this.#noise.count(framer.silence()),
    );
    port.onData((bytes) => {
      if (this.#isClosing) return;
      const { frames, discardedBytes } = framer.push(bytes);
      for (const text of frames) this.#handleScan(text);
      this.#noise.count(discardedBytes);
      silence.heard(framer.isUnfinished);
    });
    port.onClose((fault) => {
      silence.stop();
      this.#noise.count(framer.silence());
      // A port that opens and ends at once must not be tried at full speed.
      if (this.#host.timers.nowMs - this.#openedMs > limits.reconnectMaxMs)
        this.#waitMs = limits.reconnectFirstMs;
      if (fault) this.#handleLoss(fault);
    });
    this.#isLossReported = false;
    this.#report({ kind: 'ready' });
  }

  /** A module that makes no sense may have been reset to another speed: it is opened anew, which looks for it. */
  #probeSpeed(): void {
    const port = this.#port;
    if (this.options.readerKind === 'generic' || !port || this.#isClosing) return;
    if (this.#host.timers.nowMs - this.#openedMs < limits.gm65SpeedProbeMs) return;
    this.#port = undefined;
    this.#opening = port.close().then(() => this.#open());
  }

  #handleScan(text: string): void {
    const nowMs = this.#host.timers.nowMs;
    if (this.#repeats.isRepeat(text, nowMs)) return;
    if (this.#rate.isTooMany(nowMs)) {
      this.#repeats.forget();
      this.#flood.count(1);
      return;
    }
    this.#report({ kind: 'scan', scan: classify(text, this.options), bytes: Buffer.byteLength(text) });
  }

  #handleLoss(fault: Fault): void {
    this.#port = undefined;
    if (this.#isClosing) return;
    const waitMs = this.#waitMs;
    this.#waitMs = Math.min(waitMs * 2, limits.reconnectMaxMs);
    this.#cancelRetry = this.#host.timers.wait(waitMs, () => {
      this.#opening = this.#open();
    });
    this.options.log.debug({ code: fault.code, waitMs }, 'reader port retry scheduled');
    if (this.#isLossReported) return;
    this.#isLossReported = true;
    this.#report({ kind: 'lost', fault: new Fault('reader.lost', fault.message, { cause: fault }) });
  }

  #report(event: ReaderEvent): void {
    if (!this.#isClosing) this.options.onEvent(event);
  }
}

/** Readings until the engine has compiled the path (some 20 ms on a PC). */
const warmUpRounds = 200;

/** Reads sample codes into nowhere, so that the first resident does not wait for code to be compiled. */
function warmUpReading(at: ScannedAt): void {
  const framer = createFramer(limits.scanLengthBytes);
  const pass = `]Q1LN1:${'A'.repeat(180)}`;
  const doors = at.lockers.slice(0, 1).map((locker) => lockerCode(at.kiosk, locker));
  const bytes = Buffer.from([pass, 'A30234000517861B', '9787020002207', ...doors, ''].join('\r\n'));
  for (let n = 0; n < warmUpRounds; n++) {
    for (const text of framer.push(bytes).frames) classify(text, at);
  }
}
