import type { DoorState } from '../../../../firmware-bridge/board/index.js';

/** What may happen to a cabinet besides its residents. */
export type FaultName =
  | 'unplug'
  | 'external reset'
  | 'watchdog reset'
  | 'power cut'
  | 'noise to the board'
  | 'noise from the board'
  | 'babble to the kiosk'
  | 'kiosk killed'
  | 'kiosk killed mid-pulse'
  | 'kiosk halted'
  | 'switch chatter'
  | 'latches stuck'
  | 'door forced';

/** Faults after which the board and the kiosk have to find each other again. */
export const breaking: ReadonlySet<FaultName> = new Set<FaultName>([
  'unplug',
  'external reset',
  'watchdog reset',
  'power cut',
  'kiosk killed',
  'kiosk killed mid-pulse',
]);

/** Faults while which nobody can expect board and kiosk to find each other. */
export const hindering: ReadonlySet<FaultName> = new Set<FaultName>([
  ...breaking,
  'noise to the board',
  'noise from the board',
  'babble to the kiosk',
  'kiosk halted',
]);

/** What can be seen. */
export type Seen =
  /** A lock's pin; `boardMs` is the board's own time, exact to the cycle. */
  | { readonly kind: 'relay'; readonly locker: number; readonly on: boolean; readonly boardMs: number }
  /** A door's contact, as the world moved it. */
  | { readonly kind: 'switch'; readonly locker: number; readonly door: 'open' | 'closed' }
  /** What the kiosk says of a door. */
  | { readonly kind: 'door'; readonly locker: number; readonly door: DoorState }
  /** The kiosk says that its board is ready, or lost. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'lost'; readonly why: string }
  | {
      readonly kind: 'fault';
      readonly fault: FaultName;
      readonly phase: 'begins' | 'ends';
      readonly on?: number;
    }
  /** The kiosk's process did not run for `ms` up to now, or whoever watches it did not. */
  | { readonly kind: 'pause'; readonly ms: number; readonly whose: 'kiosk' | 'torture' }
  | { readonly kind: 'kiosk'; readonly says: string };

/** Something seen from outside; `atMs` is calendar time, as the journal and the kiosk's log have it. */
export type Observation = Seen & { readonly atMs: number };

/** Collects observations of one session of a run. */
export class ObservationLog {
  readonly observations: Observation[] = [];

  constructor(private readonly nowMs: () => number = Date.now) {}

  add(seen: Seen, atMs: number = this.nowMs()): void {
    this.observations.push({ ...seen, atMs });
  }

  /** All of it by time: what the kiosk's log says arrives later than it was said. */
  inOrder(): Observation[] {
    return this.observations.toSorted((a, b) => a.atMs - b.atMs);
  }
}

/** One observation as a line for people. */
export function lineOf({ atMs, ...seen }: Observation): string {
  return `${new Date(atMs).toISOString().slice(11, 23)}  ${JSON.stringify(seen)}`;
}

/**
 * The moment from which on, until `atMs`, `runningMs` passed in which everybody ran: a process that is halted neither
 * sees nor says anything.
 */
export function runningSince(atMs: number, runningMs: number, pauses: readonly Pause[]): number {
  let sinceMs = atMs - runningMs;
  for (let i = pauses.length - 1; i >= 0; i -= 1) {
    const pause = pauses[i];
    if (!pause || pause.toMs <= sinceMs) break;
    if (pause.fromMs < atMs) sinceMs -= Math.min(pause.toMs, atMs) - pause.fromMs;
  }
  return sinceMs;
}

/** A stretch of time in which somebody did not run. */
export interface Pause {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The pauses among `observations`, joined where they overlap, in order. */
export function pausesIn(observations: readonly Observation[]): Pause[] {
  const pauses = observations
    .flatMap((each) => (each.kind === 'pause' ? [{ fromMs: each.atMs - each.ms, toMs: each.atMs }] : []))
    .sort((a, b) => a.fromMs - b.fromMs);
  const joined: Pause[] = [];
  for (const pause of pauses) {
    const last = joined.at(-1);
    if (last && pause.fromMs <= last.toMs) {
      joined[joined.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, pause.toMs) };
    } else joined.push(pause);
  }
  return joined;
}
