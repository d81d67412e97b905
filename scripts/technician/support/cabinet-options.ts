import { readFileSync } from 'node:fs';
import type { ParseArgsConfig } from 'node:util';
import { type Cabinet, parseCabinet } from '../../../hardware/cabinet.js';
import { loadConfig } from '../../../src/config/config.js';
import { Fault } from '../../../src/kernel/faults.js';
import { type BoardId, boardId } from '../../../src/kernel/ids.js';

/** The options by which a technician's tool learns of the cabinet, for `parseArgs`. */
export const cabinetOptions = {
  config: { type: 'string' },
  cabinet: { type: 'string' },
  port: { type: 'string', multiple: true },
} as const satisfies ParseArgsConfig['options'];

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
 * Reads `--config FILE`, or `--cabinet FILE` with `--port BOARD=PATH` for each board.
 * Returns null when the options are neither; throws `config.invalid` when the files or boards are wrong.
 */
export function readCabinetOptions({ config, cabinet, port = [] }: CabinetOptions): PluggedCabinet | null {
  if (config !== undefined && cabinet === undefined && port.length === 0) {
    const { cabinet, boardPorts, dataFolder } = loadConfig(config);
    return { cabinet, ports: boardPorts, dataFolder };
  }
  if (config !== undefined || cabinet === undefined) return null;
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
