import { both, type Words } from './words.js';

/** An element with a class and children. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...children);
  return element;
}

/** A button with words in both languages. */
export function button(className: string, label: Words, onPress: () => void): HTMLButtonElement {
  const element = make('button', className, ...both(label));
  element.type = 'button';
  element.addEventListener('click', onPress);
  return element;
}

/** The element of this id, which index.html is known to have. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element “${id}”`);
  return element;
}

/** A book as one sees it from the front; its colour follows from its title. */
export function bookOf(title: string, author: string): HTMLElement {
  const book = make('span', 'book', make('span', 'title', title), make('span', 'author', author));
  let hue = 0;
  for (const character of title) hue = (hue * 31 + (character.codePointAt(0) ?? 0)) % 360;
  book.style.setProperty('--hue', String(hue));
  book.dataset.script = /\p{Script=Han}/u.test(title) ? 'han' : 'latin';
  return book;
}
