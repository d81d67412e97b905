import { unreachable } from '../kernel/assert.js';
import type { BoardId, ItemId, LockerNo, VisitNo } from '../kernel/ids.js';
import { elapsedMs, type Moment } from '../kernel/time.js';
import { boardLost, boardReady } from './board-reports.js';
import { enterPin, pinChecked, showCard } from './cards.js';
import { chooseReturn, reportDamage, showItem } from './checkin.js';
import { commanded, settleCommands } from './commands.js';
import { timePassed } from './deadlines.js';
import { carryOn, type Decision, inTurn, move, note, outOfPlace, refuse } from './decision.js';
import { emptyDirectory } from './directory.js';
import { noteChatter, seeDoor, senseItem } from './door-reports.js';
import { cancel, settleEach, withheld } from './doors.js';
import type { Event } from './event.js';
import { holdsTold } from './holds.js';
import type { Input, News } from './input.js';
import { reportStuck } from './ladder.js';
import { emptyLedger, type Ledger, lockerOf } from './ledger.js';
import { chooseLocker, showPass } from './lending.js';
import { reportNotTaken } from './not-taken.js';
import { answerRenewals, chooseRenewal } from './renewal.js';
import { find, nextDoor, restock, showStaff, staffActed } from './staff.js';
import type { State } from './state.js';

/** What a kiosk is made of and what its street decided. */
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
        { lockers: its, ready: false, shut: new Set(), lastPulse: null, since: ledger.nextVisit },
      ]),
    ),
    doors: new Map(lockers.map((locker) => [locker, 'unknown'])),
    shutAt: new Map(),
    items: new Map(),
    chattering: new Set(),
    late: new Map(),
    directory: emptyDirectory,
    online: false,
    justLent: new Map(),
    pinWaits: new Map(),
    pinsCalmAt: elapsedMs(0),
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
  return settleCommands(decideInTurn(state, input, moment));
}

function decideInTurn(state: State, input: Input, moment: Moment): Decision {
  const decision = decideOne(state, input, moment);
  const { visit, journalWritable } = decision.state;
  if (visit.kind === 'working' && visit.work.task !== null)
    return inTurn(decision, [visit], (each, working) => nextDoor(each, working, moment));
  const isOver = state.visit.kind !== 'idle' && visit.kind === 'idle';
  if (!isOver || !journalWritable) return decision;
  // What has waited until nobody is there any more.
  return inTurn(decision, [state.lockers], (each, lockers) => settleEach(each, lockers, moment));
}

function decideOne(state: State, input: Input, moment: Moment): Decision {
  switch (input.kind) {
    case 'pass-shown':
      return showPass(state, input.holder, moment);
    case 'card-shown':
      return showCard(state, input.owner, moment);
    case 'staff-shown':
      return showStaff(state, input.staff, moment);
    case 'item-shown':
      return itemShown(state, input.item, moment);
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
      return goOn(state, moment);
    case 'not-taken':
      return reportNotTaken(state, input.locker, moment);
    case 'damage-reported':
      return reportDamage(state, input.damage, moment);
    case 'door-stuck':
      return reportStuck(state, moment);
    case 'cancelled':
      return cancelVisit(state, moment);
    case 'staff-acted':
      return staffActed(state, input.act, moment);
    default:
      return hear(state, input, moment);
  }
}

/** What nobody at the kiosk said or did: the boards, the catalogue, the shell. */
function hear(state: State, input: News, moment: Moment): Decision {
  switch (input.kind) {
    case 'board-ready':
      return boardReady(state, input, moment);
    case 'board-lost':
      return boardLost(state, input.board, moment);
    case 'door':
      return seeDoor(state, input.locker, input.door, moment);
    case 'item-sensed':
      return senseItem(state, input.locker, input.item, moment);
    case 'switch-chatters':
      return noteChatter(state, input.locker, input.chatters);
    case 'lock-refused':
      return lockRefused(state, input, moment);
    case 'catalogue-reached':
      return reached(state, input.online, moment);
    case 'commanded':
      return commanded(state, input.command, moment);
    case 'directory-told':
      return carryOn({ ...state, directory: input.directory });
    case 'policy-told':
      return carryOn({ ...state, policy: input.policy });
    case 'holds-told':
      return holdsTold(state, input.holds);
    case 'returns-told':
      return returnsTold(state, input.returns);
    case 'pin-checked':
      return pinChecked(state, input.patron, input.isRight, moment);
    case 'journal-failed':
      return failed(state, moment);
    case 'journal-recovered':
      return recovered(state, input.ledger, moment);
    case 'time-passed':
      return timePassed(state, moment);
    default:
      return unreachable(input);
  }
}

function itemShown(state: State, item: ItemId, moment: Moment): Decision {
  const { visit } = state;
  if (visit.kind === 'working') return restock(state, item, visit, moment);
  return visit.kind === 'open' && visit.work ? find(state, item, moment) : showItem(state, item, moment);
}

/** After one book she would like another. */
function goOn(state: State, moment: Moment): Decision {
  const { visit } = state;
  return visit.kind === 'farewell' && visit.holder
    ? showPass(state, visit.holder, moment)
    : outOfPlace(state, moment);
}

function reached(state: State, online: boolean, moment: Moment): Decision {
  const next = { ...state, online };
  return online && next.journalWritable ? answerRenewals(next, moment) : carryOn(next);
}

/** What came back elsewhere is on loan from here no more. A list may be old: only the very loan it names is closed. */
function returnsTold(state: State, returns: ReadonlyMap<ItemId, VisitNo>): Decision {
  const closed = [...returns].filter(([item, visit]) => state.ledger.loans.get(item)?.visit === visit);
  return note(
    state,
    closed.map(([item, visit]): Event => ({ type: 'loan-closed', item, visit })),
  );
}

/** Nothing may be promised any more. */
function failed(state: State, { elapsedMs }: Moment): Decision {
  const journalFailedAt = state.journalFailedAt ?? elapsedMs;
  return carryOn({
    ...state,
    journalWritable: false,
    journalFailedAt,
    visit: { kind: 'idle' },
    notice: null,
  });
}

/**
 * The journal can be written again, and says what really happened before. What doors did meanwhile is on no record: where
 * one moved and no intent tells of it, staff look.
 */
function recovered(state: State, ledger: Ledger, moment: Moment): Decision {
  const { journalFailedAt: since, doors, shutAt } = state;
  const hasMoved = (locker: LockerNo) =>
    since !== null && (doors.get(locker) === 'open' || (shutAt.get(locker) ?? since) > since);
  const unaccounted = state.lockers.filter((l) => lockerOf(ledger, l).intent === null && hasMoved(l));
  const writable: State = { ...state, ledger, journalWritable: true, journalFailedAt: null };
  const settled = settleEach({ ...writable, visit: { kind: 'idle' } }, state.lockers, moment);
  return inTurn(settled, unaccounted, (each, locker) =>
    note(each, withheld(each, locker, 'outcome-unknown')),
  );
}

/** Before a door is unlocked a visit can be given up; afterwards only the door can end it. */
function cancelVisit(state: State, moment: Moment): Decision {
  const { kind } = state.visit;
  return kind === 'opening' || kind === 'open'
    ? refuse(state, 'busy', moment)
    : move(state, { kind: 'idle' });
}

/** The board refused a pulse. Once another went out before it, only the door or the board's memory can tell. */
function lockRefused(
  state: State,
  input: Extract<Input, { kind: 'lock-refused' }>,
  moment: Moment,
): Decision {
  const { intent } = lockerOf(state.ledger, input.locker);
  const { visit } = state;
  const isFirst = visit.kind === 'opening' && visit.attempt === 1 && visit.visit === input.visit;
  if (!isFirst || intent?.visit !== input.visit) return carryOn(state);
  return cancel(state, input.locker, intent, 'lock-refused', moment);
}
