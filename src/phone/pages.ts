import { html } from 'hono/html';
import type { GrantRequest } from '../catalogue/grants.js';
import type { ShelfBook } from '../catalogue/queries.js';
import type { Saying } from '../display/phrases.js';
import type { Qr } from '../display/qr.js';
import type { KioskId, PassId } from '../kernel/ids.js';
import { both, type Html } from './layout.js';
import type { LoanView } from './loan-view.js';
import { askWords, doorWillOpen, proofWords, words } from './words.js';

/** Whether it is proven that she stands there, and if not, why not. */
export type Proof = 'present' | keyof typeof proofWords;

/** A reader needs four light modules around a code. */
const quietModules = 4;

/** What stands in the kiosk. */
export function shelfPage(kiosk: KioskId, books: readonly ShelfBook[], proof: Proof): Html {
  if (books.length === 0) return saying({ headline: words.noBooks, detail: words.noBooksWhy });
  const isPresent = proof === 'present';
  return html`<main>
<h1>${both(isPresent ? words.choose : words.chooseForCode)}</h1>
${isPresent ? null : html`<p class="why">${both(proofWords[proof])}</p>`}
${wishForm(kiosk, 'any', html`<button class="second quiet">${both(isPresent ? words.atScreen : words.anyCode)}</button>`)}
<ol class="books">
${books.map(({ locker, item, title, author }) => {
  const labels = html`<span class="door">${locker}</span><span class="title">${title}</span><span class="author">${author}</span>`;
  return html`<li><a href="/k/${kiosk}/book/${item}">${labels}</a></li>`;
})}
</ol>
</main>`;
}

/** One book, before its door opens: a finger that only scrolls opens nothing. */
export function askPage(kiosk: KioskId, { item, title, author, locker }: ShelfBook, proof: Proof): Html {
  const isPresent = proof === 'present';
  const next = isPresent ? words.open : words.giveCode;
  return html`<main>
<h1>${both(askWords({ name: title, author }))}</h1>
<p class="detail">${both(isPresent ? doorWillOpen(locker) : words.willShow)}</p>
${isPresent ? html`<p class="figure" aria-hidden="true">${locker}</p><p class="detail">${both(words.standThere)}</p>` : null}
${wishForm(kiosk, item, html`<button class="first">${both(next)}</button>`)}
<p><a class="second" href="/k/${kiosk}">${both(words.back)}</a></p>
</main>`;
}

/** The code for the reader, while it is to be shown; in a demonstration there is a button that shows it. */
export interface ShownCode {
  readonly code: Qr | null;
  readonly isDemo: boolean;
}

/** How far it has come; the code is there while it is to be shown. */
export function loanPage(
  { kiosk, item }: GrantRequest,
  pass: PassId,
  view: LoanView,
  shown: ShownCode,
): Html {
  const { code, isDemo } = shown;
  const actions = {
    again: wishForm(kiosk, item ?? 'any', html`<button class="first">${both(words.again)}</button>`),
    another: html`<p><a class="first" href="/k/${kiosk}">${both(words.another)}</a></p>`,
    back: html`<p><a class="second" href="/k/${kiosk}">${both(words.back)}</a></p>`,
  };
  const isBusy = view.isWaiting && view.mood === 'calm' && view.door === null && code === null;
  return html`<main data-mood="${view.mood}" ${view.isWaiting ? html`data-waiting` : null}>
<div aria-live="polite">
${view.door === null ? null : html`<p class="figure" aria-hidden="true">${view.door}</p>`}
<h1>${both(view.headline)}</h1>
${view.due && html`<p class="due">${both({ zh: '最晚归还', en: 'Return by' })}<strong>${both(view.due)}</strong></p>`}
${code && codeOf(code)}
<p class="detail">${both(view.detail)}</p>
</div>
${isBusy ? html`<p class="busy" aria-hidden="true"></p><noscript><a class="second" href="">${both(words.refresh)}</a></noscript>` : null}
${code && isDemo ? html`<form method="post" action="/k/${kiosk}/loan/${pass}/show"><button class="second">${both(words.demoShow)}</button></form>` : null}
${view.actions.map((action) => actions[action])}
</main>`;
}

/** A page that only says something. */
export function saying({ headline, detail }: Saying, more: Html | null = null): Html {
  return html`<main><h1>${both(headline)}</h1><p class="detail">${both(detail)}</p>${more}</main>`;
}

function wishForm(kiosk: KioskId, wish: string, button: Html): Html {
  return html`<form method="post" action="/k/${kiosk}/borrow"><input type="hidden" name="wish" value="${wish}">${button}</form>`;
}

function codeOf({ sizeModules, path }: Qr): Html {
  const size = sizeModules + 2 * quietModules;
  return html`<svg class="code" viewBox="${-quietModules} ${-quietModules} ${size} ${size}" shape-rendering="crispEdges" role="img" aria-label="借书码 / code"><path d="${path}"/></svg>`;
}
