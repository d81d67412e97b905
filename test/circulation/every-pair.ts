import { defaultPolicy, emptyDirectory } from '../../src/circulation/directory.js';
import type { Input, StaffAct } from '../../src/circulation/input.js';
import type { Order } from '../../src/circulation/order.js';
import type { PassHolder, Visit } from '../../src/circulation/state.js';
import {
  commandId,
  holdId,
  type ItemId,
  lockerNo,
  passId,
  patronId,
  staffId,
  visitNo,
} from '../../src/kernel/ids.js';
import { epochMs } from '../../src/kernel/time.js';
import {
  book,
  choose,
  door,
  doorsAll,
  li,
  lost,
  otherBook,
  type Player,
  pass,
  player,
  ready,
  show,
  strangeBook,
  wang,
} from './player.js';

export const staff = staffId('5555555555555555');
export const staffShown: Input = { kind: 'staff-shown', staff };
export const act = (what: StaffAct): Input => ({ kind: 'staff-acted', act: what });
export const card: Input = { kind: 'card-shown', owner: { patron: wang.patron, age: 'adult' } };
export const pin: Input = { kind: 'pin-entered', pin: '4711' };
export const checked = (isRight: boolean): Input => ({ kind: 'pin-checked', patron: wang.patron, isRight });
export const grant = (item: ItemId | null): PassHolder => ({
  ...wang,
  pass: passId('00000000000000aa'),
  grant: { until: epochMs(Date.UTC(2027, 0, 1)), item, spent: false, command: null },
});

/** Wang has borrowed `book` from locker 1 and gone. */
const lentBefore = () =>
  player().play(pass(wang), choose(1), door(1, 'open'), door(1, 'closed'), { kind: 'cancelled' });

/** A kiosk in each state there is, reached as residents and staff reach it. */
export const states: Readonly<
  Record<string, { readonly kind: Visit['kind']; readonly reach: () => Player }>
> = {
  idle: { kind: 'idle', reach: lentBefore },
  'choosing, a book at home': { kind: 'choosing', reach: () => lentBefore().play(pass(wang)) },
  identifying: { kind: 'identifying', reach: () => lentBefore().play(choose(2)) },
  'pin, to be entered': { kind: 'pin', reach: () => lentBefore().play(card) },
  'pin, being compared': { kind: 'pin', reach: () => lentBefore().play(card, pin) },
  asking: { kind: 'asking', reach: () => lentBefore().play(pass(wang), show(book)) },
  'opening, checkout': { kind: 'opening', reach: () => lentBefore().play(pass(wang), choose(2)) },
  'opening, checkin': { kind: 'opening', reach: () => lentBefore().play(show(book)) },
  'opening, work': {
    kind: 'opening',
    reach: () => lentBefore().play(staffShown, act({ do: 'open', locker: lockerNo(2) })),
  },
  'open, checkout': { kind: 'open', reach: () => lentBefore().play(pass(wang), choose(2), door(2, 'open')) },
  'open, checkin': { kind: 'open', reach: () => lentBefore().play(show(book), door(1, 'open')) },
  'open, count': {
    kind: 'open',
    reach: () => lentBefore().play(staffShown, act({ do: 'count' }), door(1, 'open')),
  },
  'farewell, lent': {
    kind: 'farewell',
    reach: () => player().play(pass(wang), choose(1), door(1, 'open'), door(1, 'closed')),
  },
  'farewell, returned': {
    kind: 'farewell',
    reach: () => lentBefore().play(show(book), door(1, 'open'), door(1, 'closed')),
  },
  'working, nothing chosen': { kind: 'working', reach: () => lentBefore().play(staffShown) },
  'working, restock': { kind: 'working', reach: () => lentBefore().play(staffShown, act({ do: 'restock' })) },
  'working, all doors asked for': {
    kind: 'working',
    reach: () => lentBefore().play(staffShown, act({ do: 'open-all' })),
  },
  'idle, no board': { kind: 'idle', reach: () => lentBefore().play(lost) },
  'idle, journal failed': { kind: 'idle', reach: () => lentBefore().play({ kind: 'journal-failed' }) },
};

const until = epochMs(Date.UTC(2027, 0, 1));
const hold = { item: otherBook, patron: li.patron, until };
const childLi: PassHolder = { ...li, age: 'child' };

/** Inputs of each kind that matter differently. A function takes what it needs from the kiosk. */
export const inputs: {
  readonly [Kind in Input['kind']]: Readonly<Record<string, Input | ((kiosk: Player) => Input)>>;
} = {
  'pass-shown': {
    'her own': pass(wang),
    'another’s': pass(childLi),
    'one loan': pass(grant(null)),
    'one book': pass(grant(otherBook)),
  },
  'card-shown': { known: card, unknown: { kind: 'card-shown', owner: null } },
  'staff-shown': { staff: staffShown },
  'item-shown': { 'at home': show(book), 'recorded here': show(otherBook), strange: show(strangeBook) },
  'scan-refused': { forged: { kind: 'scan-refused', refusal: 'pass-forged' } },
  'locker-chosen': { 'a book': choose(2), empty: choose(3), none: choose(77) },
  'pin-entered': { digits: pin },
  'pin-checked': {
    right: checked(true),
    wrong: checked(false),
    'somebody’s': { kind: 'pin-checked', patron: patronId('cccccccccccccccc'), isRight: true },
  },
  'return-chosen': { return: { kind: 'return-chosen' } },
  'renewal-chosen': {
    hers: { kind: 'renewal-chosen', item: book },
    elsewhere: { kind: 'renewal-chosen', item: strangeBook },
  },
  'another-wanted': { another: { kind: 'another-wanted' } },
  'not-taken': { 'locker 1': { kind: 'not-taken', locker: lockerNo(1) } },
  'damage-reported': { wet: { kind: 'damage-reported', damage: 'wet' } },
  'door-stuck': { stuck: { kind: 'door-stuck' } },
  cancelled: { cancel: { kind: 'cancelled' } },
  'staff-acted': {
    menu: act({ do: 'menu' }),
    restock: act({ do: 'restock' }),
    count: act({ do: 'count' }),
    'open-all': act({ do: 'open-all' }),
    confirm: act({ do: 'confirm' }),
    open: act({ do: 'open', locker: lockerNo(3) }),
    'open none': act({ do: 'open', locker: lockerNo(77) }),
    withdraw: act({ do: 'withdraw', locker: lockerNo(2) }),
    withhold: act({ do: 'withhold', locker: lockerNo(4) }),
    restore: act({ do: 'restore', locker: lockerNo(4) }),
    'found-nothing': act({ do: 'found-nothing' }),
  },
  'board-ready': { 'all shut': ready(), 'all open': ready(null, doorsAll('open')) },
  'board-lost': { main: lost },
  door: {
    'its own opens': (kiosk) => door(lockerOfVisit(kiosk), 'open'),
    'its own shuts': (kiosk) => door(lockerOfVisit(kiosk), 'closed'),
    'its own unknown': (kiosk) => door(lockerOfVisit(kiosk), 'unknown'),
    'another opens': door(4, 'open'),
  },
  'item-sensed': { 'gone from 2': { kind: 'item-sensed', locker: lockerNo(2), item: 'absent' } },
  'switch-chatters': { begins: { kind: 'switch-chatters', locker: lockerNo(2), chatters: true } },
  'lock-refused': {
    'its own': (kiosk) => ({
      kind: 'lock-refused',
      locker: lockerNo(lockerOfVisit(kiosk)),
      visit: visitNo(kiosk.state.ledger.nextVisit - 1),
    }),
    old: { kind: 'lock-refused', locker: lockerNo(4), visit: visitNo(999) },
  },
  'online-changed': {
    yes: { kind: 'online-changed', online: true },
    no: { kind: 'online-changed', online: false },
  },
  'directory-updated': {
    blocked: { kind: 'directory-updated', directory: { ...emptyDirectory, blocked: new Set([wang.patron]) } },
  },
  'policy-updated': { strict: { kind: 'policy-updated', policy: { ...defaultPolicy, loansPerPatron: 1 } } },
  'command-received': {
    open: commandInput({
      kind: 'open',
      locker: lockerNo(4),
      by: staffId('5555555555555555'),
      reason: 'help',
    }),
    withhold: commandInput({ kind: 'withhold', locker: lockerNo(4), by: staffId('5555555555555555') }),
    restore: commandInput({ kind: 'restore', locker: lockerNo(4), by: staffId('5555555555555555') }),
    withdraw: commandInput({ kind: 'withdraw', item: otherBook, by: staffId('5555555555555555') }),
    hold: commandInput({ kind: 'hold', hold: holdId('h-2'), ...hold }),
    release: commandInput({ kind: 'release', hold: holdId('h-2') }),
    lend: commandInput({ kind: 'lend', patron: li.patron, age: 'adult', item: null }),
    'lend a book': commandInput({ kind: 'lend', patron: li.patron, age: 'adult', item: otherBook }),
    restart: commandInput({ kind: 'restart', by: staffId('5555555555555555') }),
    over: commandInput({ kind: 'restart', by: staffId('5555555555555555') }, 1),
  },
  'holds-updated': { one: { kind: 'holds-updated', holds: new Map([[holdId('h-1'), hold]]) } },
  'returns-updated': {
    'the book at home': { kind: 'returns-updated', returns: new Map([[book, visitNo(1)]]) },
  },
  'journal-failed': { failed: { kind: 'journal-failed' } },
  'journal-recovered': { recovered: ({ state }) => ({ kind: 'journal-recovered', ledger: state.ledger }) },
  'time-passed': { 'nothing due': { kind: 'time-passed' } },
};

/** An order as it comes from the edge, good for an hour or so. */
export function commandInput(order: Order, expiresAt = Date.UTC(2026, 10, 23, 7), id = 0xc0): Input {
  const command = commandId(id.toString(16).padStart(16, '0'));
  const issuedAt = epochMs(Date.UTC(2026, 10, 23, 6));
  return { kind: 'command-received', command: { command, issuedAt, expiresAt: epochMs(expiresAt), order } };
}

function lockerOfVisit({ state: { visit } }: Player): number {
  return 'locker' in visit && visit.locker !== null ? visit.locker : 2;
}
