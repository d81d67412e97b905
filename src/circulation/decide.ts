import { unreachable } from '../kernel/assert.js';
import type { BoardId, ItemId, LockerNo, VisitNo } from '../kernel/ids.js';
import { elapsedMs, type Moment } from '../kernel/time.js';
import { boardLost, boardReady } from './board-reports.js';
import { enterPin, handlePinResult, showCard } from './cards.js';
import { chooseReturn, reportDamage, showItem } from './checkin.js';
import { handleCommand, settleCommands } from './commands.js';
import { handleTimePassed } from './deadlines.js';
import {
  changeVisit,
  type Decision,
  decideEach,
  recordEvents,
  refuse,
  refuseMistimed,
  stateOnly,
} from './decision.js';
import { emptyDirectory } from './directory.js';
import { recordChatter, recordDoorState, recordItemSensed } from './door-reports.js';
import { cancelIntent, withheldEvents } from './doors.js';
import type { Event } from './event.js';
import { updateHolds } from './holds.js';
import type { Input, SystemInput } from './input.js';
import { emptyLedger, type Ledger, lockerOf } from './ledger.js';
import { chooseLocker, showPass } from './lending.js';
import { reportNotTaken } from './not-taken.js';
import { chooseRenewal, settleRenewals } from './renewal.js';
import { settleIntents } from './settlement.js';
import { handleStaffAct, openNextDoor, recordFound, restock, showStaffPass } from './staff.js';
import type { State } from './state.js';
import { reportStuck } from './unlock-retries.js';

/** The boards of a kiosk, its policy and its timeouts. */
export interface Settings extends Pick<State, 'policy' | 'waits'> {
  readonly boards: ReadonlyMap<BoardId, readonly LockerNo[]>;
}

/** The state of a kiosk that has just started: its ledger is known, its doors are not. */
export function initialState({ boards, ...settings }: Settings, ledger: Ledger = emptyLedger): State {
  const lockers = [...boards.values()].flat();
  return {
    ...settings,
    ledger,
    lockers,
    boards: new Map(
      [...boards].map(([board, its]) => [
        board,
        {
          lockers: its,
          ready: false,
          closedWhenLost: new Set(),
          lastPulse: null,
          firstVisitSince: ledger.nextVisit,
        },
      ]),
    ),
    doors: new Map(lockers.map((locker) => [locker, 'unknown'])),
    lastClosedAt: new Map(),
    items: new Map(),
    chattering: new Set(),
    lateVisits: new Map(),
    directory: emptyDirectory,
    online: false,
    recentLoans: new Map(),
    pinWaits: new Map(),
    pinFailuresClearAt: elapsedMs(0),
    journalWritable: true,
    journalFailedAt: null,
    visit: { kind: 'idle' },
    notice: null,
  };
}

/**
 * The whole of circulation as one pure function: what `input` at `moment` means in `state`.
 * The caller makes the events durable before it does the effects, and keeps the state only then.
 */
export function decide(state: State, input: Input, moment: Moment): Decision {
  return settleCommands(decideAndContinue(state, input, moment));
}

function decideAndContinue(state: State, input: Input, moment: Moment): Decision {
  const decision = decideInput(state, input, moment);
  const { visit, journalWritable } = decision.state;
  if (visit.kind === 'working' && visit.work.task !== null)
    return decideEach(decision, [visit], (each, working) => openNextDoor(each, working, moment));
  const isOver = state.visit.kind !== 'idle' && visit.kind === 'idle';
  if (!isOver || !journalWritable) return decision;
  // Intents that had to wait until the kiosk is idle.
  return decideEach(decision, [state.lockers], (each, lockers) => settleIntents(each, lockers, moment));
}

function decideInput(state: State, input: Input, moment: Moment): Decision {
  switch (input.kind) {
    case 'pass-shown':
      return showPass(state, input.holder, moment);
    case 'card-shown':
      return showCard(state, input.owner, moment);
    case 'staff-shown':
      return showStaffPass(state, input.staff, moment);
    case 'item-shown':
      return handleItemShown(state, input.item, moment);
    case 'scan-refused':
      return refuse(state, input.refusal, moment);
    case 'locker-chosen':
      return chooseLocker(state, input.locker, moment);
    case 'pin-entered':
      return enterPin(state, input.pin, moment);
    case 'return-chosen':
      return chooseReturn(state, moment);
    case 'renewal-chosen':
      return chooseRenewal(state, input.item, moment);
    case 'another-wanted':
      return continueVisit(state, moment);
    case 'not-taken':
      return reportNotTaken(state, input.locker, moment);
    case 'damage-reported':
      return reportDamage(state, input.damage, moment);
    case 'door-stuck':
      return reportStuck(state, moment);
    case 'cancelled':
      return cancelVisit(state, moment);
    case 'staff-acted':
      return handleStaffAct(state, input.act, moment);
    default:
      return decideSystemInput(state, input, moment);
  }
}

/** Decides inputs that do not come from a person: boards, catalogue, shell. */
function decideSystemInput(state: State, input: SystemInput, moment: Moment): Decision {
  switch (input.kind) {
    case 'board-ready':
      return boardReady(state, input, moment);
    case 'board-lost':
      return boardLost(state, input.board, moment);
    case 'door':
      return recordDoorState(state, input.locker, input.door, moment);
    case 'item-sensed':
      return recordItemSensed(state, input.locker, input.item, moment);
    case 'switch-chatters':
      return recordChatter(state, input.locker, input.chatters);
    case 'lock-refused':
      return handleLockRefused(state, input, moment);
    case 'online-changed':
      return setOnline(state, input.online, moment);
    case 'command-received':
      return handleCommand(state, input.command, moment);
    case 'directory-updated':
      return stateOnly({ ...state, directory: input.directory });
    case 'policy-updated':
      return stateOnly({ ...state, policy: input.policy });
    case 'holds-updated':
      return updateHolds(state, input.holds);
    case 'returns-updated':
      return closeReturnedLoans(state, input.returns);
    case 'pin-checked':
      return handlePinResult(state, input.patron, input.isRight, moment);
    case 'journal-failed':
      return handleJournalFailure(state, moment);
    case 'journal-recovered':
      return handleJournalRecovery(state, input.ledger, moment);
    case 'time-passed':
      return handleTimePassed(state, moment);
    default:
      return unreachable(input);
  }
}

function handleItemShown(state: State, item: ItemId, moment: Moment): Decision {
  const { visit } = state;
  if (visit.kind === 'working') return restock(state, item, visit, moment);
  return visit.kind === 'open' && visit.work
    ? recordFound(state, item, moment)
    : showItem(state, item, moment);
}

/** Another book is requested after a loan. */
function continueVisit(state: State, moment: Moment): Decision {
  const { visit } = state;
  return visit.kind === 'farewell' && visit.holder
    ? showPass(state, visit.holder, moment)
    : refuseMistimed(state, moment);
}

function setOnline(state: State, online: boolean, moment: Moment): Decision {
  const next = { ...state, online };
  return online && next.journalWritable ? settleRenewals(next, moment) : stateOnly(next);
}

/** Closes loans whose items were returned at other kiosks. A list may be old: only the loan of the named visit is closed. */
function closeReturnedLoans(state: State, returns: ReadonlyMap<ItemId, VisitNo>): Decision {
  const closed = [...returns].filter(([item, visit]) => state.ledger.loans.get(item)?.visit === visit);
  return recordEvents(
    state,
    closed.map(([item, visit]): Event => ({ type: 'loan-closed', item, visit })),
  );
}

/** Puts the kiosk out of service until the journal can be written. */
function handleJournalFailure(state: State, { elapsedMs }: Moment): Decision {
  const journalFailedAt = state.journalFailedAt ?? elapsedMs;
  return stateOnly({
    ...state,
    journalWritable: false,
    journalFailedAt,
    visit: { kind: 'idle' },
    notice: null,
  });
}

/**
 * Continues with the ledger that the recovered journal contains. Door movements of the meantime are not recorded: a locker
 * whose door moved without an intent is withheld until staff have looked.
 */
function handleJournalRecovery(state: State, ledger: Ledger, moment: Moment): Decision {
  const { journalFailedAt: since, doors, lastClosedAt } = state;
  const hasMoved = (locker: LockerNo) =>
    since !== null && (doors.get(locker) === 'open' || (lastClosedAt.get(locker) ?? since) > since);
  const unaccounted = state.lockers.filter((l) => lockerOf(ledger, l).intent === null && hasMoved(l));
  const writable: State = { ...state, ledger, journalWritable: true, journalFailedAt: null };
  const settled = settleIntents({ ...writable, visit: { kind: 'idle' } }, state.lockers, moment);
  return decideEach(settled, unaccounted, (each, locker) =>
    recordEvents(each, withheldEvents(each, locker, 'outcome-unknown')),
  );
}

/** Ends a visit before a door is unlocked; after that only the door can end it. */
function cancelVisit(state: State, moment: Moment): Decision {
  const { kind } = state.visit;
  return kind === 'opening' || kind === 'open'
    ? refuse(state, 'busy', moment)
    : changeVisit(state, { kind: 'idle' });
}

/** The board refused a pulse. After a second pulse only the door or the board's memory shows whether it opened. */
function handleLockRefused(
  state: State,
  input: Extract<Input, { kind: 'lock-refused' }>,
  moment: Moment,
): Decision {
  const { intent } = lockerOf(state.ledger, input.locker);
  const { visit } = state;
  const isFirst = visit.kind === 'opening' && visit.attempt === 1 && visit.visit === input.visit;
  if (!isFirst || intent?.visit !== input.visit) return stateOnly(state);
  return cancelIntent(state, input.locker, intent, 'lock-refused', moment);
}
