import type { BoardDescription, Cabinet } from '../../hardware/cabinet.js';
import type { BoardId } from '../../src/kernel/ids.js';
import { kerongSheet } from './kerong-sheet.js';
import { megaSheet } from './mega-sheet.js';

/** The file of each board's diagram: `mega-24.svg`; of several boards `mega-48-left.svg` and so on. */
export function sheetNames(name: string, { boards }: Cabinet): ReadonlyMap<BoardId, string> {
  const only = boards.length === 1;
  return new Map(boards.map(({ board }) => [board, only ? `${name}.svg` : `${name}-${board}.svg`]));
}

/** A board's wiring as a drawing that is legible on one sheet of A4. */
export function sheetOf(name: string, board: BoardDescription): string {
  return board.kind === 'kerong' ? kerongSheet(name, board) : megaSheet(name, board);
}
