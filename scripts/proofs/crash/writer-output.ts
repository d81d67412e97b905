import type { Event } from '../../../src/circulation/event.js';
import type { LockerNo, VisitNo } from '../../../src/kernel/ids.js';
import type { CabinetState } from './simulated-visits.js';

/** What a writer says that it has done. */
export type WriterOutput =
  /** These events are durable, says the journal; the last has that position. */
  | { readonly kind: 'stored'; readonly position: number; readonly events: readonly Event[] }
  /** The lock is about to be released. */
  | { readonly kind: 'unlock'; readonly visit: VisitNo; readonly locker: LockerNo }
  /** Doors and board are now so; they stay so when the writer dies. */
  | { readonly kind: 'world'; readonly world: CabinetState };

/** Reads a writer's words; a line cut off by its death was not said. */
export function readWriterOutput(text: string): WriterOutput[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as WriterOutput);
}
