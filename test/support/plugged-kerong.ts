import type { Cabinet, KerongBoard } from '../../hardware/cabinet.js';

/** The one board of a cabinet that is a Kerong. */
export function kerongIn({ boards }: Cabinet): KerongBoard {
  const [kerong] = boards.filter((board) => board.kind === 'kerong');
  if (!kerong) throw new Error('no Kerong in it');
  return kerong;
}
