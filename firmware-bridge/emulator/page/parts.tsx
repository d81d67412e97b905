import { Fragment, h } from '/preact.js';
import type { Words } from './words.js';

/** The two languages of a text, the English one smaller. */
export function Both({ zh, en }: Words) {
  return (
    <>
      {zh} <span lang="en">{en}</span>
    </>
  );
}

/** A book as one sees it from the front; its colour follows from its title. */
export function Book({ title, author }: { readonly title: string; readonly author: string }) {
  let hue = 0;
  for (const character of title) hue = (hue * 31 + (character.codePointAt(0) ?? 0)) % 360;
  return (
    <span class="book" style={{ '--hue': hue }} data-script={/\p{Script=Han}/u.test(title) ? 'han' : 'latin'}>
      <span class="title">{title}</span>
      <span class="author">{author}</span>
    </span>
  );
}
