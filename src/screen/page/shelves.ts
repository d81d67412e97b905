import type { Sentence } from '../../display/phrases.js';
import type { LockerNo } from '../../kernel/ids.js';
import type { Shelf } from '../shelf-view.js';
import { type Language, labels } from './labels.js';
import { button, make } from './make.js';

const cloths = ['indigo', 'pine', 'cinnabar', 'plum', 'tea', 'ink', 'lake', 'ochre'] as const;

/** A book's cover, drawn from its words alone: a Chinese title stands on a slip, as on a thread-bound book. */
export function coverOf(name: string | null, author: string | null, language: Language): HTMLElement {
  const cover = make('span', 'cover');
  const title = name ?? labels.untitled[language];
  const upright = /\p{Script=Han}/u.test(title);
  cover.dataset.cloth = cloths[hash(title) % cloths.length];
  cover.dataset.script = upright ? 'han' : 'latin';
  const slip = make('span', 'slip', title);
  if (upright) slip.style.setProperty('--rows', String(rowsOf(title)));
  else cover.dataset.length = lengthOf(title);
  slip.lang = upright ? 'zh-CN' : 'en';
  cover.append(slip);
  if (author !== null) cover.append(make('span', 'author', author));
  return cover;
}

/** The rows of books. `onChoose` is called with the locker of a book that was touched. */
export function createShelves(list: HTMLElement, onChoose: (locker: LockerNo) => void) {
  let drawn = '';
  return {
    update(shelves: readonly Shelf[], language: Language): void {
      const wanted = JSON.stringify([shelves, language]);
      if (wanted === drawn) return;
      drawn = wanted;
      const focused = document.activeElement?.getAttribute('data-locker');
      list.replaceChildren(...shelves.map((shelf) => niche(shelf, language, onChoose)));
      if (focused) list.querySelector<HTMLElement>(`[data-locker="${focused}"]`)?.focus();
    },
  };
}

function niche(shelf: Shelf, language: Language, onChoose: (locker: LockerNo) => void): HTMLElement {
  const item = make('li', 'niche');
  item.dataset.state = shelf.state;
  const stand = make('span', 'stand');
  const plate = make('span', 'plate', String(shelf.locker));
  const vacant = shelf.state === 'empty' || (shelf.state === 'unavailable' && shelf.name === null);
  stand.append(vacant ? vacancy(shelf, language) : coverOf(shelf.name, shelf.author, language));
  const sign = vacant ? null : signOf(shelf);
  if (sign && shelf.state === 'unavailable') stand.append(make('span', 'mark', sign[language]));
  else if (sign) plate.append(make('span', 'tag', sign[language]));
  item.dataset.lent = String(shelf.mayChoose);
  const body = shelf.mayChoose ? button('book', () => onChoose(shelf.locker)) : make('span', 'book');
  body.append(stand, plate);
  if (shelf.mayChoose) {
    body.dataset.locker = String(shelf.locker);
    body.setAttribute('aria-label', spoken(shelf, language));
    body.setAttribute('aria-pressed', String(shelf.state === 'chosen'));
  }
  item.append(body);
  return item;
}

function vacancy(shelf: Shelf, language: Language): HTMLElement {
  return make('span', 'hollow', labels[shelf.state === 'empty' ? 'empty' : 'unavailable'][language]);
}

/** What stands on a book that is not simply to be borrowed. */
function signOf({ state }: Shelf): Sentence | null {
  return state === 'unavailable' || state === 'kept' || state === 'reserved' ? labels[state] : null;
}

function spoken(shelf: Shelf, language: Language): string {
  const { locker, name, author } = shelf;
  const door = language === 'zh' ? `${locker} ${labels.door.zh}` : `${labels.door.en} ${locker}`;
  return [door, name ?? labels.untitled[language], author, signOf(shelf)?.[language]]
    .filter(Boolean)
    .join('，');
}

/** How many characters stand under one another: one column up to six, then two, then three. */
function rowsOf(title: string): number {
  const { length } = [...title];
  return Math.ceil(length / (length <= 6 ? 1 : length <= 14 ? 2 : 3));
}

/** How small a Latin title must be set: its longest word has to fit the slip. */
function lengthOf(title: string): string {
  const word = Math.max(...title.split(/\s+/).map(({ length }) => length));
  if (word > 10 || title.length > 34) return 'long';
  return word > 8 || title.length > 20 ? 'medium' : 'short';
}

/** Spreads titles over the cloths, the same way every time (FNV-1a, upper bits). */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (const character of text) sum = Math.imul(sum ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return sum >>> 20;
}
