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

/** All that there is to say of a kiosk at one moment. */
export interface KioskFacts {
  readonly state: State;
  readonly moment: Moment;
  readonly session: string;
  readonly uptimeS: number;
  readonly version: string;
  readonly journal: JournalFacts;
  readonly machine: MachineVitals;
  readonly reader: Health['reader'];
  readonly documents: Health['documents'];
}

/** How far the journal is, and how far the catalogue. */
export interface JournalFacts {
  readonly epoch: Epoch;
  readonly position: number;
  readonly sentMark: number;
  /** When the first event happened that the catalogue has not acknowledged; null where there is none. */
  readonly oldestUnsentAt: EpochMs | null;
  readonly failure: FaultCode | null;
}

/** How the kiosk is. Pure. */
export function healthOf(facts: KioskFacts): Health {
  const { state, moment, session, uptimeS, version, journal, machine, reader, documents } = facts;
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
      oldestUnsentS: oldestUnsentS(facts),
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

/** Whether it is worth going there. Pure. */
export function stationOf({ kiosk, name, place }: StationPlace, { state, moment }: KioskFacts): Station {
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

/** Where a kiosk is. */
export type StationPlace = Pick<Config, 'kiosk' | 'name' | 'place'>;

/** What is wrong with the kiosk: what the core knows, and what only the shell can see. Pure. */
export function alertsOfKiosk(facts: Omit<KioskFacts, 'documents' | 'version'>): readonly Alert[] {
  const { state, moment, machine, reader } = facts;
  const { disk, cpu } = machine;
  const others: readonly (readonly [FaultCode, boolean])[] = [
    ['clock.in-doubt', moment.trust !== 'trusted'],
    ['reader.lost', reader === 'lost'],
    ['link.backlog', (oldestUnsentS(facts) ?? 0) >= limits.backlogAlertS],
    ['machine.disk-full', disk !== null && disk.freeBytes < limits.diskLowBytes],
    ['machine.hot', cpu.celsius !== null && cpu.celsius >= limits.cpuHotCelsius],
    ['machine.under-voltage', cpu.underVoltage === true],
  ];
  return [...alertsOf(state), ...others.filter(([, isSo]) => isSo).map(([code]) => ({ code }))];
}

/** A clock that was set back makes nothing younger than new. */
function oldestUnsentS({ journal, moment }: Pick<KioskFacts, 'journal' | 'moment'>): number | null {
  const { oldestUnsentAt: at } = journal;
  return at === null ? null : Math.max(0, Math.round((moment.calendarMs - at) / 1_000));
}

/** Books that somebody could borrow, and lockers that could take one. */
function stockOf(state: State): Pick<Health, 'books' | 'emptyLockers'> {
  const count = (is: (locker: LockerNo) => boolean) => state.lockers.filter(is).length;
  const isEmpty = (locker: LockerNo) =>
    isAvailable(state, locker) && lockerOf(state.ledger, locker).item === null;
  return {
    books: count((locker) => lockerRefusal(state, locker) === null),
    emptyLockers: isInService(state) ? count(isEmpty) : 0,
  };
}
