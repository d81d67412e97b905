import { rmSync, symlinkSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { limits } from '../../src/kernel/limits.js';
import { openPty, type Pty } from './pty.js';
import { openTcpLine, type TcpLine } from './tcp.js';

/** A device's cable to the computer. Its address stays the same when it is plugged in again, as a udev name does. */
export interface Plug {
  /** A device path or `tcp://host:port`. */
  readonly address: string;
  readonly plugged: boolean;
  plug(): void;
  /** Hangs up; what the device sends meanwhile is lost. */
  unplug(): void;
  close(): Promise<void>;
}

/** A pseudo-terminal behind a link of a given name, which exists only while the cable is plugged in. */
export class PtyPlug implements Plug {
  #pty: Pty | null = null;
  #disconnect: () => void = () => undefined;

  constructor(
    readonly address: string,
    private readonly device: Duplex,
  ) {}

  get plugged(): boolean {
    return this.#pty !== null;
  }

  plug(): void {
    if (this.#pty) return;
    this.#pty = openPty();
    this.#disconnect = connect(this.#pty.stream, this.device);
    symlinkSync(this.#pty.path, this.address);
  }

  unplug(): void {
    void this.close();
  }

  async close(): Promise<void> {
    const pty = this.#pty;
    this.#pty = null;
    if (!pty) return;
    rmSync(this.address, { force: true });
    this.#disconnect();
    await pty.close();
  }
}

/** Serial over TCP: unplugged, it refuses all clients. */
export class TcpPlug implements Plug {
  readonly address: string;

  constructor(
    private readonly line: TcpLine,
    device: Duplex,
  ) {
    this.address = line.address;
    connect(line.stream, device);
  }

  get plugged(): boolean {
    return this.line.listening;
  }

  plug(): void {
    this.line.listen(true);
  }

  unplug(): void {
    this.line.listen(false);
  }

  close(): Promise<void> {
    return this.line.close();
  }
}

/** How a serial device is offered: a pseudo-terminal, or TCP on a loopback port (0: any free one). */
export type LineKind = 'pty' | { readonly tcpPort: number };

/**
 * Plugs a device in: `path` is the name of its pseudo-terminal, if that is what it gets.
 * Rejects with `port.busy` or `port.unavailable`.
 */
export async function plugIn(kind: LineKind, path: string, device: Duplex): Promise<Plug> {
  if (kind !== 'pty') return new TcpPlug(await openTcpLine(kind.tcpPort), device);
  const plug = new PtyPlug(path, device);
  plug.plug();
  return plug;
}

/** Connects line and device: back-pressure towards the board; drops what the line cannot take from it, as a real one does. */
function connect(line: Duplex, device: Duplex): () => void {
  const deliver = (bytes: Buffer) => {
    if (line.writableLength + bytes.length <= limits.portWriteQueueBytes) line.write(bytes);
  };
  line.pipe(device, { end: false });
  device.on('data', deliver);
  return () => {
    line.unpipe(device);
    device.off('data', deliver);
  };
}
