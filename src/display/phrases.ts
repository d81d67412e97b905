import type { LockerNo } from '../kernel/ids.js';
import type { EpochMs } from '../kernel/time.js';

/** One sentence (or two short ones) in both languages. U+200B and U+00A0 mark where a large line may and may not break. */
export interface Sentence {
  readonly zh: string;
  readonly en: string;
}

/** What the screen says at one moment: the one thing to do or know, and how. */
export interface Saying {
  readonly headline: Sentence;
  readonly detail: Sentence;
}

/** A book as people call it. */
export interface BookTitle {
  readonly name: string;
  readonly author: string;
}

const dayFormats = { zh: dayFormat('zh-CN'), en: dayFormat('en-GB') };

function dayFormat(language: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language, {
    timeZone: 'Asia/Shanghai',
    month: 'long',
    day: 'numeric',
    weekday: 'long',
  });
}

/** The day in Shanghai on which `at` falls: “8月14日星期五”, “Friday 14 August”. */
export function dayWords(at: EpochMs): Sentence {
  return { zh: dayFormats.zh.format(at), en: dayFormats.en.format(at) };
}

/** “ 7 号门” in one piece; the first space sets the figure off from what precedes it. */
export function doorZh(locker: LockerNo): string {
  return `\u00a0${locker}\u00a0号门`;
}

/** The book within a Chinese sentence. */
export function inZh(book: BookTitle | null): string {
  return book ? `《${book.name}》` : '这本书';
}

/** The book within an English sentence, or at its beginning (`first`). */
export function inEn(book: BookTitle | null, first = false): string {
  if (book) return `“${book.name}”`;
  return first ? 'The book' : 'the book';
}

/** Kiosks named in one sentence; more are not remembered by anybody who hears them. */
const nearbyMax = 2;

/** The nearest other kiosks within a sentence; null where there are none. */
export function nearbyWords(neighbours: readonly Sentence[]): Sentence | null {
  const nearest = neighbours.slice(0, nearbyMax);
  if (nearest.length === 0) return null;
  return {
    zh: nearest.map(({ zh }) => zh).join('\u200b或'),
    en: nearest.map(({ en }) => en).join(' or '),
  };
}
