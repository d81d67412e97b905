import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { RecordedEvent } from '../../../../src/circulation/event.js';

/** A record of a kiosk's witness log. `ms`: its time by the machine's clock. */
export type WitnessRecord = { readonly ms: number } & (
  | { readonly kind: 'has' | 'added'; readonly epoch: string; readonly events: readonly RecordedEvent[] }
  | { readonly kind: 'unlocked'; readonly command: string }
  | { readonly kind: 'online' }
);

type Untimed<T> = T extends unknown ? Omit<T, 'ms'> : never;

/** A log beside the kiosk that survives crashes of the kiosk and replacements of its card. */
export interface WitnessLog {
  /**
   * `has`: the whole journal, recorded at each start and with each new epoch. `added`: the events that were just made
   * durable. Both are recorded before any of it is sent. `unlocked`: a lock is about to be released for a command.
   * `online`: the broker is connected.
   */
  record(entry: Untimed<WitnessRecord>): void;
  close(): void;
}

/** Opens the file of the witness; each line is on the disk when `record` returns. */
export function openWitnessLog(file: string): WitnessLog {
  const handle = openSync(file, 'as');
  // Ends a line that a killed kiosk left unfinished; such a line does not count.
  writeSync(handle, '\n');
  return {
    record: (entry) => void writeSync(handle, `${JSON.stringify({ ms: Date.now(), ...entry })}\n`),
    close: () => closeSync(handle),
  };
}

/** Reads all complete records; skips unfinished lines. */
export function readWitnessLog(file: string): WitnessRecord[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as WitnessRecord];
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        return [];
      }
    });
}
