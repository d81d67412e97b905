import type { Loan } from '../circulation/ledger.js';
import { renewalRefusal } from '../circulation/renewal.js';
import type { State, Visit } from '../circulation/state.js';
import type { BookTitle, Sentence } from '../display/phrases.js';
import type { ItemId, LockerNo } from '../kernel/ids.js';
import type { ViewContext } from './context.js';
import { loanDueWords, loanNoteWords } from './loan-words.js';

/** One loan of whoever has shown her pass. */
export interface LoanView {
  readonly item: ItemId;
  /** Null where the kiosk does not know the title. */
  readonly book: BookTitle | null;
  readonly due: Sentence;
  readonly isOverdue: boolean;
  /** Why it is not to be renewed now. */
  readonly note: Sentence | null;
  readonly mayRenew: boolean;
  /** The locker she has just borrowed it from, while she may say that it is still in there. */
  readonly justFrom: LockerNo | null;
}

/** The loans of this kiosk of whoever has shown her pass and is choosing, the first due first. */
export function loansOf(state: State, visit: Visit, context: ViewContext): readonly LoanView[] {
  if (visit.kind !== 'choosing') return [];
  const { patron } = visit.holder;
  return [...state.ledger.loans]
    .filter(([, loan]) => loan.patron === patron)
    .sort(([, a], [, b]) => a.dueAt - b.dueAt)
    .map(([item, loan]) => loanView(state, item, loan, context));
}

function loanView(state: State, item: ItemId, loan: Loan, { titleOf, moment }: ViewContext): LoanView {
  const { calendarMs, elapsedMs, trust } = moment;
  const refusal = loan.renewalAsked ? 'asked' : renewalRefusal(state, item, loan);
  const just = [...state.recentLoans].find(
    ([, lent]) => lent.item === item && lent.patron === loan.patron && lent.until > elapsedMs,
  );
  return {
    item,
    book: titleOf(item),
    due: loanDueWords(loan.dueAt, moment),
    // Who may be wrong about the day blames nobody.
    isOverdue: trust === 'trusted' && calendarMs > loan.dueAt,
    note: refusal && loanNoteWords(refusal),
    mayRenew: refusal === null,
    justFrom: just?.[0] ?? null,
  };
}
