import { h } from '/preact.js';
import type { Qr } from '../../display/qr.js';
import type { ScreenView } from '../view.js';
import { type Language, labels } from './labels.js';
import { Cover } from './shelves.js';

const stamps = { lent: labels.lentStamp, returned: labels.returnedStamp, renewed: labels.renewedStamp };
/** A reader needs four light modules around a code. */
const quietModules = 4;

/** The door in large, or the book with its stamp and date; and the receipt of a return. */
export function Stage({ view, language }: { readonly view: ScreenView; readonly language: Language }) {
  const { phase, mood, locker, book, due, stamp, receipt } = view;
  const isAtDoor = phase === 'opening' || phase === 'open';
  const isShown = isAtDoor || phase === 'asking' || (phase === 'farewell' && mood === 'glad');
  return (
    <section class="stage" hidden={!isShown}>
      <div class="locker" aria-hidden="true">
        <div class="inside">{book && <Cover {...book} language={language} />}</div>
        <div class="door">
          <span class="figure">{isAtDoor ? locker : null}</span>
          <span class="knob" />
        </div>
        {stamp && <span class="stamp">{stamps[stamp][language]}</span>}
      </div>
      <p class="date">
        {due && <span>{labels.dueBy[language]}</span>}
        {due && <strong>{due[language]}</strong>}
      </p>
      {receipt && <Receipt code={receipt} language={language} />}
    </section>
  );
}

function Receipt({ code, language }: { readonly code: Qr; readonly language: Language }) {
  const size = code.sizeModules + 2 * quietModules;
  return (
    <figure class="receipt">
      <svg
        viewBox={`${-quietModules} ${-quietModules} ${size} ${size}`}
        shape-rendering="crispEdges"
        aria-hidden="true"
      >
        <path d={code.path} />
      </svg>
      <figcaption>{labels.receipt[language]}</figcaption>
    </figure>
  );
}
