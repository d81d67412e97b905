import { type Alert, alertsOf } from '../circulation/alerts.js';
import { lockerOf } from '../circulation/ledger.js';
import { isAvailable, isInService, lockerRefusal } from '../circulation/lending.js';
import type { State } from '../circulation/state.js';
import type { Config } from '../config/config.js';
import type { Health, Station } from '../contract/monitoring-messages.js';
import type { FaultCode } from '../kernel/faults.js';
import type { Epoch, LockerNo } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { EpochMs, Moment } from '../kernel/time.js';
import type { MachineVitals } from '../machine/vitals.js';

/** Everything that health, station and alerts of a kiosk are computed from, at one moment. */
export interface HealthInputs {
  readonly state: State;
  readonly moment: Moment;
  readonly session: string;
  readonly uptimeS: number;
  readonly version: string;
  readonly journal: JournalProgress;
  readonly machine: MachineVitals;
  readonly reader: Health['reader'];
  readonly documents: Health['documents'];
}

/** The journal's last position, and how much of it the catalogue has acknowledged. */
export interface JournalProgress {
  readonly epoch: Epoch;
  readonly position: number;
  readonly sentMark: number;
  /** The time of the oldest event that the catalogue has not acknowledged; null where there is none. */
  readonly oldestUnsentAt: EpochMs | null;
  readonly failure: FaultCode | null;
}

/** The health report. Pure. */
export function healthOf(inputs: HealthInputs): Health {
  const { state, moment, session, uptimeS, version, journal, machine, reader, documents } = inputs;
  const alerts = alertsOf(state);
  return {
    at: moment.calendarMs,
    trust: moment.trust,
    session,
    uptimeS,
    version,
    journal: {
      epoch: journal.epoch,
      position: journal.position,
      unsent: journal.position - journal.sentMark,
      oldestUnsentS: oldestUnsentS(inputs),
      failure: journal.failure,
    },
    ...machine,
    reader,
    boards: [...state.boards].map(([board, { ready }]) => ({ board, state: ready ? 'ready' : 'lost' })),
    lockers: state.lockers.map((locker) => ({
      locker,
      door: state.doors.get(locker) ?? 'unknown',
      fault: alerts.find((alert) => alert.locker === locker)?.code ?? null,
    })),
    ...stockOf(state),
    documents,
  };
}

/** The station report for maps: where the kiosk is, and whether it lends and takes returns. Pure. */
export function stationOf({ kiosk, name, place }: StationPlace, { state, moment }: HealthInputs): Station {
  const { books, emptyLockers } = stockOf(state);
  return {
    station: kiosk,
    name,
    ...place,
    isInstalled: true,
    isLending: books > 0,
    isReturning: emptyLockers > 0,
    books,
    emptyLockers,
    lastReported: moment.calendarMs,
  };
}

/** Name and place of a kiosk. */
export type StationPlace = Pick<Config, 'kiosk' | 'name' | 'place'>;

/** The alerts of a kiosk: those of the core, and those of clock, reader, link and machine. Pure. */
export function alertsOfKiosk(inputs: Omit<HealthInputs, 'documents' | 'version'>): readonly Alert[] {
  const { state, moment, machine, reader } = inputs;
  const { disk, cpu } = machine;
  const conditions: readonly (readonly [FaultCode, boolean])[] = [
    ['clock.in-doubt', moment.trust !== 'trusted'],
    ['reader.lost', reader === 'lost'],
    ['link.backlog', (oldestUnsentS(inputs) ?? 0) >= limits.backlogAlertS],
    ['machine.disk-full', disk !== null && disk.freeBytes < limits.diskLowBytes],
    ['machine.hot', cpu.celsius !== null && cpu.celsius >= limits.cpuHotCelsius],
    ['machine.under-voltage', cpu.underVoltage === true],
  ];
  return [...alertsOf(state), ...conditions.filter(([, isActive]) => isActive).map(([code]) => ({ code }))];
}

/** The age of the oldest unsent event; 0 where the clock was set back behind it. */
function oldestUnsentS({ journal, moment }: Pick<HealthInputs, 'journal' | 'moment'>): number | null {
  const { oldestUnsentAt: at } = journal;
  return at === null ? null : Math.max(0, Math.round((moment.calendarMs - at) / 1_000));
}

/** Counts the books that can be borrowed, and the lockers that can take one. */
function stockOf(state: State): Pick<Health, 'books' | 'emptyLockers'> {
  const count = (is: (locker: LockerNo) => boolean) => state.lockers.filter(is).length;
  const isEmpty = (locker: LockerNo) =>
    isAvailable(state, locker) && lockerOf(state.ledger, locker).item === null;
  return {
    books: count((locker) => lockerRefusal(state, locker) === null),
    emptyLockers: isInService(state) ? count(isEmpty) : 0,
  };
}
