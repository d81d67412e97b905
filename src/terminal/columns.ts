import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** How many columns of a terminal a text takes: a Chinese character takes two. */
export const displayWidth = (text: string): number => stringWidth(text);

/** A text filled up with spaces to a width. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** A text as lines of at most `width` columns; a line ends between words, or anywhere in a longer word or Chinese text. */
export function wrapped(text: string, width: number): string[] {
  return wrapAnsi(text, width, { hard: true }).split('\n');
}
