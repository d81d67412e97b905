import type { Duplex } from 'node:stream';
import { type Cabinet, megasOf } from '../../hardware/cabinet.js';
import { assert } from '../../src/kernel/assert.js';
import { limits } from '../../src/kernel/limits.js';
import { mega } from './atmega2560.js';
import { parseIntelHex } from './intel-hex.js';
import { Machine } from './machine.js';
import { type PageServer, servePage } from './page-server.js';
import type { Props } from './props.js';
import { openPty } from './pty.js';
import { ReaderLine } from './reader-line.js';
import { RealTimeRunner } from './real-time.js';
import { openTcpLine } from './tcp.js';
import { UartStream } from './uart-stream.js';
import { warmUp } from './warm-up.js';
import { WiredCabinet } from './wired-cabinet.js';

/** How a serial device is offered: a pseudo-terminal, or TCP on a loopback port (0: any free one). */
export type LineKind = 'pty' | { readonly tcpPort: number };

export interface EmulatorOptions {
  /** Text of the firmware's Intel hex file. */
  readonly firmwareHex: string;
  readonly cabinet: Cabinet;
  readonly board: LineKind;
  readonly reader: LineKind;
  /** 0 takes any free port. */
  readonly pagePort: number;
  readonly props: Props;
}

/** A running board with its cabinet, reader and page. */
export interface Emulator {
  /** Where the host finds them: a device path or `tcp://host:port`; the page's URL. */
  readonly board: string;
  readonly reader: string;
  readonly page: string;
  close(): Promise<void>;
}

interface Line {
  readonly address: string;
  readonly stream: Duplex;
  close(): Promise<void>;
}

/** Opens everything. Rejects with a Fault, and with nothing left open, when a port is taken or the firmware is bad. */
export async function openEmulator(options: EmulatorOptions): Promise<Emulator> {
  const image = parseIntelHex(options.firmwareHex, mega.flashBytes);
  warmUp(image);
  const machine = new Machine(image);
  const runner = new RealTimeRunner(machine);
  const [wiring] = megasOf(options.cabinet);
  assert(wiring !== undefined, 'the emulator has a Mega to be');
  const cabinet = new WiredCabinet(machine, wiring, options.props.items);
  const opened: { close(): Promise<void> }[] = [];
  const keep = <Part extends { close(): Promise<void> }>(part: Part): Part => {
    opened.unshift(part);
    return part;
  };
  const close = async () => {
    runner.stop();
    for (const part of opened) await part.close();
  };
  try {
    const board = keep(await openLine(options.board));
    connect(board.stream, new UartStream(machine, (touch) => runner.act(touch)));
    const readerLine = keep(await openLine(options.reader));
    const reader = new ReaderLine(readerLine.stream);
    const page: PageServer = keep(
      await servePage(options.pagePort, {
        snapshot: () =>
          runner.act(() => ({
            lockers: cabinet.lockers(),
            hand: cabinet.hand,
            props: shownProps(options.props),
            board: { running: machine.running },
          })),
        door: ({ locker, action }) =>
          runner.act(() => (action === 'open' ? cabinet.openDoor(locker) : cabinet.closeDoor(locker))),
        book: ({ locker, action, item }) =>
          runner.act(() =>
            action === 'take' ? cabinet.takeBook(locker, item) : cabinet.putBook(locker, item),
          ),
        scan: ({ text }) => reader.scan(text),
      }),
    );
    cabinet.onChange(() => page.changed());
    keep({ close: async () => reader.stop() });
    runner.start();
    return { board: board.address, reader: readerLine.address, page: page.address, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openLine(kind: LineKind): Promise<Line> {
  if (kind !== 'pty') return openTcpLine(kind.tcpPort);
  const pty = openPty();
  return { address: pty.path, stream: pty.stream, close: () => pty.close() };
}

/** Towards the board with back-pressure; from the board what the line cannot take is lost, as on a real one. */
function connect(line: Duplex, uart: Duplex): void {
  line.pipe(uart, { end: false });
  uart.on('data', (bytes: Buffer) => {
    if (line.writableLength + bytes.length <= limits.portWriteQueueBytes) line.write(bytes);
  });
}

function shownProps({ people, items }: Props) {
  return { people, items: items.map(({ item, title, author }) => ({ item, title, author })) };
}
