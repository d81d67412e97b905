import { findEmptyLocker } from '../circulation/checkin.js';
import { type Intent, lockerOf } from '../circulation/ledger.js';
import { isInService, limitRefusal } from '../circulation/lending.js';
import type { Outcome, State, Visit } from '../circulation/state.js';
import { attemptDuration, remainingStrengths } from '../circulation/unlock.js';
import { type BookTitle, dayWords, type Saying, type Sentence } from '../display/phrases.js';
import { type Qr, qrOf } from '../display/qr.js';
import { refusalWords } from '../display/refusal-words.js';
import { assert } from '../kernel/assert.js';
import type { KioskId, LockerNo, PatronId } from '../kernel/ids.js';
import { after, type ElapsedMs, type EpochMs, type Moment, milliseconds } from '../kernel/time.js';
import { type ChoiceGroup, choicesOf } from './choices.js';
import type { ViewContext } from './context.js';
import { type LoanView, loansOf } from './loans-view.js';
import { outcomeWords } from './outcome-words.js';
import { booksIn, type Shelf, shelvesOf } from './shelf-view.js';
import { type StaffView, staffOf } from './staff-view.js';
import { staffDoorWords } from './staff-words.js';
import { openDoorWords, type Scene, sceneWords } from './words.js';

/** What the screen does: a visit’s kind, or that nothing can be lent. */
export type Phase = Visit['kind'] | 'out-of-service';

/** Everything the page shows; plain JSON, the same for every page that looks. */
export interface ScreenView {
  readonly kiosk: { readonly id: KioskId; readonly name: Sentence };
  readonly phase: Phase;
  /** How to feel about it: something went well, something did not, or neither. */
  readonly mood: 'calm' | 'glad' | 'sorry';
  readonly headline: Sentence;
  readonly detail: Sentence;
  /** The door the resident should look at, in large figures. */
  readonly locker: LockerNo | null;
  /** The book this visit is about. */
  readonly book: BookTitle | null;
  /** A refusal, or a door that was left open. */
  readonly notice: Sentence | null;
  /** What is stamped on the book. */
  readonly stamp: 'lent' | 'returned' | 'renewed' | null;
  /** The day in Shanghai the book is due. */
  readonly due: Sentence | null;
  /** Until the deadline of the visit, rounded up; the page counts on from here. Null when nothing is waited for. */
  readonly secondsLeft: number | null;
  /** Whether the resident may end it now: give up before a door is unlocked, or send the last words away. */
  readonly mayCancel: boolean;
  /** Whether a door was unlocked and she may say that it does not open. */
  readonly mayReportStuck: boolean;
  /** What else she may choose. */
  readonly choices: readonly ChoiceGroup[];
  /** The code that proves a return. */
  readonly receipt: Qr | null;
  /** The keypad for a card’s PIN; locked while one is being checked. What is typed is never part of a view. */
  readonly pad: 'open' | 'locked' | null;
  /** Grows when the same words are to be said once more. */
  readonly reminders: number;
  readonly online: boolean;
  /** The address behind the QR for phones (`/wechat.svg`). */
  readonly invitation: string;
  readonly shelves: readonly Shelf[];
  /** What whoever has shown her pass has on loan from this kiosk. */
  readonly loans: readonly LoanView[];
  /** Whether she can do nothing here but look at her loans. */
  readonly loansFirst: boolean;
  /** What staff see while they are at work with no door unlocked. */
  readonly staff: StaffView | null;
}

/** What the screen shows of `state`. Pure. */
export function viewOf(state: State, context: ViewContext): ScreenView {
  const visit = current(state.visit, context.moment);
  const shelves = shelvesOf(state, visit, context);
  const facts = factsOf(state, visit, shelves, context);
  return {
    kiosk: context.kiosk,
    phase: facts.phase,
    mood: facts.mood,
    headline: facts.saying.headline,
    detail: facts.saying.detail,
    locker: facts.phase === 'out-of-service' || !('locker' in visit) ? null : visit.locker,
    book: facts.book,
    notice: noticeOf(state, visit, context),
    stamp: visit.kind === 'farewell' ? stampOf(visit.outcome) : null,
    due: facts.dueAt === null ? null : dayWords(facts.dueAt),
    secondsLeft: secondsLeft(state, visit, context.moment),
    mayCancel: mayCancel(visit),
    mayReportStuck: visit.kind === 'opening' && visit.attempt > 0 && visit.work?.task !== 'open-all',
    choices: choicesOf(state, visit, context.moment),
    receipt: receiptOf(visit, context),
    pad: visit.kind !== 'pin' ? null : visit.isChecking ? 'locked' : 'open',
    reminders: visit.kind === 'open' ? visit.reminders : 0,
    online: context.online,
    invitation: context.invitation,
    shelves,
    loans: loansOf(state, visit, context),
    loansFirst: visit.kind === 'choosing' && !mayBorrow(state, visit.holder.patron, shelves),
    staff: staffOf(state, visit, context),
  };
}

/** The visit as far as it may still be shown: last words vanish at their deadline, whatever else is late. */
function current(visit: Visit, { elapsedMs }: Moment): Visit {
  return visit.kind === 'farewell' && visit.deadline <= elapsedMs ? { kind: 'idle' } : visit;
}

/** Before a door is unlocked a visit can be given up; a question of life and safety is answered by its own buttons. */
function mayCancel(visit: Visit): boolean {
  if (visit.kind === 'working') return visit.emergency === 'no';
  return visit.kind !== 'idle' && visit.kind !== 'opening' && visit.kind !== 'open';
}

function stampOf({ kind }: Outcome): ScreenView['stamp'] {
  return kind === 'lent' || kind === 'returned' || kind === 'renewed' ? kind : null;
}

function receiptOf(visit: Visit, context: ViewContext): Qr | null {
  const text = visit.kind === 'farewell' ? context.receiptOf(visit.outcome) : null;
  return text === null ? null : qrOf(text);
}

function mayBorrow(state: State, patron: PatronId, shelves: readonly Shelf[]): boolean {
  return limitRefusal(state, patron) === null && booksIn(shelves) > 0;
}

interface Facts {
  readonly phase: Phase;
  readonly mood: ScreenView['mood'];
  readonly saying: Saying;
  readonly book: BookTitle | null;
  readonly dueAt: EpochMs | null;
}

function factsOf(state: State, visit: Visit, shelves: readonly Shelf[], context: ViewContext): Facts {
  switch (visit.kind) {
    case 'farewell':
      return farewellFacts(visit.outcome, context);
    case 'opening':
    case 'open':
      return doorFacts(state, visit, context);
    case 'pin':
      return said(visit);
    case 'asking':
      return said({ kind: 'asking', book: context.titleOf(visit.item) });
    case 'working':
      return said({ kind: 'working', task: visit.work.task, emergency: visit.emergency });
    case 'identifying':
    case 'choosing':
    case 'idle': {
      const { neighbours } = context;
      if (!isInService(state)) return { ...said({ kind: 'out-of-service', neighbours }), mood: 'sorry' };
      if (visit.kind === 'choosing') return said(visit);
      if (visit.kind === 'idle') {
        if (context.isLookedFor) return said({ kind: 'looked-for' });
        const isFull = findEmptyLocker(state) === undefined;
        return said({ kind: 'idle', booksHere: booksIn(shelves), isFull, neighbours });
      }
      const { item } = lockerOf(state.ledger, visit.locker);
      const book = item === null ? null : context.titleOf(item);
      return said({ kind: 'identifying', locker: visit.locker, book });
    }
  }
}

function said(scene: Scene): Facts {
  const book = 'book' in scene ? scene.book : null;
  const phase = scene.kind === 'looked-for' ? 'idle' : scene.kind;
  return { phase, mood: 'calm', saying: sceneWords(scene), book, dueAt: null };
}

function doorFacts(
  state: State,
  visit: Extract<Visit, { kind: 'opening' | 'open' }>,
  context: ViewContext,
): Facts {
  const { locker } = visit;
  const { intent, damage } = lockerOf(state.ledger, locker);
  assert(intent !== null, 'a visit at a door has its intent');
  if (intent.purpose === 'access') return staffDoorFacts(state, visit, intent, context);
  const { purpose, item } = intent;
  const loan = purpose === 'checkout' ? state.ledger.loans.get(item) : undefined;
  const door = { locker, purpose, book: context.titleOf(item) };
  if (visit.kind === 'opening') return said({ kind: 'opening', attempt: visit.attempt, ...door });
  const isDamaged = purpose === 'checkin' && damage !== null;
  const facts = said({ kind: 'open', reminded: visit.reminders > 0, isDamaged, ...door });
  return { ...facts, dueAt: loan?.dueAt ?? null };
}

function staffDoorFacts(
  { ledger }: State,
  { kind, locker, work }: Extract<Visit, { kind: 'opening' | 'open' }>,
  { task, item }: Extract<Intent, { purpose: 'access' }>,
  { titleOf }: ViewContext,
): Facts {
  const about = item ?? lockerOf(ledger, locker).item;
  const book = about === null ? null : titleOf(about);
  const inside = work?.found;
  const found = inside === null ? 'nothing' : inside && { book: titleOf(inside) };
  const seen = found === 'nothing' ? null : found ? found.book : book;
  const saying = staffDoorWords({
    locker,
    isOpen: kind === 'open',
    task,
    book,
    hasBook: about !== null,
    found,
  });
  return { phase: kind, mood: 'calm', saying, book: seen, dueAt: null };
}

function farewellFacts(outcome: Outcome, context: ViewContext): Facts {
  const book = 'item' in outcome ? context.titleOf(outcome.item) : null;
  const glad = 'item' in outcome || outcome.kind === 'worked';
  return {
    phase: 'farewell',
    mood: glad ? 'glad' : 'sorry',
    saying: outcomeWords(outcome, book),
    book,
    dueAt: 'dueAt' in outcome ? outcome.dueAt : null,
  };
}

/** The refusal of the moment, else a request to shut what nobody is using. */
function noticeOf(state: State, visit: Visit, { moment, neighbours }: ViewContext): Sentence | null {
  const { notice } = state;
  if (notice && notice.deadline > moment.elapsedMs) return refusalWords(notice.refusal, neighbours);
  const inUse = visit.kind === 'opening' || visit.kind === 'open' ? visit.locker : null;
  return openDoorWords(state.lockers.filter((l) => l !== inUse && state.doors.get(l) === 'open'));
}

/** Until nobody is waited for any more: at a door that means all tries to open it. */
function secondsLeft(state: State, visit: Visit, moment: Moment): number | null {
  if (visit.kind === 'idle') return null;
  const laterTries = visit.kind === 'opening' ? remainingStrengths(visit).length : 0;
  return secondsUntil(after(visit.deadline, milliseconds(laterTries * attemptDuration(state))), moment);
}

function secondsUntil(deadline: ElapsedMs, { elapsedMs }: Moment): number {
  return Math.max(0, Math.ceil((deadline - elapsedMs) / 1_000));
}
