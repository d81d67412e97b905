import type { Fault } from '../../../src/kernel/faults.js';
import { limits } from '../../../src/kernel/limits.js';
import { openPort, type Port } from '../../port/index.js';
import { encodeRequest, type Gm65Request } from './codec.js';
import { createReplySplitter } from './splitter.js';

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

  private constructor(readonly port: Port) {}

  /** Opens the port; rejects as `openPort` does. */
  static async open(path: string, baudRate: number): Promise<Gm65Module> {
    const port = await openPort(path, { baudRate });
    const module = new Gm65Module(port);
    port.onData((bytes) => module.#heard(bytes));
    port.onClose((fault) => module.#ended(fault));
    return module;
  }

  /** Sets the one listener for what is not a reply; it gets what came before it at once. */
  onText(listener: (bytes: Uint8Array) => void): void {
    this.#onText = listener;
    for (const bytes of this.#early) listener(bytes);
    this.#early = [];
  }

  /** Sets the one listener for the end of the port; it hears of an end that was before, too. */
  onClose(listener: (fault: Fault | null) => void): void {
    this.#onClose = listener;
    const end = this.#end;
    if (end !== undefined) process.nextTick(() => listener(end));
  }

  get isOpen(): boolean {
    return this.#end === undefined;
  }

  /** The data of the module's reply, or null when none came in time; asked twice, as noise may spoil one. */
  async ask(request: Gm65Request): Promise<Uint8Array | null> {
    const reply = await this.#askOnce(request);
    return reply || !this.isOpen ? reply : this.#askOnce(request);
  }

  #askOnce(request: Gm65Request): Promise<Uint8Array | null> {
    return new Promise((resolve) => {
      if (!this.isOpen) {
        resolve(null);
        return;
      }
      const patience = setTimeout(() => {
        this.#text(this.#splitter.giveUp());
        this.#onReply = () => undefined;
        resolve(null);
      }, limits.gm65ReplyMs);
      this.#onReply = (data) => {
        clearTimeout(patience);
        resolve(data);
      };
      this.#splitter.await();
      this.port.write(encodeRequest(request));
    });
  }

  #ended(fault: Fault | null): void {
    this.#end = fault;
    this.#onReply(null);
    this.#onClose?.(fault);
  }

  #heard(bytes: Uint8Array): void {
    const { reply, text } = this.#splitter.push(bytes);
    if (reply) this.#onReply(reply);
    this.#text(text);
  }

  #text(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.#onText) this.#onText(bytes);
    else if (this.#earlyBytes + bytes.length <= limits.scanLengthBytes) {
      this.#early.push(bytes);
      this.#earlyBytes += bytes.length;
    }
  }
}
