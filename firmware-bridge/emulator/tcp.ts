import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { Fault } from '../../src/kernel/faults.js';

/** The device's end of a serial line served over TCP on loopback. */
export interface TcpLine {
  /** `tcp://127.0.0.1:port`. */
  readonly address: string;
  /** The bytes of the connected client; drops bytes while none is connected. */
  readonly stream: Duplex;
  readonly listening: boolean;
  /** Accepts clients or not; when not, disconnects the present one and refuses the next. */
  listen(listening: boolean): void;
  close(): Promise<void>;
}

/**
 * Serves one client at a time; a second is refused. `port` 0 takes any free one.
 * Rejects with `port.busy` when the port is in use.
 */
export async function openTcpLine(port: number): Promise<TcpLine> {
  const line = new ClientStream();
  const server = createServer({ noDelay: true }, (socket) => line.serve(socket));
  await listen(server, port);
  const address = server.address();
  const bound = address && typeof address === 'object' ? address.port : port;
  return {
    address: `tcp://127.0.0.1:${bound}`,
    stream: line,
    get listening() {
      return line.listening;
    },
    listen: (listening) => line.listen(listening),
    close: async () => {
      line.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    throw new Fault('port.busy', `port ${port} of 127.0.0.1 cannot be opened`, { cause: error });
  }
}

/** One stream over successive clients. */
class ClientStream extends Duplex {
  #client: Socket | null = null;
  #listening = true;

  get listening(): boolean {
    return this.#listening;
  }

  listen(listening: boolean): void {
    this.#listening = listening;
    if (!listening) this.#client?.destroy();
  }

  serve(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    if (this.#client || this.destroyed || !this.#listening) {
      socket.destroy();
      return;
    }
    this.#client = socket;
    socket.on('data', (bytes) => {
      if (!this.push(bytes)) socket.pause();
    });
    socket.once('close', () => {
      this.#client = null;
    });
  }

  override _read(): void {
    this.#client?.resume();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.#client?.writable) this.#client.write(bytes, () => done());
    else done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#client?.destroy();
    done(error);
  }
}
