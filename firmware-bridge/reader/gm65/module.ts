import type { Fault } from '../../../src/kernel/faults.js';
import { limits } from '../../../src/kernel/limits.js';
import { type Wait, waitInHalves } from '../../../src/kernel/wait.js';
import type { Host, Port } from '../../port/index.js';
import { encodeRequest, type Gm65Request } from './codec.js';
import { createReplySplitter } from './splitter.js';

/** What no scan holds: makes the framer throw away a scan whose beginning is lost. */
const SPOILED = Uint8Array.of(0);

/** A module behind an open port: asked one thing at a time, its scans passed on. */
export class Gm65Module {
  readonly #splitter = createReplySplitter();
  /** What was scanned before anybody listened. */
  #early: Uint8Array[] = [];
  #earlyBytes = 0;
  #onText: ((bytes: Uint8Array) => void) | undefined;
  #onReply: (data: Uint8Array | null) => void = () => undefined;
  #onClose: ((fault: Fault | null) => void) | undefined;
  /** How the port ended; undefined while it is open. */
  #end: Fault | null | undefined;
  /** A request was given up whose reply may come yet; it must not be taken for the next one's. */
  #isReplyPending = false;

  private constructor(
    readonly port: Port,
    private readonly wait: Wait,
  ) {}

  /** Opens the port; rejects as `openPort` does. */
  static async open(host: Host, path: string, baudRate: number): Promise<Gm65Module> {
    const port = await host.openPort(path, { baudRate });
    const module = new Gm65Module(port, host.timers.wait);
    port.onData((bytes) => module.#receive(bytes));
    port.onClose((fault) => module.#ended(fault));
    return module;
  }

  get isOpen(): boolean {
    return this.#end === undefined;
  }

  /** The data of the module's reply, or null when none came in time; asked twice, as noise may spoil one. */
  async ask(request: Gm65Request): Promise<Uint8Array | null> {
    return (await this.#requestOnce(request)) ?? this.#requestOnce(request);
  }

  /** A register's value, or null when it is not told. */
  async read(address: number): Promise<number | null> {
    const data = await this.ask({ kind: 'read', address, count: 1 });
    return data?.length === 1 ? (data[0] ?? null) : null;
  }

  /** The module as a port whose data are its scans; those from before it was listened to come first. */
  asPort(): Port {
    const { port } = this;
    return {
      path: port.path,
      onData: (listener) => this.#listen(listener),
      onClose: (listener) => {
        this.#onClose = listener;
        const end = this.#end;
        if (end !== undefined) process.nextTick(() => listener(end));
      },
      write: (bytes) => port.write(bytes),
      close: () => port.close(),
    };
  }

  async #requestOnce(request: Gm65Request): Promise<Uint8Array | null> {
    if (this.#isReplyPending) await this.#reply();
    this.#isReplyPending = false;
    if (!this.isOpen) return null;
    const reply = this.#reply();
    this.port.write(encodeRequest(request));
    const data = await reply;
    this.#isReplyPending = data === null;
    return data;
  }

  /** The next reply that comes in time, even when this process reads it late; null when none comes. */
  #reply(): Promise<Uint8Array | null> {
    return new Promise((resolve) => {
      if (!this.isOpen) {
        resolve(null);
        return;
      }
      const cancel = waitInHalves(this.wait, limits.gm65ReplyMs, () => {
        this.#passText(this.#splitter.giveUp());
        this.#onReply(null);
      });
      this.#onReply = (data) => {
        cancel();
        this.#onReply = () => undefined;
        resolve(data);
      };
      this.#splitter.await();
    });
  }

  #ended(fault: Fault | null): void {
    this.#end = fault;
    this.#onReply(null);
    this.#onClose?.(fault);
  }

  #receive(bytes: Uint8Array): void {
    const { reply, text } = this.#splitter.push(bytes);
    if (reply) this.#onReply(reply);
    this.#passText(text);
  }

  #listen(listener: (bytes: Uint8Array) => void): void {
    this.#onText = listener;
    for (const bytes of this.#early) listener(bytes);
    this.#early = [];
  }

  #passText(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.#onText) {
      this.#onText(bytes);
      return;
    }
    this.#earlyBytes += bytes.length;
    if (this.#earlyBytes <= limits.scanLengthBytes) this.#early.push(bytes);
    else this.#early = [SPOILED];
  }
}
