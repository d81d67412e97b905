import { connect, type Socket } from 'node:net';
import { Fault } from '../../src/kernel/faults.js';
import { limits } from '../../src/kernel/limits.js';
import { type Cancel, realWait, type Wait } from '../../src/kernel/wait.js';
import type { Port } from './port.js';

/** Connects to serial over TCP: `tcp://host:port`, raw bytes, no RFC 2217. */
export function openTcpPort(path: string, wait: Wait = realWait): Promise<Port> {
  const { host, port } = parseAddress(path);
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: limits.portKeepAliveMs,
    });
    const refuse = (why: string) => {
      socket.destroy();
      reject(new Fault('port.unavailable', `${path}: ${why}`));
    };
    const cancel = wait(limits.portOpenMs, () => refuse(`no answer within ${limits.portOpenMs} ms`));
    const failed = (error: Error) => {
      cancel();
      refuse(error.message);
    };
    socket.once('error', failed);
    socket.once('connect', () => {
      cancel();
      socket.off('error', failed);
      resolve(new OpenTcpPort(path, socket, wait));
    });
  });
}

function parseAddress(path: string): { host: string; port: number } {
  const url = URL.canParse(path) ? new URL(path) : undefined;
  if (!url?.hostname || !url.port) throw new Fault('config.invalid', `${path} is not tcp://host:port`);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) };
}

class OpenTcpPort implements Port {
  #onClose: (fault: Fault | null) => void = () => undefined;
  #ended = false;
  #cancelDestroy: Cancel = () => undefined;
  readonly #closed: Promise<void>;

  constructor(
    readonly path: string,
    readonly socket: Socket,
    private readonly wait: Wait,
  ) {
    this.#closed = new Promise((resolve) =>
      socket.once('close', () => {
        this.#cancelDestroy();
        resolve();
      }),
    );
    socket.on('error', (error) => this.#lose(error.message));
    socket.on('close', () => this.#lose('the far side closed the connection'));
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.socket.on('data', (bytes) => {
      if (!this.#ended) listener(bytes);
    });
  }

  onClose(listener: (fault: Fault | null) => void): void {
    this.#onClose = listener;
  }

  write(bytes: Uint8Array): void {
    if (this.#ended) return;
    if (this.socket.writableLength + bytes.length > limits.portWriteQueueBytes) {
      this.#lose(`it takes no bytes and ${this.socket.writableLength} wait already`);
      return;
    }
    this.socket.write(bytes);
  }

  close(): Promise<void> {
    if (!this.#ended) {
      this.#end(null);
      this.socket.end();
      // A peer that never finishes its half must not hold up the stop.
      this.#cancelDestroy = this.wait(limits.portCloseMs, () => this.socket.destroy());
    }
    return this.#closed;
  }

  #lose(why: string): void {
    if (this.#ended) return;
    this.#end(new Fault('port.lost', `${this.path}: ${why}`));
    this.socket.destroy();
  }

  #end(fault: Fault | null): void {
    this.#ended = true;
    process.nextTick(() => this.#onClose(fault));
  }
}
