import { unreachable } from '../kernel/assert.js';
import { type CommandId, type LockerNo, passId, type StaffId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { Moment } from '../kernel/time.js';
import { type Decision, recordEvents, stateOnly } from './decision.js';
import type { CancelReason, Event } from './event.js';
import { holdPatronOf } from './holds.js';
import type { Answer } from './input.js';
import { type CommandRecord, lockerOf, lockerWith } from './ledger.js';
import { showPass } from './lending.js';
import type { Command, CommandAnswer, Order } from './order.js';
import type { Refusal } from './refusal.js';
import { accessRefusal } from './staff.js';
import type { PassHolder, State } from './state.js';
import { unlock } from './unlock.js';

/** Why a command is refused. */
type CommandRefusal = Refusal | 'command-expired' | 'too-many-commands' | 'hold-unknown';

/**
 * Executes a command of the catalogue. It is recorded together with its events before any effect, so it runs at most once; a
 * repeated command gets the recorded answer.
 */
export function handleCommand(state: State, command: Command, moment: Moment): Decision {
  const known = state.ledger.commands.get(command.command);
  if (known) return { ...stateOnly(state), effects: [recordedAnswer(command.command, known)] };
  const refusal = earlyRefusal(state, command, moment);
  if (refusal) return { ...stateOnly(state), effects: [answerEffect(command.command, 'refused', refusal)] };
  const expected = command.order.kind === 'open' || command.order.kind === 'lend' ? 'accepted' : 'done';
  const begun = recordEvents(state, [commandTakenEvent(command, expected)]);
  const obeyed = executeOrder(begun.state, command, moment);
  if (typeof obeyed === 'string') {
    const refused = recordEvents(state, [commandTakenEvent(command, 'refused', obeyed)]);
    return { ...refused, effects: [answerEffect(command.command, 'refused', obeyed)] };
  }
  return {
    state: obeyed.state,
    events: [...begun.events, ...obeyed.events],
    effects: [answerEffect(command.command, expected, null), ...obeyed.effects],
  };
}

/** Why a command is refused without a record; it has expired by the kiosk's clock, or by a newer command's time. */
function earlyRefusal(
  { ledger, journalWritable }: State,
  { expiresAt }: Command,
  { calendarMs }: Moment,
): CommandRefusal | null {
  const newest = Math.max(0, ...[...ledger.commands.values()].map(({ issuedAt }) => issuedAt));
  if (expiresAt <= Math.max(calendarMs, newest - limits.commandSkewMs)) return 'command-expired';
  if (!journalWritable) return 'out-of-service';
  return ledger.commands.size >= limits.commandsLength ? 'too-many-commands' : null;
}

/** The decision of an order, or why it is refused. */
function executeOrder(
  state: State,
  { command, order, expiresAt }: Command,
  moment: Moment,
): Decision | CommandRefusal {
  switch (order.kind) {
    case 'open':
      return executeOpen(state, order, command, moment);
    case 'withhold':
    case 'restore':
      return executeSetService(state, order);
    case 'withdraw':
      return executeWithdraw(state, order);
    case 'hold':
      return executeHold(state, order, moment);
    case 'release': {
      const { hold } = order;
      if (!state.ledger.holds.has(hold)) return 'hold-unknown';
      return recordEvents(state, [{ type: 'hold-ended', hold, reason: 'released' }]);
    }
    case 'lend': {
      const { patron, age, item } = order;
      const grant = { until: expiresAt, item, spent: false, command };
      return executeLend(state, { patron, age, pass: passId(command), grant }, moment);
    }
    case 'restart': {
      const { kind } = state.visit;
      if (kind === 'opening' || kind === 'open') return 'busy';
      return { ...stateOnly(state), effects: [{ kind: 'restart' }] };
    }
    default:
      return unreachable(order);
  }
}

/** Whether no visit is in progress. */
const isFree = ({ visit }: State) => visit.kind === 'idle' || visit.kind === 'farewell';

function executeOpen(
  state: State,
  { locker, by: staff }: Extract<Order, { kind: 'open' }>,
  command: CommandId,
  moment: Moment,
): Decision | CommandRefusal {
  if (!isFree(state)) return 'busy';
  const refusal = accessRefusal(state, locker);
  if (refusal) return refusal;
  const visit = state.ledger.nextVisit;
  const intended = {
    type: 'access-intended',
    visit,
    locker,
    staff,
    task: 'open',
    item: null,
    command,
  } as const;
  return unlock(state, intended, { holder: null, work: null }, moment);
}

function executeSetService(
  state: State,
  { kind, locker, by: staff }: Extract<Order, { kind: 'withhold' | 'restore' }>,
): Decision | CommandRefusal {
  if (!state.lockers.includes(locker)) return 'locker-unavailable';
  const { withheld, damage } = lockerOf(state.ledger, locker);
  if (kind === 'restore') {
    const isNews = withheld !== null || damage !== null;
    return recordEvents(state, isNews ? [{ type: 'locker-restored', locker, staff }] : []);
  }
  return recordEvents(state, withheld === null ? [withheldByStaff(locker, 'out-of-service', staff)] : []);
}

function executeWithdraw(
  state: State,
  { item, by }: Extract<Order, { kind: 'withdraw' }>,
): Decision | CommandRefusal {
  const locker = lockerWith(state.ledger, item);
  if (locker === undefined) return 'item-not-here';
  const isKept = lockerOf(state.ledger, locker).withheld !== null;
  return recordEvents(state, isKept ? [] : [withheldByStaff(locker, 'withdrawal', by)]);
}

function withheldByStaff(locker: LockerNo, reason: 'out-of-service' | 'withdrawal', staff: StaffId): Event {
  return { type: 'locker-withheld', locker, reason, staff };
}

function executeHold(
  state: State,
  { hold, item, patron, until }: Extract<Order, { kind: 'hold' }>,
  moment: Moment,
): Decision | CommandRefusal {
  if (state.ledger.holds.has(hold)) return stateOnly(state);
  if (lockerWith(state.ledger, item) === undefined) return 'item-not-here';
  const keptFor = holdPatronOf(state.ledger, item, moment);
  if (keptFor !== undefined && keptFor !== patron) return 'item-on-hold';
  return recordEvents(state, [{ type: 'hold-placed', hold, item, patron, until }]);
}

/** Handles the order like a single-use pass that is shown, but not during another visit. */
function executeLend(state: State, holder: PassHolder, moment: Moment): Decision | CommandRefusal {
  if (!isFree(state) && state.visit.kind !== 'identifying') return 'busy';
  const shown = showPass(state, holder, moment);
  const { notice } = shown.state;
  return notice !== null && notice !== state.notice ? notice.refusal : shown;
}

/** Records and reports the results of commands whose visits this decision ends. */
export function settleCommands(decision: Decision): Decision {
  const { commands } = decision.state.ledger;
  if (commands.size === 0 || decision.events.length === 0) return decision;
  const settled = decision.events.flatMap((event): Event[] => {
    const ended = commandEndOf(event);
    if (ended === null) return [];
    const found = [...commands].find(([, row]) => row.visit === ended.visit && row.answer !== 'done');
    return found ? [{ type: 'command-settled', command: found[0], ...ended.settled }] : [];
  });
  if (settled.length === 0) return decision;
  const noted = recordEvents(decision.state, settled);
  const answers = settled.flatMap((event) =>
    event.type === 'command-settled' ? [answerEffect(event.command, event.answer, event.reason ?? null)] : [],
  );
  return {
    state: noted.state,
    events: [...decision.events, ...settled],
    effects: [...decision.effects, ...answers],
  };
}

/** The result of a command whose visit `event` ends. A loan exists from the moment its door opens. */
function commandEndOf(
  event: Event,
): { visit: CommandRecord['visit']; settled: { answer: 'done' | 'refused'; reason?: CancelReason } } | null {
  switch (event.type) {
    case 'item-lent':
    case 'access-completed':
      return { visit: event.visit, settled: { answer: 'done' } };
    case 'checkout-cancelled':
    case 'access-cancelled':
      return { visit: event.visit, settled: { answer: 'refused', reason: event.reason } };
    default:
      return null;
  }
}

function commandTakenEvent(
  { command, issuedAt, expiresAt, order }: Command,
  answer: CommandAnswer,
  reason?: string,
): Event {
  const why = reason === undefined ? {} : { reason };
  return { type: 'command-taken', command, order: order.kind, issuedAt, expiresAt, answer, ...why };
}

function recordedAnswer(command: CommandId, { answer, reason }: CommandRecord): Answer {
  return answerEffect(command, answer, reason);
}

function answerEffect(command: CommandId, answer: CommandAnswer, reason: string | null): Answer {
  return { kind: 'answer', command, answer, reason };
}
