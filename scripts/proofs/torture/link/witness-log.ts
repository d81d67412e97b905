import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { RecordedEvent } from '../../../../src/circulation/event.js';

/** What a kiosk tells its witness. `ms`: when, by the machine's clock. */
export type WitnessRecord = { readonly ms: number } & (
  | { readonly kind: 'has' | 'added'; readonly epoch: string; readonly events: readonly RecordedEvent[] }
  | { readonly kind: 'unlocked'; readonly command: string }
  | { readonly kind: 'online' }
);

type Untimed<T> = T extends unknown ? Omit<T, 'ms'> : never;

/** Somebody who remembers what a kiosk says, whatever becomes of the kiosk and its card. */
export interface WitnessLog {
  /**
   * `has`: all that is in the journal, said at each start and with each new epoch. `added`: what was made durable just
   * now. Both before anything of it is sent. `unlocked`: a lock is about to be released for a command. `online`: a
   * connection stands.
   */
  record(testimony: Untimed<WitnessRecord>): void;
  close(): void;
}

/** Opens the file of the witness; each line of it is on the disk when `tell` returns. */
export function openWitnessLog(file: string): WitnessLog {
  const handle = openSync(file, 'as');
  // Whoever was killed in the middle of a line has not said it.
  writeSync(handle, '\n');
  return {
    record: (testimony) => void writeSync(handle, `${JSON.stringify({ ms: Date.now(), ...testimony })}\n`),
    close: () => closeSync(handle),
  };
}

/** Reads what was said; half a line was not. */
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
