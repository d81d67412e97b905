import { parseArgs } from 'node:util';
import type { LibraryRules } from '../../../firmware-bridge/reader/classify.js';
import type { Gm65Model } from '../../../firmware-bridge/reader/gm65/profile.js';
import { loadConfig } from '../../../src/config/config.js';
import type { KioskId } from '../../../src/kernel/ids.js';

/** How the tool is called. */
export const usage = `npm run scan-test -- READER [--gm65] [--count N] [--json]

 READER   --config FILE              as the kiosk 与书亭程序相同
      or  --port /dev/… [--baud N]   9600 without --baud
 --gm65 or --gm861   its registers too, changing none
                     也显示模块寄存器，不改动
`;

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

/** Reads the command line; null when it is none. Throws `config.invalid`, or parseArgs' TypeError for an unknown option. */
export function readTask(): Task | null {
  const { values } = parseArgs({
    options: {
      config: { type: 'string' },
      port: { type: 'string' },
      baud: { type: 'string' },
      gm65: { type: 'boolean', default: false },
      gm861: { type: 'boolean', default: false },
      count: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const { config, port, json, gm65, gm861 } = values;
  const count = values.count === undefined ? Number.POSITIVE_INFINITY : Number(values.count);
  const baudRate = Number(values.baud ?? 9_600);
  const isNumber = Number.isSafeInteger(baudRate) && baudRate > 0 && count >= 1;
  if (!isNumber || (config === undefined) === (port === undefined)) return null;
  if (port !== undefined) {
    const model = gm861 ? 'gm861' : gm65 ? 'gm65' : null;
    const library = { checkDigit: true, institutions: [] };
    return { path: port, baudRate, kiosk: null, library, model, count, json };
  }
  // A configured speed and another one on the command line: one of them is a mistake.
  if (config === undefined || values.baud !== undefined) return null;
  const { reader, kiosk, library } = loadConfig(config);
  const asked = gm861 ? 'gm861' : 'gm65';
  const model = !gm65 && !gm861 ? null : reader.kind === 'generic' ? asked : reader.kind;
  return { path: reader.port, baudRate: reader.baudRate, kiosk, library, model, count, json };
}
