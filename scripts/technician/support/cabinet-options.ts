import { readFileSync } from 'node:fs';
import { type Cabinet, parseCabinet } from '../../../hardware/cabinet.js';
import { loadConfig } from '../../../src/config/config.js';
import { Fault } from '../../../src/kernel/faults.js';
import { type BoardId, boardId } from '../../../src/kernel/ids.js';
import { type Command, listOf, UsageError } from '../../../src/terminal/command.js';

/** Adds the options that say which cabinet it is. */
export function withCabinetOptions(command: Command): Command {
  return command
    .option('--config <file>', '与书亭程序相同 the kiosk’s own configuration')
    .option('--cabinet <file>', '柜体描述，与 --port 同用 a cabinet description, with --port')
    .option('--port <board=path>', '每块锁板的串口 the port of each board, as mega=/dev/ttyACM0', listOf());
}

/** A cabinet and where its boards are plugged in. */
export interface PluggedCabinet {
  readonly cabinet: Cabinet;
  readonly ports: ReadonlyMap<BoardId, string>;
  /** The journal's folder; null without a configuration. */
  readonly dataFolder: string | null;
}

export interface CabinetOptions {
  readonly config?: string | undefined;
  readonly cabinet?: string | undefined;
  readonly port?: readonly string[] | undefined;
}

/**
 * Reads `--config FILE`, or `--cabinet FILE` with `--port BOARD=PATH` for each board. Throws a UsageError when the options
 * are neither, `config.invalid` when the files or boards are wrong.
 */
export function readCabinetOptions({ config, cabinet, port = [] }: CabinetOptions): PluggedCabinet {
  if (config !== undefined && cabinet === undefined && port.length === 0) {
    const { cabinet, boardPorts, dataFolder } = loadConfig(config);
    return { cabinet, ports: boardPorts, dataFolder };
  }
  if (config !== undefined || cabinet === undefined) {
    throw new UsageError('either --config, or --cabinet with --port for each board, is needed');
  }
  return describedCabinet(cabinet, port);
}

function describedCabinet(file: string, port: readonly string[]): PluggedCabinet {
  const cabinet = parseCabinet(readText(file), file);
  const ports = new Map(port.map(nameAndPath));
  const missing = cabinet.boards.find(({ board }) => !ports.has(board));
  if (missing) throw new Fault('config.invalid', `--port ${missing.board}=/dev/… is missing`);
  const other = [...ports.keys()].find((name) => !cabinet.boards.some(({ board }) => board === name));
  if (other !== undefined) throw new Fault('config.invalid', `--port ${other}=…: ${file} has no such board`);
  return { cabinet, ports, dataFolder: null };
}

function nameAndPath(text: string): [BoardId, string] {
  const [name = '', ...path] = text.split('=');
  return [boardId(name), path.join('=')];
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Fault('config.invalid', `${file} cannot be read`, { cause: error });
  }
}
