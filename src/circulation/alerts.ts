import type { FaultCode } from '../kernel/faults.js';
import type { BoardId, LockerNo } from '../kernel/ids.js';
import type { WithheldReason } from './event.js';
import { lockerOf } from './ledger.js';
import type { State } from './state.js';

/** Something a maintainer should know, for as long as it lasts; its meaning and remedy are in the catalogue of faults. */
export interface Alert {
  readonly code: FaultCode;
  readonly locker?: LockerNo;
  readonly board?: BoardId;
}

const codes: Readonly<Record<WithheldReason, FaultCode>> = {
  'did-not-open': 'locker.did-not-open',
  'door-silent': 'locker.door-silent',
  'door-forced': 'locker.forced',
  'outcome-unknown': 'locker.outcome-unknown',
  'not-taken': 'locker.not-taken',
  misplaced: 'locker.misplaced',
  withdrawal: 'locker.withdrawal',
  emergency: 'locker.emergency',
  'out-of-service': 'locker.out-of-service',
};

/** What is wrong with the kiosk in `state`, as far as the core knows. Pure; in the order of boards and lockers. */
export function alertsOf(state: State): readonly Alert[] {
  const alerts: Alert[] = state.journalWritable ? [] : [{ code: 'journal.write' }];
  for (const [board, { ready }] of state.boards) if (!ready) alerts.push({ code: 'board.lost', board });
  for (const locker of state.lockers) {
    const { withheld, damage } = lockerOf(state.ledger, locker);
    if (withheld) alerts.push({ code: codes[withheld], locker });
    if (damage) alerts.push({ code: 'item.damaged', locker });
    if (state.chattering.has(locker)) alerts.push({ code: 'locker.chatters', locker });
    if (isLeftOpen(state, locker)) alerts.push({ code: 'locker.left-open', locker });
  }
  return alerts;
}

/** Whether the door is open and no visit is using it. */
function isLeftOpen({ doors, visit }: State, locker: LockerNo): boolean {
  const isInUse = (visit.kind === 'open' || visit.kind === 'opening') && visit.locker === locker;
  return doors.get(locker) === 'open' && !isInUse;
}
