import { Fragment, h } from '/preact.js';
import type { Sentence } from '../../display/phrases.js';
import type { Shelf } from '../shelf-view.js';
import { type Language, labels } from './labels.js';
import { post } from './wire.js';

interface CoverProps {
  readonly name: string | null;
  readonly author: string | null;
  readonly language: Language;
}

interface ShelfProps {
  readonly shelf: Shelf;
  readonly language: Language;
}

const cloths = ['indigo', 'pine', 'cinnabar', 'plum', 'tea', 'ink', 'lake', 'ochre'] as const;

/** A book's cover, drawn from its words alone: a Chinese title stands on a slip, as on a thread-bound book. */
export function Cover({ name, author, language }: CoverProps) {
  const title = name ?? labels.untitled[language];
  const isHan = /\p{Script=Han}/u.test(title);
  return (
    <span
      class="cover"
      data-cloth={cloths[hash(title) % cloths.length]}
      data-script={isHan ? 'han' : 'latin'}
      data-length={isHan ? undefined : lengthOf(title)}
    >
      <span class="slip" lang={isHan ? 'zh-CN' : 'en'} style={isHan ? { '--rows': rowsOf(title) } : {}}>
        {title}
      </span>
      {author !== null && <span class="author">{author}</span>}
    </span>
  );
}

/** The lockers with their books. A touched book chooses its locker. */
export function Shelves({
  shelves,
  language,
}: {
  readonly shelves: readonly Shelf[];
  readonly language: Language;
}) {
  return (
    <ol class="shelves" aria-label={labels.shelves[language]}>
      {shelves.map((shelf) => (
        // A touch that began on one book never ends on another that is shown in its place meanwhile.
        <li
          key={`${shelf.locker} ${shelf.name}`}
          class="niche"
          data-state={shelf.state}
          data-lent={shelf.mayChoose}
        >
          <Book shelf={shelf} language={language} />
        </li>
      ))}
    </ol>
  );
}

function Book({ shelf, language }: ShelfProps) {
  const { locker, state, mayChoose } = shelf;
  if (!mayChoose) {
    return (
      <span class="book">
        <Niche shelf={shelf} language={language} />
      </span>
    );
  }
  return (
    <button
      type="button"
      class="book"
      aria-label={spokenName(shelf, language)}
      aria-pressed={state === 'chosen'}
      onClick={() => post({ kind: 'choose-locker', locker })}
    >
      <Niche shelf={shelf} language={language} />
    </button>
  );
}

/** The cover, or that there is none, above the plate with the door's number. */
function Niche({ shelf, language }: ShelfProps) {
  const { locker, name, author, state } = shelf;
  const isVacant = state === 'empty' || (state === 'unavailable' && name === null);
  const sign = isVacant ? undefined : signOf(shelf)?.[language];
  return (
    <>
      <span class="stand">
        {isVacant ? (
          <span class="hollow">{labels[state === 'empty' ? 'empty' : 'unavailable'][language]}</span>
        ) : (
          <Cover name={name} author={author} language={language} />
        )}
        {sign && state === 'unavailable' && <span class="mark">{sign}</span>}
      </span>
      <span class="plate">
        {locker}
        {sign && state !== 'unavailable' && <span class="tag">{sign}</span>}
      </span>
    </>
  );
}

/** What stands on a book that is not simply to be borrowed. */
function signOf({ state }: Shelf): Sentence | null {
  return state === 'unavailable' || state === 'kept' || state === 'reserved' ? labels[state] : null;
}

/** The accessible name: door, title, author, sign. */
function spokenName(shelf: Shelf, language: Language): string {
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

/** Distributes titles over the cloths, the same way every time (FNV-1a, upper bits). */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (const character of text) sum = Math.imul(sum ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return sum >>> 20;
}
