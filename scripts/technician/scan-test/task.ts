import type { LibraryRules } from '../../../firmware-bridge/reader/classify.js';
import type { Gm65Model } from '../../../firmware-bridge/reader/gm65/profile.js';
import { loadConfig } from '../../../src/config/config.js';
import type { KioskId } from '../../../src/kernel/ids.js';
import { UsageError } from '../../../src/terminal/command.js';

/** The options of `npm run scan-test`. */
export interface Options {
  readonly config?: string;
  readonly port?: string;
  readonly baud?: number;
  readonly gm65: boolean;
  readonly gm861: boolean;
  readonly count?: number;
  readonly json: boolean;
}

/** What is to be watched, and how it is to be told. */
export interface Task {
  readonly path: string;
  readonly baudRate: number;
  /** Null where only the port is known. */
  readonly kiosk: KioskId | null;
  readonly library: LibraryRules;
  /** Whose registers are to be shown; null: nothing is written to the reader. */
  readonly model: Gm65Model | null;
  /** Ends after so many scans. */
  readonly count: number;
  readonly json: boolean;
}

/** Says which reader the options mean. Throws a UsageError when they contradict one another, or `config.invalid`. */
export function taskOf({
  config,
  port,
  baud,
  gm65,
  gm861,
  count = Number.POSITIVE_INFINITY,
  json,
}: Options): Task {
  const named = gm861 ? 'gm861' : gm65 ? 'gm65' : null;
  if (port !== undefined && config === undefined) {
    const library = { checkDigit: true, institutions: [] };
    return { path: port, baudRate: baud ?? 9_600, kiosk: null, library, model: named, count, json };
  }
  if (config === undefined || port !== undefined) throw new UsageError('either --config or --port is needed');
  if (baud !== undefined) throw new UsageError('--baud goes with --port: the configuration has the speed');
  const { reader, kiosk, library } = loadConfig(config);
  const model = named === null || reader.kind === 'generic' ? named : reader.kind;
  return { path: reader.port, baudRate: reader.baudRate, kiosk, library, model, count, json };
}
