import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { type Cabinet, megasOf } from '../../hardware/cabinet.js';
import { createEmulatedCabinet } from './emulated-cabinet.js';
import { flashImage } from './machine.js';
import { servePage } from './page-server.js';
import { type LineKind, plugIn } from './plug.js';
import type { Props } from './props.js';
import { openPty } from './pty.js';
import { ReaderLine } from './reader-line.js';
import { openTcpLine } from './tcp.js';
import { warmUp } from './warm-up.js';

export interface EmulatorOptions {
  /** Text of the firmware's Intel hex file. */
  readonly firmwareHex: string;
  readonly cabinet: Cabinet;
  /** How the boards are offered; over TCP, each board after the first has the next port (or any free one). */
  readonly boards: LineKind;
  readonly reader: LineKind;
  /** 0 takes any free port. */
  readonly pagePort: number;
  readonly props: Props;
}

/** Running boards with their cabinet, reader and page. */
export interface Emulator {
  /** Where the host finds each board: a device path or `tcp://host:port`. */
  readonly boards: Readonly<Record<string, string>>;
  readonly reader: string;
  /** The page's URL. */
  readonly page: string;
  close(): Promise<void>;
}

interface Closable {
  close(): Promise<void>;
}

/** Opens everything. Rejects with a Fault, and with nothing left open, when a port is taken or the firmware is bad. */
export async function openEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { cabinet, props } = options;
  const image = flashImage(options.firmwareHex);
  if (megasOf(cabinet).length > 0) warmUp(image);
  const opened: Closable[] = [];
  const keep = <Part extends Closable>(part: Part): Part => {
    opened.unshift(part);
    return part;
  };
  const close = async () => {
    for (const part of opened) await part.close();
  };
  try {
    const ports = keep(await portFolder());
    const readerLine = keep(await openLine(options.reader));
    const reader = new ReaderLine(readerLine.stream);
    keep({ close: async () => reader.stop() });
    const scan = (text: string) => reader.scan(text);
    const { boards, operator } = createEmulatedCabinet({ cabinet, image, props, scan });
    const page = keep(await servePage(options.pagePort, operator));
    operator.onChange(() => page.changed());
    const addresses: [string, string][] = [];
    for (const [index, board] of boards.entries()) {
      keep(board);
      const kind = nth(options.boards, index);
      const address = await board.start((device) => plugIn(kind, join(ports.path, board.name), device));
      addresses.push([board.name, address]);
    }
    return { boards: Object.fromEntries(addresses), reader: readerLine.address, page: page.address, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function nth(kind: LineKind, index: number): LineKind {
  if (kind === 'pty' || kind.tcpPort === 0) return kind;
  return { tcpPort: kind.tcpPort + index };
}

/** Creates the folder with the names of the boards' ports. */
async function portFolder(): Promise<Closable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'lening-ports-'));
  return { path, close: () => rm(path, { recursive: true, force: true }) };
}

async function openLine(
  kind: LineKind,
): Promise<Closable & { readonly address: string; readonly stream: Duplex }> {
  if (kind !== 'pty') return openTcpLine(kind.tcpPort);
  const pty = openPty();
  return { address: pty.path, stream: pty.stream, close: () => pty.close() };
}
