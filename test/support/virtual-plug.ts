import type { Duplex } from 'node:stream';
import type { Plug } from '../../firmware-bridge/emulator/plug.js';
import type { VirtualHost, VirtualLine } from './virtual-host.js';

/** The cable between an emulated device and a port of a virtual computer; plugged in at the start. */
export class VirtualPlug implements Plug {
  #line: VirtualLine | undefined;

  constructor(
    private readonly host: VirtualHost,
    readonly address: string,
    private readonly device: Duplex,
  ) {
    device.on('data', (bytes: Buffer) => this.#line?.write(bytes));
    this.plug();
  }

  get plugged(): boolean {
    return this.#line !== undefined;
  }

  plug(): void {
    this.#line ??= this.host.plug(this.address, (bytes) => void this.device.write(Buffer.from(bytes)));
  }

  unplug(): void {
    this.#line = undefined;
    this.host.unplug(this.address);
  }

  async close(): Promise<void> {
    this.unplug();
  }
}
