import { h } from '/preact.js';
import type { LoanView } from '../loans-view.js';
import { type Language, labels } from './labels.js';
import { Cover } from './shelves.js';
import { post } from './wire.js';

/** Her loans, in the place of the books. */
export function Loans({
  loans,
  language,
}: {
  readonly loans: readonly LoanView[];
  readonly language: Language;
}) {
  return (
    <ol class="loans">
      {loans.map((loan) => (
        <Loan key={loan.item} loan={loan} language={language} />
      ))}
    </ol>
  );
}

function Loan({ loan, language }: { readonly loan: LoanView; readonly language: Language }) {
  const { item, book, due, isOverdue, note, mayRenew, justFrom } = loan;
  const title = language === 'zh' && book ? `《${book.name}》` : book?.name;
  return (
    <li class="loan">
      <span class="small">
        <Cover name={book?.name ?? null} author={book?.author ?? null} language={language} />
      </span>
      <div class="about">
        <strong class="title">{title ?? labels.untitled[language]}</strong>
        <span class={isOverdue ? 'when over' : 'when'}>{due[language]}</span>
        {note && <span class="when">{note[language]}</span>}
      </div>
      <div class="acts">
        {justFrom !== null && (
          <button type="button" class="act" onClick={() => post({ kind: 'not-taken', locker: justFrom })}>
            {labels.notTaken[language]}
          </button>
        )}
        {mayRenew && (
          <button type="button" class="act" onClick={() => post({ kind: 'choose-renewal', item })}>
            {labels.renew[language]}
          </button>
        )}
      </div>
    </li>
  );
}
