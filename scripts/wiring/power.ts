import type { BoardDescription, Cabinet } from '../../hardware/cabinet.js';

/** Currents that no description knows. They are on the high side of usual parts; data sheets of yours go before them. */
export const assumed = {
  lockVolts: 12,
  coilA: 2,
  /** One relay of a 5 V module, with the light of its input. */
  relayA: 0.08,
  megaA: 0.1,
  /** The Mega's weakest pull-up at 5 V, for each closed switch. */
  switchA: 0.00025,
  kerongA: 0.1,
  /** A Pi 4 at full load, without what hangs on its USB. */
  piA: 1.5,
  readerA: 0.3,
  screenW: 12,
  /** What a supply may be loaded with at most when all is at its worst. */
  loadMax: 0.6,
  supplyEfficiency: 0.85,
} as const;

/** One consumer of a cabinet at its worst. */
export interface Load {
  readonly what: string;
  readonly rail: '12 V locks' | '12 V' | '5 V';
  readonly amperes: number;
  /** How the figure comes about. */
  readonly because: string;
}

/** What a cabinet draws at its worst: every lock on that may be on, every switch closed. */
export function loadsOf({ boards }: Cabinet): readonly Load[] {
  return [
    ...boards.flatMap(loadsOfBoard),
    {
      what: 'Raspberry Pi',
      rail: '5 V',
      amperes: assumed.piA,
      because: 'a Pi 4 at full load, assumed',
    },
    { what: 'barcode reader', rail: '5 V', amperes: assumed.readerA, because: 'assumed, lit and reading' },
    {
      what: 'screen',
      rail: '12 V',
      amperes: assumed.screenW / assumed.lockVolts,
      because: `${assumed.screenW} W assumed`,
    },
  ];
}

/** How many coils of a board can be on at once. The driver of a Kerong board asks for one lock after another. */
export function locksOnMaxOf(board: BoardDescription): number {
  return board.kind === 'kerong' ? 1 : board.locksOnMax;
}

function loadsOfBoard(board: BoardDescription): Load[] {
  const locksOn = locksOnMaxOf(board);
  const coils: Load = {
    what: `coils of ${board.board}`,
    rail: '12 V locks',
    amperes: locksOn * assumed.coilA,
    because: `${locksOn} on at once × ${assumed.coilA} A`,
  };
  if (board.kind === 'kerong') {
    const own = { what: `lock board ${board.board}`, rail: '12 V locks', amperes: assumed.kerongA } as const;
    return [coils, { ...own, because: 'assumed, without coils' }];
  }
  const switches = board.lockers.length + board.lockers.filter(({ itemPin }) => itemPin !== undefined).length;
  const mega: Load = {
    what: `Mega ${board.board}`,
    rail: '5 V',
    amperes: assumed.megaA + switches * assumed.switchA,
    because: `${assumed.megaA} A + ${switches} switches × ${assumed.switchA * 1000} mA; from the Pi’s USB`,
  };
  const relays: Load = {
    what: `relays of ${board.board}`,
    rail: '5 V',
    amperes: locksOn * assumed.relayA,
    because: `${locksOn} on at once × ${assumed.relayA * 1000} mA`,
  };
  return [coils, mega, relays];
}
