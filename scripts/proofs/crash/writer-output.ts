import type { Event } from '../../../src/circulation/event.js';
import type { LockerNo, VisitNo } from '../../../src/kernel/ids.js';
import type { CabinetState } from './simulated-visits.js';

/** A line of a writer's output. */
export type WriterOutput =
  /** The journal has stored these events durably; the last one has this position. */
  | { readonly kind: 'stored'; readonly position: number; readonly events: readonly Event[] }
  /** The lock is about to be released. */
  | { readonly kind: 'unlock'; readonly visit: VisitNo; readonly locker: LockerNo }
  /** The state of doors and board; it survives the writer. */
  | { readonly kind: 'cabinet'; readonly cabinet: CabinetState };

/** Parses a writer's output; an incomplete last line is dropped. */
export function readWriterOutput(text: string): WriterOutput[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as WriterOutput);
}
