import type { LoanView } from '../loans-view.js';
import type { ScreenView } from '../view.js';
import { type Language, labels } from './labels.js';
import { button, make } from './make.js';
import { coverOf } from './shelves.js';
import { post } from './wire.js';

/**
 * Her loans, in the place of the books, and the two buttons that change between them. `onTurn` is called when she has
 * turned to the other.
 */
export function createLoans(section: HTMLElement, tabs: HTMLElement, onTurn: () => void) {
  let drawn = '';
  let isChoosing = false;
  let isShown = false;
  const books = button('tab', () => turn(false));
  const loans = button('tab', () => turn(true));
  tabs.append(books, loans);

  function turn(shown: boolean): void {
    isShown = shown;
    onTurn();
  }

  return {
    /** Whether her loans are what is to be seen. */
    get isShown(): boolean {
      return isShown;
    },
    update(view: ScreenView, language: Language): void {
      const choosing = view.phase === 'choosing';
      if (choosing !== isChoosing) isShown = choosing && view.loansFirst && view.loans.length > 0;
      isChoosing = choosing;
      isShown &&= view.loans.length > 0;
      tabs.hidden = !choosing || view.loans.length === 0;
      section.hidden = !isShown;
      books.textContent = labels.books[language];
      loans.textContent = `${labels.loans[language]} ${view.loans.length}`;
      books.setAttribute('aria-pressed', String(!isShown));
      loans.setAttribute('aria-pressed', String(isShown));
      const wanted = isShown ? JSON.stringify([view.loans, language]) : '';
      if (wanted === drawn) return;
      drawn = wanted;
      section.replaceChildren(...(isShown ? view.loans.map((loan) => row(loan, language)) : []));
    },
  };
}

function row({ item, book, due, isOverdue, note, mayRenew, justFrom }: LoanView, language: Language) {
  const line = make('li', 'loan');
  const about = make('div', 'about');
  about.append(
    make(
      'strong',
      'title',
      book ? (language === 'zh' ? `《${book.name}》` : book.name) : labels.untitled[language],
    ),
    make('span', isOverdue ? 'when over' : 'when', due[language]),
  );
  if (note) about.append(make('span', 'when', note[language]));
  const acts = make('div', 'acts');
  if (justFrom !== null) {
    const locker = justFrom;
    acts.append(button('act', () => post({ kind: 'not-taken', locker }), labels.notTaken[language]));
  }
  if (mayRenew)
    acts.append(button('act', () => post({ kind: 'choose-renewal', item }), labels.renew[language]));
  const cover = make('span', 'small');
  cover.append(coverOf(book?.name ?? null, book?.author ?? null, language));
  line.append(cover, about, acts);
  return line;
}
