import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parseCabinet } from '../../hardware/cabinet.js';
import { Fault } from '../../src/kernel/faults.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { type Emulator, openEmulator } from './emulator.js';
import type { LineKind } from './plug.js';
import { noProps, readProps } from './props.js';

const usage =
  'usage: main.js --cabinet FILE [--boards pty|tcp:PORT] [--reader pty|tcp:PORT] [--page PORT] ' +
  '[--props FILE] [--firmware FILE] [--detached]';

/** An error in the command line. */
class UsageError extends Error {}

async function start(): Promise<Emulator> {
  const values = readArguments();
  if (values.cabinet === undefined) throw new UsageError('--cabinet is missing');
  const firmware = values.firmware ?? new URL('firmware-bridge/firmware/lening.hex', packageRoot);
  const emulator = await openEmulator({
    firmwareHex: await readFile(firmware, 'utf8'),
    cabinet: parseCabinet(await readFile(values.cabinet, 'utf8'), values.cabinet),
    boards: lineKind(values.boards),
    reader: lineKind(values.reader),
    pagePort: portNumber(values.page),
    props: values.props === undefined ? noProps : await readProps(values.props),
  });
  exitOnRequest(emulator, values.detached);
  const { boards, reader, page } = emulator;
  process.stdout.write(`${JSON.stringify({ boards, reader, page })}\n`);
  return emulator;
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        cabinet: { type: 'string' },
        boards: { type: 'string', default: 'pty' },
        reader: { type: 'string', default: 'pty' },
        page: { type: 'string', default: '0' },
        props: { type: 'string' },
        firmware: { type: 'string' },
        detached: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function lineKind(text: string): LineKind {
  if (text === 'pty') return 'pty';
  if (text.startsWith('tcp:')) return { tcpPort: portNumber(text.slice(4)) };
  throw new UsageError(`not pty or tcp:PORT: ${text}`);
}

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 0 && port <= 65_535) return port;
  throw new UsageError(`not a port number: ${text}`);
}

/** Ends on a signal, and with the program that started it: its end of our stdin closes even when it is killed. */
function exitOnRequest(emulator: Emulator, detached: boolean): void {
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    void emulator.close().then(() => process.exit(0), fail);
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  if (detached) return;
  process.stdin.once('end', end);
  process.stdin.once('error', end);
  process.stdin.resume();
}

function fail(error: unknown): never {
  process.stderr.write(`${sentence(error)}\n`);
  process.exit(1);
}

/** One sentence for a fault of the environment; a stack for a bug. */
function sentence(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n${usage}`;
  if (error instanceof Fault) return error.message;
  if (error instanceof Error && 'path' in error && 'code' in error)
    return `cannot read ${error.path}: ${error.code}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

await start().catch(fail);
