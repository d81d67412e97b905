/** How many columns of a terminal a text takes: a Chinese character takes two. */
export function displayWidth(text: string): number {
  return [...text].reduce((sum, character) => sum + (/[\u2e80-\uffef]/.test(character) ? 2 : 1), 0);
}

/** A text filled up with spaces to a width. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** A text as lines of at most `width` columns; a line ends between words, or anywhere in a longer one or in Chinese. */
export function wrapped(text: string, width: number): string[] {
  const pieces = text.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+/g) ?? [];
  const lines = [''];
  for (const piece of pieces.flatMap((each) => cut(each, width))) {
    const line = lines.at(-1) ?? '';
    if (displayWidth(`${line}${piece}`.trimEnd()) <= width) lines[lines.length - 1] = line + piece;
    else lines.push(piece);
  }
  return lines.map((line) => line.trimEnd());
}

function cut(piece: string, width: number): string[] {
  const parts: string[] = [];
  for (let at = 0; at < piece.length; at += width) parts.push(piece.slice(at, at + width));
  return parts;
}
