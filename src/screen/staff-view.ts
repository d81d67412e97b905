import { holdPatronOf } from '../circulation/holds.js';
import { type LockerRecord, lockerOf } from '../circulation/ledger.js';
import { accessRefusal } from '../circulation/staff.js';
import type { StaffWork, State, Visit, Working } from '../circulation/state.js';
import type { Sentence } from '../display/phrases.js';
import type { ItemId, LockerNo } from '../kernel/ids.js';
import type { ViewContext } from './context.js';
import { damageWords, signs, withheldWords } from './staff-words.js';

/** What staff may do with one locker. */
export type LockerAct = 'open' | 'withdraw' | 'withhold' | 'restore';

/** One locker as staff see it. */
export interface StaffCell {
  readonly locker: LockerNo;
  /** The barcode of the book that is recorded to be inside. */
  readonly item: ItemId | null;
  /** Its title; null where there is none, or none is known. */
  readonly name: string | null;
  /** `trouble`: it is neither lent from nor used for returns, or its door is not shut. */
  readonly look: 'book' | 'empty' | 'trouble';
  readonly signs: readonly Sentence[];
  readonly acts: readonly LockerAct[];
}

/** A book that should leave the cabinet. */
export interface Leaving {
  readonly locker: LockerNo;
  readonly name: string | null;
  readonly why: readonly Sentence[];
  /** Whether its door can be opened now. */
  readonly mayTake: boolean;
}

/** What a member of staff who is at work sees beside what to do next. */
export interface StaffView {
  readonly task: StaffWork['task'];
  readonly emergency: Working['emergency'];
  readonly cells: readonly StaffCell[];
  readonly leaving: readonly Leaving[];
}

/** All lockers for staff; null unless a member of staff is at work and no door is unlocked. */
export function staffOf(state: State, visit: Visit, context: ViewContext): StaffView | null {
  if (visit.kind !== 'working') return null;
  return {
    task: visit.work.task,
    emergency: visit.emergency,
    cells: state.lockers.map((locker) => cellOf(state, locker, context)),
    leaving: leavingOf(state, context),
  };
}

/** The books that should leave: damaged, no longer waited for, wanted elsewhere, or known to nobody. */
export function leavingOf(state: State, context: ViewContext): readonly Leaving[] {
  return state.lockers.flatMap((locker) => {
    const { item } = lockerOf(state.ledger, locker);
    const why = item === null ? [] : whyLeave(state, locker, item, context);
    if (item === null || why.length === 0) return [];
    const mayTake = accessRefusal(state, locker) === null;
    return [{ locker, name: context.titleOf(item)?.name ?? null, why, mayTake }];
  });
}

function whyLeave(
  { ledger, directory }: State,
  locker: LockerNo,
  item: ItemId,
  { moment }: ViewContext,
): readonly Sentence[] {
  const { damage } = lockerOf(ledger, locker);
  const isOver =
    holdPatronOf(ledger, item, moment) === undefined &&
    [...ledger.holds.values()].some((hold) => hold.item === item && hold.ended === 'expired');
  return [
    ...(damage === null ? [] : [damageWords(damage)]),
    ...(isOver ? [signs.expired] : []),
    ...(directory.wanted.has(item) ? [signs.wanted] : []),
    ...(directory.items !== null && !directory.items.has(item) ? [signs.unregistered] : []),
  ];
}

function cellOf(state: State, locker: LockerNo, context: ViewContext): StaffCell {
  const record = lockerOf(state.ledger, locker);
  const { item, withheld, damage } = record;
  const isInUse = state.doors.get(locker) === 'closed' && !state.chattering.has(locker);
  const isTrouble = withheld !== null || damage !== null || !isInUse;
  return {
    locker,
    item,
    name: item === null ? null : (context.titleOf(item)?.name ?? null),
    look: isTrouble ? 'trouble' : item === null ? 'empty' : 'book',
    signs: signsOf(state, locker, record, context),
    acts: actsOf(state, locker, record),
  };
}

function signsOf(
  state: State,
  locker: LockerNo,
  { item, intent, withheld }: LockerRecord,
  context: ViewContext,
): readonly Sentence[] {
  const door = state.doors.get(locker) ?? 'unknown';
  const sensed = state.items.get(locker);
  const isKept = item !== null && holdPatronOf(state.ledger, item, context.moment) !== undefined;
  return [
    ...(withheld === null ? [] : [withheldWords(withheld)]),
    ...(door === 'closed' ? [] : [signs[door]]),
    ...(state.chattering.has(locker) ? [signs.chattering] : []),
    ...(intent === null ? [] : [signs.underWay]),
    ...(item !== null && sensed === 'absent' ? [signs.absent] : []),
    ...(item === null && sensed === 'present' ? [signs.present] : []),
    ...(item === null ? [] : whyLeave(state, locker, item, context)),
    ...(isKept ? [signs.reserved] : []),
  ];
}

function actsOf(
  state: State,
  locker: LockerNo,
  { item, withheld, damage }: LockerRecord,
): readonly LockerAct[] {
  const mayOpen = accessRefusal(state, locker) === null;
  return [
    ...(mayOpen ? (['open'] as const) : []),
    ...(mayOpen && item !== null ? (['withdraw'] as const) : []),
    withheld === null ? 'withhold' : 'restore',
    ...(withheld === null && damage !== null ? (['restore'] as const) : []),
  ];
}
